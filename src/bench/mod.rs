//! `watchdesk bench`: measurements that anybody can repeat. Each compares with the bare database or with
//! labels in the same run, so that the figures mean something on any machine.
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rates and shares are read by people; nothing is decided by them"
)]

pub mod bare;
pub mod correlation;
pub mod ingest;
pub mod live;
pub mod queue;
pub mod score;
mod scratch;

pub use crate::bench::scratch::scratch;
