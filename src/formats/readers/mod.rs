//! From the bytes of a body to its records, one at a time and in bounded memory: decompress, detect a
//! table, lines, a list or an envelope, and split it. The records are read by `formats::record`.
//!
//! Reading order: `decode` (compression), `encoding` (UTF-16), `window` (the bytes that are in memory), `body_reader` (chooses
//! the reader), `splitter` (JSON) with `json_grammar`, `table` (CSV), `syslog_lines` (CEF and
//! LEEF) and `syslog_json` with `syslog_header`, `item` (the result). `sample_json` reads a sample for a mapping.

pub mod body_reader;
#[cfg(test)]
mod body_reader_tests;
pub mod decode;
mod encoding;
pub mod item;
mod json_errors;
mod json_grammar;
pub mod sample_json;
mod splitter;
mod syslog_header;
mod syslog_json;
mod syslog_lines;
mod table;
mod window;
