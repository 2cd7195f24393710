//! Comments and history: the one place that writes incidents, alerts and what happened to them.
//!
//! Whoever decides hands [`IncidentChanges`](incident_changes::IncidentChanges) of claimed incidents to
//! [`commit`](commit::commit), the one way in: it applies them, derives what follows, and records one
//! entry each, in the same transaction. Reading is `timeline`, words are `wording`.
//!
//! To read in this order: `claim`, `incident_changes`, `commit`, `apply`, `add_up` and `recompute`,
//! `entries`, `entry`, `entry_parts`, `timeline`. May import `db`, `model` and the layers below them;
//! knows neither ingest nor `operations`. Nothing outside of it writes incidents, alerts or entries
//! (`tests/architecture` holds it).

mod add_up;
mod alert_facts;
pub mod alert_timeline;
pub mod alert_updates;
mod apply;
mod apply_to_alerts;
mod apply_to_incidents;
pub mod chain;
pub mod chaining;
pub mod claim;
pub mod comment_edits;
pub mod commit;
pub mod decided_by;
mod derive;
mod detection_counts;
mod entity_rows;
pub mod entity_texts;
mod entries;
pub mod entry;
mod entry_parts;
pub mod evidence_rows;
mod facet_rows;
pub mod fold_alerts;
pub mod incident_changes;
mod incident_rows;
pub mod lessons;
pub mod mentions;
pub mod merged_incidents;
pub mod new_alert;
mod new_alerts;
pub mod new_incident;
pub mod occurrence_counts;
mod older_rows;
pub mod operation_log;
pub mod payloads;
pub mod recompute;
pub mod reporters;
pub mod rescore;
mod resolved_alerts;
mod scoring;
pub mod search_index;
pub mod staleness;
mod stored_entities;
pub mod tag_ids;
mod tag_rows;
pub mod timeline;
pub mod wording;
pub mod written_texts;

pub use crate::model::change::Change;
pub use crate::model::conflict::{Conflict, FieldChange};
pub use crate::model::planned_change::PlannedChange;
