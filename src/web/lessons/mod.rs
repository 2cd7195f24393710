//! /lessons: how alerts and incidents were classified, what they took, and what to tune.

mod bars;
mod figures;
pub mod files;
mod form;
pub mod how;
mod links;
pub mod note;
pub mod page;
