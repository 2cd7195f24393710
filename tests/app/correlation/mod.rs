//! Which incident a new alert joins, and which incidents become one because of it.

mod batches;
mod grouping;
mod linking;
