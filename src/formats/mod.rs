//! Adapters: what providers send, turned into [`Incoming`](crate::model::incoming::Incoming) records.
//!
//! An adapter only translates. It bounds and cleans every text, and says in one sentence why a
//! record cannot be taken, so that whoever sent it can mend it.
//!
//! # Adding a format
//!
//! 1. Make `adapters/<product>.rs` with `pub(crate) const ADAPTER: Adapter` (see [`adapter`]):
//!    its name for `--format`, its label, `detect` and `read`. `adapters/falco.rs` is a short one to start from.
//! 2. `detect` asks for members that no other product has, two or three of them; a title or an id
//!    alone is everybody's. It has to bear any JSON object.
//! 3. `read` starts a [`Draft`](building::draft::Draft) under the product's name, which is half of the alert's
//!    identity, and fills it in:
//!    - `title` and `identify` by the paths where they may stand. What the product numbers is
//!      identified by its number; what it does not, by a hash of the whole record. An alert that is
//!      sent twice must have one id, two alerts must have two.
//!    - `severity_word` or `severity_steps`; what Watchdesk's four steps lose becomes a fact.
//!    - `tactics` before `category_else`, so that ATT&CK's word wins where one is given;
//!      `techniques` from anything that names some.
//!    - `seen` with first and last activity and creation. It fills in what is missing.
//!    - `add` for evidence, built by [`principals`](building::principals) and
//!      [`evidence_kinds`](building::evidence_kinds) alone, because correlation hangs on
//!      their keys: devices with every spelling of their name, accounts with domain and SID
//!      ([`windows::user`](building::windows::user) leaves out computers' own accounts), addresses by `add_ip`, with the role
//!      "source" or "destination" where one is told. A sensor is not the device: [`Ends`](building::network::Ends)
//!      tells which side of a connection is at home.
//!    - `rows` for whatever else an analyst would look for.
//! 4. Return `NotTaken::Skipped` for records that were never meant to be alerts, and
//!    `NotTaken::Refused` for alerts that lack something, naming what.
//! 5. Read members by [`building::path`], which bears lists in the place of objects, numbers as text, nulls and
//!    the ways to write "nothing". Never index and never unwrap.
//! 6. Add the module to `adapters/mod.rs` and its `ADAPTER` to [`registry::ADAPTERS`], before those with a looser `detect`, and a sample with what is
//!    to come of it to `cases/samples.rs`, where it is also tried with every member broken in turn.

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
