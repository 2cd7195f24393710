//! Devices, users and other entities of evidence: their pages, importance and notes. May import history and below.
//!
//! Reading order: `kind` (how addresses name kinds), `lookup` (finding one), `overview`, `counts`, `known_facts`,
//! `activity`, `together`, `incidents`; what people say of them: `entry`, `entries` (comments and history), `chain` (their
//! hashes), `notes`, `tags`, `known_to_us`, `importance`; `links_outside`; `card` (the short facts).

pub mod activity;
pub mod card;
pub mod chain;
pub mod counts;
pub mod entries;
pub mod entry;
pub mod importance;
pub mod incidents;
pub mod kind;
pub mod known_facts;
pub mod known_to_us;
pub mod links_outside;
pub mod lookup;
pub mod notes;
pub mod overview;
pub mod tags;
pub mod together;
