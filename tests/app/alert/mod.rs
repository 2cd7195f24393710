//! GET /alerts, GET and POST /alerts/{id}, POST /alerts/move: alerts and where they belong.

mod link_reasons;
mod list;
mod moving;
mod occurrences;
mod page;
