//! Mappings: formats that people define in the settings or in a file, for products without an adapter. A
//! mapping says by JSON Pointers and texts where a vendor's records have the fields of an alert.
//!
//! ```text
//! file, form, table row ─► Document ─ compile ─► Mapping ─ translate ─► Incoming
//!                                       └─► Problems, at the field
//! ```
//!
//! Nothing here reads or writes the database. Evidence is built by
//! [`building`](crate::formats::building), so that a device of a mapping and one of an adapter are one
//! entity.

pub mod compile;
mod condition;
pub mod document;
pub mod document_field;
mod entity;
mod field_reader;
pub mod fields;
mod notes;
mod places;
mod pointer;
pub mod problems;
mod severity;
mod source;
mod steps;
pub mod suggest;
mod time_format;
mod translate;
mod value_table;
