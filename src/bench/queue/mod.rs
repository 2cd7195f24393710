//! The queue, measured as browsers ask: every page over HTTP from a server of its own, against the
//! bare SQL of the same page in the same run, at several sizes of one growing store.

pub mod load;
pub mod pages;
pub mod server;
pub mod world;
