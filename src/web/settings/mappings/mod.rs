//! /settings/mappings: how any other JSON becomes alerts.

mod changes;
mod form;
pub mod list;
pub mod page;
mod result;
