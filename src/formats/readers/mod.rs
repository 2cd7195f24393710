//! readers

pub mod decode;
pub mod json_grammar;
pub mod reader;
pub mod splitter;
pub mod table;
pub mod window;
