//! Any other JSON: a mapping says in words and JSON Pointers where a vendor's records keep what an
//! alert needs. It is written in the settings or as a file, and stands in for an adapter.
//!
//! ```text
//! file, form, table row ─► Document ─ compile ─► Mapping ─ translate ─► Incoming    (as adapters give)
//!                                       └─► Problems, at the field
//! ```
//!
//! Nothing here reads or writes the database. What a mapping makes goes through the builders of
//! [`building`](crate::formats::building), so that a device from a mapping is the device that an
//! adapter knows.

pub mod compile;
mod condition;
pub mod document;
pub mod document_field;
mod entity;
mod field_reader;
pub mod fields;
mod notes;
mod pointer;
pub mod problems;
mod severity;
mod source;
pub mod suggest;
mod time_format;
mod translate;
mod value_table;
