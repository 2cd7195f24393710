//! From the bytes of a body to its records, one at a time and in bounded memory: unpack, find the
//! table, lines, list or envelope, and take it apart. What a record means is not looked at here.

pub mod body_reader;
#[cfg(test)]
mod body_reader_tests;
pub mod decode;
pub mod item;
mod json_errors;
mod json_grammar;
mod splitter;
mod table;
mod window;
