//! /operations/{id}: what was done as a whole, how far it is, and undoing it.

pub mod page;
