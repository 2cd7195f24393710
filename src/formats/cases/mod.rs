//! A small record of every format, and what is made of it. `auto` has to find the format.
#![allow(clippy::unwrap_used, clippy::panic)]

mod every_format;
mod sample_case;
mod samples;
mod summary;
