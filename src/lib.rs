//! # Watchdesk
//!
//! Incident management for a security team that hosts its own tools: alerts come in from whatever
//! detects things, related alerts become one incident with a name that tells its scope, and
//! analysts work the incidents queue in a browser. One binary, SQLite embedded, PostgreSQL by
//! changing one URL.
//!
//! ## Bird's eye view
//!
//! Two halves. The domain (everything but `web`, `app` and `main`) knows incidents, alerts and the
//! database, and never a browser. The web half knows requests, pages and streams, and never the
//! database. A form becomes an edit; rules turn what is asked into a list of changes
//! ([`model::change::Change`]); [`history::commit`] applies them, derives what follows and records one
//! entry each, in one transaction; after the commit the open streams of the incident are woken and read
//! the entries.
//!
//! ```text
//! web::incident::actions::save ─ Edit ─► operations::edit_incident ─► claim ─► incidents: status, ...
//!                                                                     │ changes
//!            open panes ◄─ web::shared::event_stream ◄─ live ◄─ history::commit (rows + entries)
//! formats ─ Incoming ─► ingest::pipeline ─► correlation::placement ─► history::commit
//! ```
//!
//! ## Layers
//!
//! A folder imports only what stands below it; no file imports one that imports it back.
//! `cargo test --test architecture -- --nocapture graph` draws the arrows and holds this.
//!
//! | folder | what it is for |
//! |---|---|
//! | [`cli`], [`demo`], [`bench`], [`app`] | entry points: parse, call, print; `app` is the only wiring |
//! | [`web`] | routes, and a folder a page: `queue`, `incident`, `alert`, `settings`, `operations`, `account`, `api`; `shared` |
//! | [`operations`] | every act of a person, jobs, undo |
//! | [`queue`] | the queue as it is read: filter, plan, page, saved views, export |
//! | [`ingest`] | a body becomes alerts: intake, identity, occurrences, provider updates, placing, rejected items, sources |
//! | [`rules`] | house rules, which ingest obeys |
//! | [`incidents`], [`alerts`], [`entities`] | what may be asked and what follows, as pure decisions; reading |
//! | [`correlation`] | which incident a new alert belongs to, and why in words |
//! | [`history`] | the one place that writes incidents, alerts and entries: claim, apply, derive, record; timeline, wording |
//! | [`formats`] | outside records: adapters, mapping, readers; knows neither database nor incidents |
//! | [`accounts`], [`permissions`] | people, sessions, tokens; who may do what |
//! | [`db`], [`live`], [`secrets`], [`config`], [`error`] | ground: the one folder that names a backend, waking streams |
//! | [`model`] | types of the domain and the pure rules that derive; no input or output |
//! | `schema`, [`clock`], [`text`], `text_enum`, [`hash`] | tables, the clock, texts, closed sets of values, hashes |
//!
//! ## Invariants (held by `tests/architecture`)
//!
//! - No file outside `web`, `app` and `main` names the web framework; no file in `web` names the database.
//! - Only `db` names a backend. The same code and the same migrations run on both.
//! - Only `history` writes `incidents`, `alerts` or their entries. Only `history::claim` makes a
//!   [`history::claim::Claimed`], which cannot be copied and is used up by a commit or released: no
//!   write without lock, revision and entry.
//! - Entries are never edited or deleted.
//! - Permission is asked in the domain's operations, so that pages, API and command line share it.
//! - Every address but those listed as public stands inside a guarded scope. No state changes by GET
//!   (the demo's printed sign-in link, which exists in no other mode, is the one exception).
//! - Templates escape everything; the one exception is [`web::shared::markup::Markup`], cleaned HTML.
//! - No import upwards and no circle of files.
//!
//! ## Correlation, and why each weight is what it is
//!
//! An alert joins the open incident it shares a thing with, as far as that thing reaches in time;
//! [`correlation`] says how it is decided, [`correlation::reach`] how far. In short:
//!
//! | what | how much | why |
//! |---|---|---|
//! | device, user, mailbox | a day while the week knows at most 5 detections of it, then `24 h * (5 / n) ^ 1.5`, at least 30 minutes | 24 h gives F1 .96 on labelled incidents, no bound .56; on busy laboratory hosts a day gives .84, 15 minutes .96; a labelled attack pauses for 41 minutes |
//! | mail message | a day | it is one message |
//! | URL, cloud resource, condemned file | 4 h, not at all above 100 detections a week | they are copied and shared |
//! | public address | 1 h, not at all above 100 | offices and gateways share one; two labelled attacks from one office are 2.5 h apart |
//! | built-in accounts, private addresses, files nobody condemned | nothing | everybody shares them |
//! | a detection in 2 other hours of the week on the asset (medium 3, high 8) | links within 2 h only, ties nothing, gathered for 16 h | it is how the place works: 19 and 17 % of two labelled sites' noise ends in attack incidents instead of 23 and 22 % by linking hosts within an hour, at most 30 incidents a day |
//! | which of several takes it | 4 device, user, message; 3 mailbox, file; 2 URL, resource; 1 address; nearer up to double; 2 more when it continues the course of tactics | an asset is where the attack is, an indicator is what it uses |
//!
//! `watchdesk bench correlation FILE --truth FILE` measures a change of any of them.
//!
//! ## The queue at a million alerts
//!
//! Every page is found by an index, however many incidents there are; `queue::plan` (which
//! is private) does it and tests hold the databases' plans. What the queue is asked by stands three ways:
//!
//! - On the row: `is_open`, then what orders it. Every order has an index `(is_open, key, id)`; open
//!   incidents are few however long a store lives, and the two halves are merged where both are asked.
//! - In tables of what incidents are found by (facets, tags, entities), each with `is_open` beside it,
//!   kept by `history::search_index` in the transaction that changes the incident.
//! - As parts of names: an index of three letters each, SQLite's and PostgreSQL's own ([`db`]).
//!
//! A rare condition is looked up and put in order, a common one is met while walking the order; at
//! most 500 entries of an index say which it is. Pages go on after a place in the order, never by
//! counting rows. Totals stop at 10,000; one that took long is kept for two seconds while nothing is
//! written, and "10,000+" for a second though something is. All that a page reads is of one moment.
//!
//! ## Lock order
//!
//! Counters of ids that a transaction needs before it knows its incidents come first, then the
//! incidents in ascending id, then the counter of operations, then that of entries. Ingest cannot know its incidents
//! beforehand; when PostgreSQL breaks a tie against it, the batch is tried again.
//!
//! ## Adding a field to an incident
//!
//! Migration, [`schema`](self) and the row; a [`history::Change`] variant (the compiler then lists
//! where it is applied and worded); the rule file; the form's field and partial; the tests: works,
//! recorded once, unchanged records nothing, stale conflicts, viewer refused, bad input told.

pub mod accounts;
pub mod alerts;
pub mod app;
pub mod bench;
pub mod cli;
pub mod clock;
pub mod config;
pub mod correlation;
pub mod db;
pub mod demo;
pub mod entities;
pub mod error;
pub mod formats;
pub mod hash;
pub mod history;
pub mod incidents;
pub mod ingest;
pub mod live;
pub mod model;
pub mod operations;
pub mod permissions;
pub mod queue;
pub mod rules;
mod schema;
pub mod secrets;
pub mod text;
pub mod text_enum;
pub mod web;
