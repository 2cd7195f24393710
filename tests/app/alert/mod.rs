//! GET /alerts, GET and POST /alerts/{id}, POST /alerts/bulk, GET and POST /alerts/move: alerts and where they belong.

mod bulk;
mod link_reasons;
mod list;
mod long_records;
mod move_form;
mod moving;
mod moving_many;
mod moving_together;
mod occurrences;
mod page;
mod payloads;
