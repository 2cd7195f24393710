//! Finding the entities of a whole batch: what is stored is read once, decided in memory, and what
//! is new is written at the end, in a few statements.
//!
//! Reading order: `types`, `load`, `resolve`, `short_names`, `names`, `store`.

mod load;
mod names;
mod resolve;
mod short_names;
mod store;
mod types;

pub use crate::ingest::entity_resolver::types::EntityResolver;
