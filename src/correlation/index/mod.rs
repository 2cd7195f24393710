//! What is known around a batch of alerts: when their keys were seen, how busy they are, which
//! detections are routine on them. Loaded by index, a few statements a batch whatever is stored, and
//! kept up to date in memory as the batch's alerts are placed.

mod candidates;
mod hours;
mod load;
pub mod parts;
pub mod store;
pub mod types;
mod update;

pub use crate::correlation::index::load::{KeysToLoad, values};
pub use crate::correlation::index::types::{AlertToPlace, CorrelationIndex};
