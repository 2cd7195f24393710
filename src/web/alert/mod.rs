//! The alerts queue, the alert page, and what is done to one alert.

pub mod acts;
pub mod list;
pub mod move_form;
pub mod occurrences;
pub mod page;
pub mod stream;
