//! GET /alerts, GET and POST /alerts/{id}, POST /alerts/move: one alert and where it belongs.

mod link_reasons;
mod moving;
mod page;
