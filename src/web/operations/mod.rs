//! /operations/{id}: the progress and the result of an operation, and undo.

pub mod page;
