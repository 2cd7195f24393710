//! GET /search: everything that is known.

pub mod page;
mod view;
