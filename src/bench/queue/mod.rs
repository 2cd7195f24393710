//! Measures the queue as browsers use it: every page over HTTP from a separate server, against the
//! bare SQL of the same page in the same run, at several sizes of one growing database.

pub mod load;
pub mod pages;
pub mod searches;
pub mod server;
pub mod world;
