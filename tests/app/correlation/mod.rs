//! Which incident a new alert joins, and which incidents become one because of it.

mod batches;
pub mod consistency;
mod labelled_data;
mod linking;
mod merging;
mod merging_many;
mod order;
mod regrouping;
mod time_limits;
