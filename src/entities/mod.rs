//! Devices, users and other entities of evidence: their pages, importance and notes. May import history and below.
//!
//! Reading order: `kind` (how addresses name kinds), `lookup`, `overview`, `known_facts`, `activity`, `together`,
//! `incidents`, `notes`, `importance`, `lookups`.

pub mod activity;
pub mod importance;
pub mod incidents;
pub mod kind;
pub mod known_facts;
pub mod lookup;
pub mod lookups;
pub mod notes;
pub mod overview;
pub mod together;
