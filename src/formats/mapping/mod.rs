//! Any other JSON: a mapping says in words and JSON Pointers where a vendor's records keep what an
//! alert needs. It is written in the settings or as a file, and stands in for an adapter.
//!
//! ```text
//! file, form, table row ─► Document ─ compile ─► Mapping ─ read ─► Incoming    (as adapters give)
//!                                       └─► Problems, at the field
//! ```
//!
//! Everything but `store` is pure. What a mapping makes goes through the builders of `formats`
//! (`formats::parts`), so that a device from a mapping is the device that an adapter knows.

pub mod compile;
mod condition;
pub mod document;
mod field_reader;
pub mod fields;
mod pointer;
pub mod problems;
pub mod suggest;
mod time_format;
mod translate;
pub mod trial;
mod value_table;

pub use crate::formats::mapping::compile::Mapping;
pub use crate::formats::mapping::document::{Document, Field, Lines, Pairs, Rule};
pub use crate::formats::mapping::problems::Problems;
pub use crate::ingest::mappings::resolve;
