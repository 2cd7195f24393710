//! Formats of other products: reads what providers send as [`Incoming`](crate::model::incoming::Incoming) alerts and
//! incidents. May import `model`, `clock`, `hash` and `text`; knows neither database nor incidents.
//!
//! Reading order: `readers` (a body to JSON objects), `record` (one object to one record), `registry` (which
//! adapter), `adapters` (one product each) and `mapping` (formats that people define), both made from
//! `building`.
//!
//! # Adding an adapter for a product
//!
//! Write an adapter for a product that many teams have, or whose records need code. The product of a single
//! team needs a mapping only, which is made in the settings. A mapping cannot have the name of an adapter.
//!
//! 1. `cases/samples.rs`, at the end of one of its functions: a sample record with what is expected of it, in
//!    the format of `Case::expected` (`cases/sample_case.rs`). Copy the actual lines from the failing test and check each.
//! 2. `adapters/<product>.rs`: `pub(crate) const ADAPTER: Adapter` with the fields of
//!    [`Adapter`](adapter::Adapter). Start from `suricata.rs` for a network sensor, `falco.rs` for a sensor on
//!    hosts, `cortex.rs` for an EDR, and `elastic.rs` for the Elastic Common Schema.
//! 3. `adapters/<product>.rs`, `detect`: asks for two or three members that no other product has. A title or
//!    an id is not enough. Do not require the title: a record without one must be detected, so that the
//!    refusal names it; nor a severity or time, which a record may lack (R18). It is called with any JSON object.
//! 4. `adapters/<product>.rs`, `parse_record`: begins with [`Draft::new`](building::draft::Draft::new) and
//!    the product's source, and ends with `into_incoming`. The source is the product's name in camel case
//!    ("sentinelOne") and half of an alert's identity. It must equal what `ocsf::source_of_product` makes of
//!    the product's name, so that its alerts by OCSF are the same alerts; where it does not, add the name to
//!    `terms::service_source`. Between them:
//!    - `set_title` and `set_id`, by paths. The same alert always has the same id; different alerts have
//!      different ids. Without paths the id is a hash of the record.
//!    - `set_severity_from_words` by paths, or `set_severity_at` where there is a number, with the vendor's
//!      thresholds or one of [`severity_scales`](building::severity_scales), which also has those where 1 is the
//!      highest; `set_severity` for what the adapter works out itself, with the text that was sent. A severity
//!      inside of the record, as of the sensor that a SIEM asks, is given to `raise_severity`. Without a severity
//!      that is understood there is none, and the alert counts as medium (R18).
//!    - For the signature of a network sensor, [`IdsAlert`](building::ids::IdsAlert) gives category, techniques
//!      and severity.
//!    - `set_tactics`, where the record has tactics, then `set_weakness_category` with the words by which the source
//!      tells findings about weaknesses, then `set_category_if_empty` ("Malware", or "SuspiciousActivity", which gives
//!      way to the tactic of a technique; `IncomingAlert::category` lists the words), then `add_techniques`.
//!      A tactic names incidents and is a step of an attack's course, so it has to be the source's own word, or a
//!      class of rules that means this and nothing less. One that a word of a title, a scan, an attempt or a single
//!      failed login only suggests is given to `read_category` as a
//!      [`Hint`](building::category_reading::CategoryReading), and its techniques to `add_possible_techniques`: the
//!      alert is suspicious activity, and shows the tactic as "Possible tactic".
//!    - `set_times`: first and last activity, and creation.
//!    - `draft.alert.description` by `long_text_at`; `status` by `terms::alert_status`; `occurrences` when
//!      the product counts; `provider_updated_at` when records are sent again after a change.
//!    - `add_evidence` for devices ([`principals`](building::principals)); for accounts, by
//!      [`windows::account`](building::windows::account), which also takes `DOMAIN\name` and `name@domain`,
//!      or by `principals::Account` where the record has a UPN or an Entra id apart; and for files
//!      ([`file`](building::file)), processes, URLs and others
//!      ([`evidence_kinds`](building::evidence_kinds)), or
//!      [`ProcessPaths`](building::process::ProcessPaths) for a process with its file. Use only these
//!      functions, because alerts are linked by the keys they make.
//!    - `add_ip` for addresses, with the role "source" or "destination". A device is named by its host name,
//!      and its address is a fact, "IP address". Where a sensor gives addresses only, the device is
//!      [`Connection::internal_end`](building::network::Connection::internal_end), with the role that it
//!      returns (`suricata.rs`, `add_connection`). The sensor itself is not the device of its alerts,
//!      nor is a host that only collects or forwards the record (`wazuh/device.rs`). The
//!      name of an outside host is a fact: outside hosts are no assets.
//!    - `add_facts` for other values that an analyst looks for.
//!
//!    A record that is not meant to be an alert is a `NotTaken::Skipped`; an alert that lacks something is a
//!    `NotTaken::Refused` that names it. Read members only by [`path`](building::path) (dotted paths), which
//!    accepts missing members and other types; the names of entities by its `name_at`, commands and paths by
//!    `long_name_at`, which keep every name of a list. [`json`](building::json) is for Microsoft's formats, whose lists may be JSON in
//!    a text. Never index and never unwrap.
//! 5. `adapters/mod.rs`: `pub mod <product>;`.
//! 6. `registry.rs`, [`ADAPTERS`](registry::ADAPTERS): the new `ADAPTER`, before any whose `detect` also
//!    accepts its records; if none does, before Elastic.
//! 7. `README.md` and `CHANGELOG.md`: the product in the lists of formats.
//! 8. `text.rs`, `SOURCES`, when `humanise` would show the source wrongly: it makes "Acme ndr" of "acmeNdr".
//! 9. `ingest/occurrences/settings.rs`, `SENSORS`: the source, if it sends each repeat as a new alert with a
//!    new id and does not count.
//! 10. `real_exports.rs`, `FIGURES`, for a real export in `../shared/data`.
//!
//! The compiler and the tests of `cases` name what is missing of 1 to 6; nothing names 7 to 10.

pub mod adapter;
pub mod adapters;
pub mod building;
#[cfg(test)]
mod cases;
mod dotted;
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
