//! What may be done to an incident, and what follows for its alerts: decisions that return changes, one
//! subject a file. `lookup` and `overview` read, `merging` joins two incidents. Nothing here writes
//! incidents or alerts; `history` does.

pub mod assignment;
pub mod classification;
pub mod follow_up;
pub mod lookup;
pub mod merging;
pub mod naming;
pub mod overview;
pub mod provider_updates;
pub mod severity;
pub mod status;
pub mod tags;
