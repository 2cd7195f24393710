//! Correlation: which incident a new alert belongs to, and the reason in words.
//!
//! May import model, database and clock. It writes neither alerts nor incidents; ingest acts on
//! its result.
//!
//! Reading order: `reach` (how far a shared entity links), `link_key` (what else links), `candidate` (incidents that
//! share one), `placement` (which of them), `explanation` (why), `report` (why, by what is known when it is read), `index` (what is known around a batch),
//! `merge_exclusions` (incidents that people keep separate).

pub mod candidate;
pub mod explanation;
pub mod index;
pub mod link_key;
pub mod merge_exclusions;
pub mod placement;
pub mod reach;
pub mod report;
pub mod stored_keys;
