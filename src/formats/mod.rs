//! Outside formats: reads what providers send as [`Incoming`](crate::model::incoming::Incoming) alerts and
//! incidents. May import `model`, `clock`, `hash` and `text`; knows neither database nor incidents.
//!
//! Reading order: `readers` (a body to JSON objects), `record` (one object to one record), `registry` (which
//! adapter), `adapters` (one product each) and `mapping` (formats that people define), both made from
//! `building`.
//!
//! # Adding an adapter for a product
//!
//! 1. `adapters/<product>.rs`: `pub(crate) const ADAPTER: Adapter` with the fields of
//!    [`Adapter`](adapter::Adapter). Start from `adapters/falco.rs`, or from `adapters/elastic.rs` when the
//!    records follow the Elastic Common Schema.
//! 2. `adapters/mod.rs`: the `mod` line.
//! 3. `registry.rs`, [`ADAPTERS`](registry::ADAPTERS): the new `ADAPTER`, before any whose `detect` also
//!    accepts its records.
//! 4. `adapters/<product>.rs`, `detect`: asks for two or three members that no other product has. A title or
//!    an id is not enough. It is called with any JSON object.
//! 5. `adapters/<product>.rs`, `parse_record`: begins with [`Draft::new`](building::draft::Draft::new) and
//!    the product's source, which is half of an alert's identity, and ends with `into_incoming`. Between them:
//!    - `set_title` and `set_id`, by paths. An alert that is sent twice must have the same id, and two alerts
//!      must have two; without paths the id is a hash of the record.
//!    - `set_severity_from_word` or `set_severity_from_number`.
//!    - `set_tactics`, then `set_category_if_empty`, then `add_techniques`.
//!    - `set_times`: first and last activity, and creation.
//!    - `add_evidence` for devices and accounts ([`principals`](building::principals), or
//!      [`windows::account`](building::windows::account)), and for files, processes, URLs and others
//!      ([`evidence_kinds`](building::evidence_kinds)); `add_ip` for addresses, with the role "source" or
//!      "destination". Use only these builders: alerts are linked by the keys that they make. A sensor is not
//!      the device of its alerts; [`Connection::internal_end`](building::network::Connection::internal_end)
//!      finds it.
//!    - `add_facts` for other values that an analyst looks for.
//!
//!    A record that is not meant to be an alert is a `NotTaken::Skipped`; an alert that lacks something is a
//!    `NotTaken::Refused` that names it. Read members only by [`path`](building::path), which accepts missing
//!    members and other types; never index and never unwrap.
//! 6. `cases/samples.rs`, one of the functions in `cases`: a sample record with the expected summary. Without
//!    one the test `every_adapter_has_a_case` fails. `cases/every_format.rs` also tests the sample with every
//!    member broken, and that no other adapter detects it.
//! 7. `README.md`: the product in the list of formats.
//! 8. Only where needed: `ingest/occurrences/settings.rs`, `SENSORS`, for a sensor that sends every repeat as
//!    a new alert; `text.rs`, `SOURCES`, when the source's name is not its words in lower case;
//!    `real_exports.rs`, `FIGURES`, for a real export.

pub mod adapter;
pub mod adapters;
pub mod building;
#[cfg(test)]
mod cases;
mod envelope;
pub mod format;
pub mod mapping;
pub mod mapping_trial;
pub mod not_taken;
pub mod readers;
#[cfg(test)]
mod real_exports;
pub mod record;
pub mod registry;
