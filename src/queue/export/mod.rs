//! A list as a file: rows of any filter as CSV or JSON Lines, a page at a time. Which rows
//! it has, and in what order, is settled when it begins; each row stands as it is when it is read.
//!
//! CSV is for spreadsheets: UTF-8 with a byte order mark, times in whole seconds of RFC 3339 UTC, numbers as numbers, several values by commas in
//! one cell. JSON Lines is for programs: the Graph API's names, lists as lists, texts as they are.

mod alert_columns;
mod columns;
mod format;
mod rows;
mod spreadsheet;

pub use crate::queue::export::columns::{Column, columns};
pub use crate::queue::export::format::{Format, body, head};
pub use crate::queue::export::rows::{ROWS, ids, rows};
pub use crate::queue::export::spreadsheet::safe_text;
