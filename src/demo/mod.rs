//! The sample company of `watchdesk demo`: two weeks of alerts and the work of three analysts on them, and what three
//! rules had found in the weeks before.
//! Made through the domain's operations alone, at times in the past, from one seed, so that it is the
//! same each time.

pub mod alert;
pub mod build;
pub mod cast;
mod entities;
mod past;
mod plots;
mod stories;
mod work;

pub use crate::demo::build::build;
