//! incidents

pub mod assignment;
pub mod lookup;
pub mod merging;
pub mod overview;
pub mod provider_updates;
pub mod severity;
pub mod status;
pub mod tags;
