//! /alerts: the alerts queue, the page of an alert and its forms.

pub mod actions;
pub mod list;
pub mod move_form;
pub mod occurrences;
pub mod page;
pub mod payload;
pub mod stream;
