//! /alerts/{id} and below: the page of an alert, its pane and its forms; and those of many alerts.

pub mod actions;
pub mod bulk;
mod bulk_form;
pub mod evidence;
pub mod move_form;
pub mod occurrences;
pub mod page;
pub mod pane;
pub mod payload;
pub mod payloads;
mod selection;
pub mod stream;
