//! What is known around a batch of alerts: where their entities were active, how busy they are, which
//! detections are routine on them. Loaded by index, a few statements a batch whatever is stored, and
//! kept up to date in memory as the batch's alerts are placed.

mod candidates;
mod day;
mod load;
mod store;
pub mod types;
mod update;

pub use crate::correlation::index::types::{AlertToPlace, CorrelationIndex, KeysToLoad, LinkKey};
