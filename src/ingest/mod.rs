//! ingest

pub mod batch;
pub mod entity_resolver;
pub mod intake;
pub mod known_alerts;
pub mod link_keys;
pub mod mappings;
pub mod merge;
pub mod occurrence_settings;
pub mod occurrences;
pub mod provider_incidents;
pub mod rejected;
pub mod replay;
pub mod result;
pub mod rule_decisions;
pub mod rule_trial;
pub mod sources;
