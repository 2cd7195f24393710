//! Comments and history: the one place that writes incidents, alerts and what happened to them.
//!
//! Rules return [`Act`]s; [`commit::commit`] applies them and records one entry each, in the same
//! transaction. Nothing outside this module updates `incidents` or `alerts`, or inserts an entry
//! (`tests/architecture.rs` holds it).

mod apply;
pub mod arrivals;
pub mod batch;
pub mod change;
pub mod commit;
mod derive;
pub mod found_by;
pub mod landing;
mod lately;
pub mod opening;
pub mod refresh;
pub mod repeating;
pub mod rescoring;
pub mod retold;
pub mod staleness;
pub mod timeline;
pub mod wording;

pub use change::{Act, Change};
pub use staleness::{Conflict, FieldChange};
