//! The rules for changing an incident: pure decisions that return changes, one kind of change in each file.
//! `lookup`, `overview`, `story`, `entity_list` and `common_assets` read; `merging` merges incidents, `unmerging` undoes it.
//! Only `history` writes incidents.

pub mod assignment;
pub mod classification;
pub mod common_assets;
pub mod entity_list;
pub mod follow_up;
mod joining;
pub mod lookup;
pub mod merge_record;
pub mod merge_rules;
pub mod merging;
pub mod moving;
pub mod naming;
pub mod overview;
pub mod process_evidence;
pub mod provider_incident_updates;
pub mod report;
pub mod reported;
pub mod severity;
pub mod similar;
pub mod status;
pub mod story;
pub mod summary;
pub mod tags;
pub mod unmerging;
