//! What may be asked of an incident, and what follows: pure decisions that return changes, one family a
//! file. `lookup` and `overview` read; `merging` joins two incidents, `unmerging` undoes it. Only `history` writes them.

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
pub mod unmerging;
