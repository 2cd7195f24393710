//! Lessons: how alerts and incidents of a time were classified, what they took, and what to tune.
//!
//! [`asked`] reads the address; [`kept`] reads the sums that `history::lessons` keeps, and [`among`] counts one by one
//! where a filter is set; both give [`numbers::Numbers`], of which [`report`] makes what the page and the files show.
//! [`share`] says how sure a share of false positives is.

mod among;
pub mod asked;
pub mod files;
mod kept;
mod names;
pub mod note;
pub mod numbers;
mod repeats;
pub mod report;
pub mod share;
pub mod times;

pub use crate::lessons::asked::{Asked, Days, Span};
pub use crate::lessons::report::{Report, report};
