//! Proof that nobody touched the record: checkpoints of all hash chains, signed and sent elsewhere, and `watchdesk verify`,
//! which finds what was changed, removed, added or reordered. May import history, entities, the audit log and below.
//!
//! A hash chain alone shows a change by whoever does not work out all later hashes anew. Whoever may write to the database
//! can do that; it shows by the checkpoints that were written elsewhere before.
//!
//! Reading order: `signing`, `checkpoint` (one of them), `store` (making them), `deliver` (where they are sent), `schedule`,
//! `verify`.

pub mod checkpoint;
pub mod deliver;
pub mod schedule;
pub mod signing;
pub mod store;
pub mod verify;
