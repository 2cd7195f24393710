//! incidents

pub mod assignment;
pub mod classification;
pub mod lookup;
pub mod merging;
pub mod naming;
pub mod overview;
pub mod provider_updates;
pub mod severity;
pub mod status;
pub mod tags;
