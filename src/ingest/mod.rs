//! Ingest: bodies become alerts, and alerts find their incident.
//!
//! May import rules, incidents, alerts, entities, correlation, history, formats and what is below
//! them. It must not write alerts or incidents itself: `history` does.
//!
//! Reading order: `intake` (bodies to batches), `pipeline` (one batch, one transaction), `batch`,
//! `load_batch`, `ownership` (what a sender may report), `place_alert`, then one decision a file: `rule_decisions`, `known_alerts`,
//! `episodes`, `occurrences`, `provider_incidents`, `merge`, `resolve_by_source`, `rule_marks`. `regroup` groups stored
//! alerts otherwise when later ones show it. `rejected` and `replay` keep what was not taken; `bring_back` ingests what a
//! rule hid; `sources` counts what sources send, `source_state` says which are silent, `senders` which tokens send them, `first_hour` what a new server still lacks; `rule_trial` tries a rule on stored alerts.

#[cfg(test)]
mod alert_on_devices;
pub mod batch;
pub mod bring_back;
pub mod entity_resolver;
mod episodes;
pub mod first_hour;
pub mod identity;
pub mod intake;
pub mod known_alerts;
mod load_batch;
pub mod mappings;
pub mod merge;
pub mod occurrences;
pub mod ownership;
pub mod pipeline;
mod place_alert;
pub mod prepared_alert;
pub mod provider_incidents;
pub mod regroup;
pub mod rejected;
pub mod replay;
mod resolve_by_source;
pub mod resolving_sources;
pub mod result;
pub mod rule_decisions;
mod rule_marks;
pub mod rule_trial;
pub mod senders;
pub mod source_state;
pub mod sources;
pub mod tally;
