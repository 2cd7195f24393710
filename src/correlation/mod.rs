//! correlation

pub mod candidate;
pub mod explanation;
pub mod index;
pub mod lone_incidents;
pub mod merge_exclusions;
pub mod placement;
pub mod reach;
