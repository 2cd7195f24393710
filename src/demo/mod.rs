//! A believable world for `watchdesk demo`: two weeks of a middling company's alerts and the work
//! of three analysts on them. Built only through the domain's operations, at moments of the past,
//! from one seed: the same world every time.

pub mod alert;
pub mod build;
pub mod cast;
mod plots;
mod stories;
mod work;

pub use crate::demo::build::build;
