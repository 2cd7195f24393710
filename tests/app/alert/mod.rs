//! GET /alerts, GET and POST /alerts/{id}, POST /alerts/move: alerts and where they belong.

mod link_reasons;
mod list;
mod moving;
mod moving_many;
mod occurrences;
mod page;
mod payloads;
