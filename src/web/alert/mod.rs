//! /alerts/{id} and below: the page of an alert, its pane and its forms.

pub mod actions;
pub mod move_form;
pub mod occurrences;
pub mod page;
pub mod pane;
pub mod payload;
pub mod payloads;
pub mod stream;
