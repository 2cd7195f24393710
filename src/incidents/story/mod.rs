//! The attack story of an incident: its alerts in order of time, with the entities that they name. `read` reads
//! them in three queries; the other files are pure rules about what was read: which alerts are told (`filter`),
//! repeats and gaps (`rows`), alerts by tactic or asset and time (`lanes`), who began it (`beginning`), and the
//! graph of alerts and entities (`graph`). Must not write.

pub mod beginning;
pub mod filter;
pub mod graph;
pub mod lanes;
pub mod read;
pub mod rows;
