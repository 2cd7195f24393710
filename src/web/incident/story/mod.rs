//! The Attack story tab: what it is asked for (`query`), and its parts: lanes, timeline, graph and text. `view` puts
//! them together.

mod drawing;
mod facts;
mod graph;
mod lanes;
pub(super) mod names;
pub mod query;
mod rows;
mod told;
pub mod view;
mod wrapping;
