//! A small record of every format with its expected alert. `auto` must detect the format.
// The tests read where real records are and how long to try; the samples are long lists.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::too_many_lines
)]

mod counted;
mod doubling;
mod every_format;
mod fields;
mod fuzzing;
mod ids;
mod names_in_lists;
mod nobody;
mod possible_tactics;
mod sample_case;
mod samples;
mod severities;
mod skipped;
mod suggested;
mod summary;
mod weaknesses;
mod wrapped;
