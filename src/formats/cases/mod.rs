//! A small record of every format with its expected alert. `auto` must detect the format.
#![allow(clippy::unwrap_used, clippy::panic)]

mod counted;
mod every_format;
mod fields;
mod sample_case;
mod samples;
mod skipped;
mod suggested;
mod summary;
