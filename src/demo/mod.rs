//! Sample data for `watchdesk demo`: two weeks of a medium company's alerts and the work
//! of three analysts on them. Built only through the domain's operations, with times in the past,
//! from one random seed, so that it is the same every time.

pub mod alert;
pub mod build;
pub mod cast;
mod plots;
mod stories;
mod work;

pub use crate::demo::build::build;
