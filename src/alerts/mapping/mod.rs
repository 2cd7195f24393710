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

mod compile;
mod condition;
mod document;
pub mod fields;
mod moments;
mod pointer;
mod problems;
mod reader;
pub mod store;
pub mod suggest;
mod table;
mod translate;
pub mod trial;

pub use compile::Mapping;
pub use document::{Document, Field, Lines, Pairs, Rule};
pub use problems::Problems;
pub use store::resolve;
