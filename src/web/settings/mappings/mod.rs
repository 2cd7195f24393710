//! /settings/mappings: mappings, by which JSON of any product becomes alerts.

mod changes;
mod form;
mod form_state;
pub mod list;
pub mod page;
mod result;
