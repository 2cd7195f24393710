//! # Watchdesk
//!
//! Incident management for a security team that hosts its own tools: alerts come in from whatever
//! detects things, related alerts become one incident with a name that says how far it goes, and
//! analysts work the incidents queue in a browser. One binary, SQLite embedded, PostgreSQL by
//! changing one URL.
//!
//! ## Where to begin
//!
//! | you want to | read |
//! |---|---|
//! | see how the parts work together | this page, then [six journeys through the code](guide::journeys) |
//! | know what the product promises | [the rules](guide::rules), R1 to R21, which comments and tests cite |
//! | know a word | [the glossary](guide::glossary): the words on screen, then those of the code |
//! | know why an incident is called what it is | [automatic names](guide::names) |
//! | read the records of another product | [`formats`], "Adding an adapter for a product" |
//! | know how much a form may hold | [`web::shared::limits`] |
//! | add a filter to the queue | [`queue`], "Adding a filter" |
//! | add a field to an incident | [the last of the journeys](guide::journeys#adding-a-field-to-an-incident) |
//! | run or write tests | `tests/README.md` |
//!
//! ## Bird's eye view
//!
//! Two halves. The domain (everything but `web`, `app` and `main`) knows incidents, alerts and the
//! database, and nothing of browsers. The web half knows requests, pages and streams, and no table or
//! query. A form becomes an edit; rules turn what is asked into a list of changes
//! ([`model::change::Change`]); [`history::commit`] applies them, derives what follows and records one
//! entry each, in one transaction. After it, the open streams of the incident are woken and read the
//! new entries.
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
//! A folder imports only what stands below it, and no file imports one that imports it back.
//! `cargo test --test architecture -- --nocapture graph` holds this and draws the arrows.
//!
//! | folder, from top to bottom | what it is for |
//! |---|---|
//! | `main`, [`cli`], [`mod@bench`], [`demo`] | the binary, its commands, measurements, the sample world |
//! | [`app`] | builds the server from its parts |
//! | [`web`] | the table of routes; `server` for connections and TLS; a folder a page: `queue`, `incident`, `alert`, `entity`, `search`, `lessons`, `settings`, `attachment`, `operations`, `account`; `api` for programs; `shared` for what pages have in common |
//! | [`backup`] | backups of the whole store, restoring them into either database, and making them on a schedule |
//! | [`operations`] | everything that a person does, undo, and jobs for what takes long |
//! | [`search`] | searching everything that is known |
//! | [`lessons`] | how many alerts and incidents each detection, asset and person had, how they were classified, and what to tune |
//! | [`queue`] | the lists of incidents and alerts as they are read: filter, plan, page, saved views, export |
//! | [`ingest`] | bodies become alerts in incidents: intake, identity, occurrences, provider updates, placing; rejected items, sources |
//! | [`rules`] | house rules, which ingest follows |
//! | [`incidents`] | what may be done to an incident, as decisions that return changes; merging; reading |
//! | [`alerts`] | reading alerts |
//! | [`proof`] | checkpoints of all hash chains, signed and sent elsewhere; `watchdesk verify` |
//! | [`attachments`], [`entities`] | files that are attached; devices, users and other entities: their pages, notes, tags, importance, comments and look-ups |
//! | [`correlation`] | which incident a new alert belongs to, and why in words |
//! | [`history`] | the one place that writes incidents, alerts and entries: claim, apply, derive, record; timeline, wording |
//! | [`formats`] | records of other products: adapters, mappings, readers; knows neither database nor incidents |
//! | [`accounts`] | people, groups, sessions, second factors, single sign-on, tokens, preferences |
//! | [`audit`] | the audit log: sign-ins, people, tokens, settings, exports |
//! | [`permissions`] | who may do what |
//! | [`config`], [`db`], [`live`], [`secrets`], [`metrics`], [`error`] | options; the one folder that names a database; waking streams; random secrets; what is measured; the one error |
//! | [`model`] | the types of the domain and the pure rules that derive from them; no input or output |
//! | [`search_text`] | texts as they are searched |
//! | [`hash_chain`] | hash chains |
//! | `schema`, [`clock`], [`text`], [`mod@text_enum`], [`hash`] | tables, the clock, texts, closed sets of values, hashes |
//!
//! ## Invariants
//!
//! Held by `tests/architecture`:
//!
//! - No file outside `web`, `app` and `main` names the web framework; no file in `web` names the query
//!   builder or a table.
//! - Only `db` names a database. The same code and the same migrations run on both.
//! - Only `history` writes incidents, alerts and entries. Restoring a backup fills the tables of an empty store.
//! - No import upwards and no circle of files.
//! - Templates escape everything. The one exception is [`web::shared::markup::Markup`], cleaned HTML.
//!
//! Held by types:
//!
//! - Only `history::claim` makes a [`history::claim::Claimed`]. It cannot be copied, and it is used up by
//!   a commit or released: no write without lock, revision and entry.
//!
//! Held by `tests/app/accounts/permissions.rs`:
//!
//! - Operations ask for permission, so that pages, API and command line cannot differ.
//! - Every address is in [`web::routes::ROUTES`] with who may come to it; all but those that are open to
//!   everybody need a session or a token.
//! - No state changes by GET. The exceptions are the demo's printed sign-in link, which no other mode has, and the way
//!   back from an identity provider, which begins a session.
//!
//! And entries are never edited or deleted. Whether somebody did so in the database shows by [`proof`].
//!
//! ## Hash chains and checkpoints
//!
//! The hash of an entry covers everything that is stored of it and the hash of the entry before it ([`hash_chain`],
//! [`history::chain`]): a chain for each incident, whose row has the newest hash, read with the claim and written with
//! the revision; one for the entries of entities ([`entities::chain`]) and one for the [`audit`] log, whose writers wait for
//! each other's numbers anyway. An entry never changes its incident. The alert or entity that it is about may turn out to be
//! another one; it keeps the one it was written for, and its hash covers that.
//!
//! A checkpoint ([`proof::checkpoint`]) is the hash of the hashes of all entries in the order of their ids, and the newest
//! hashes of the other two chains, signed. The next one goes on from it, so making one reads what is new, and what it says
//! can be worked out from the entries up to its last ids alone. `verify` reads every entry once, in the order of ids.
//!
//! ## Correlation, and why each weight is what it is
//!
//! An alert joins an open incident when both have the same entity and lie near enough in time.
//! [`correlation::placement`] decides, [`correlation::reach`] says how near. Each detection on an asset counts
//! at most once an hour; routine ones do not count. The figures were measured on labelled alerts.
//!
//! | shared | links within | why |
//! |---|---|---|
//! | device, user, mailbox | 24 h while it has at most 5 detections within 7 days before and after; with `n` detections `24 h * (5 / n) ^ 1.5`, at least 30 minutes | 24 h gives F1 .96 on labelled incidents, no limit .56; on busy laboratory hosts a day gives .84, 15 minutes .96; a labelled attack pauses for 41 minutes |
//! | mail message | the same, at least 1 h | it is one message |
//! | URL, cloud resource, file that its source calls malicious or suspicious | the same, at most 4 h; not at all above 100 detections | they are copied and shared |
//! | public address | the same, at most 1 h; not at all above 100 detections | offices and gateways share one; two labelled attacks from one office are 2.5 h apart |
//! | built-in account, private address, any other file | never | everybody has them |
//!
//! A detection that was seen in other hours on the asset, within the same days, is routine there: 2 hours
//! for informational and low severity, 3 for medium, 8 for high. It joins other activity only within 2 h,
//! merges nothing, and is otherwise gathered by asset for up to 16 h. At two labelled sites 19 and 17 % of
//! the noise ends in attack incidents by this, instead of 23 and 22 % by linking hosts within an hour, at
//! no more than 30 incidents a day.
//!
//! Where several incidents could take an alert and may not be merged, points decide: 4 for a shared
//! device, user or mail message, 3 for a mailbox or file, 2 for a URL or cloud resource, 1 for an address,
//! each halved at the end of its reach; and 2 when the alert continues the course of tactics. An asset is
//! where an attack is, an indicator is what it uses.
//!
//! `watchdesk bench correlation FILE --truth FILE` measures a change of any of these.
//!
//! ## The queue at a million alerts
//!
//! Every page is found by an index, however many incidents there are. `queue::plan` does it, and
//! `tests/app/storage/query_plans.rs` holds the plans of both databases. What the queue looks for is stored
//! in three ways:
//!
//! - On the row: `is_open`, then what orders it. Every order has an index `(is_open, key, id)`. Open
//!   incidents are few however long a store lives; where both are asked for, the two halves are merged.
//! - In tables of what incidents are found by (facets, tags, entities), each with `is_open` beside it,
//!   kept by `history::search_index` in the transaction that changes the incident.
//! - The lists of alerts: each index begins with the status, of which there are three. What few incidents have as a
//!   facet is found through these incidents, entities through evidence, and titles, which are few, by a table of them.
//! - Parts of names: a trigram index of the database, SQLite's or PostgreSQL's ([`db`]).
//!
//! A condition that few incidents meet is looked up, and those are put in order. One that many meet is
//! checked while walking the order's index. Reading at most 500 entries of an index tells which it is,
//! 1,000 where texts are compared. A page begins after a place in the order, never by counting rows.
//! Totals stop at 10,000. A total that took more than 2 ms is cached for 2 seconds or until something is
//! written; "10,000+" is cached for 1 second in any case. A page reads from one snapshot.
//!
//! ## Lessons at a million alerts
//!
//! Sums by day are kept in the transaction of every change ([`history::lessons`]): of alerts by source, category and
//! title, and by asset; of incidents by owner; of times in minutes. A commit subtracts what its alerts and incidents
//! counted as before and adds what they count as afterwards, so no kind of change needs a rule of its own. Without a
//! filter [`lessons`] adds these up, however many alerts there are. With one it counts by the conditions of the lists,
//! at most [`lessons::report::MOST_COUNTED`] alerts.
//!
//! ## Lock order
//!
//! Transactions take locks in one order, so that no two wait for each other:
//!
//! 0. the lock of what must hold over several rows ([`db::Invariant`]), see below,
//! 1. counters of ids that are needed before the incidents are known (new alerts, entities, incidents), and the entity
//!    whose note, tags, importance or comments change ([`entities::entries::hold`]),
//! 2. incidents, in ascending id,
//! 3. the counter of operations,
//! 4. contents of attachments, in the order of their hashes; the counters that a commit needs: attachments, tags,
//!    evidence, and last entries, those of entities after all others,
//! 5. the sums of Lessons, in the order of their keys.
//!
//! Ingest cannot know all its incidents beforehand, and where it makes one of two alerts or entities, the sums of Lessons
//! come before the rest. When PostgreSQL ends one of two transactions that wait for each other,
//! [`db::Db::write_now`] runs it again.
//!
//! ## What holds over several rows
//!
//! A row's own lock and the database's constraints keep most rules. These need a lock that everybody who could
//! break them takes before looking, each tested by two transactions at once (`tests/app/faults/race.rs`):
//!
//! - Somebody who is not disabled is an administrator, and the first one is added once
//!   ([`db::Invariant::Administrators`]): adding the first, disabling, giving another role.
//!
//! An alert is in one incident and an incident's counts are those of its alerts because both are written under
//! the incidents' claims. A name or key that must be the only one has a constraint; the transaction that loses
//! such a race runs again and finds the other's row.
//!
//! ## Failing
//!
//! What is acknowledged is stored: SQLite waits for the disk at every commit, and writes that wait at the same
//! moment share one commit ([`db`]). A database that cannot be used gives [`error::Unavailable`] with its reason,
//! as 503. What a person or program asks for waits at most ten seconds for its turn; large bodies and jobs wait as
//! long as it takes, a transaction at a time ([`db::Db`] lists the ways to write). PostgreSQL ends a statement that
//! takes too long, while work on SQLite is bounded by what it looks at. `tests/app/faults` kills the process, cuts the
//! power and fills the disk.

pub mod accounts;
pub mod alerts;
pub mod app;
pub mod attachments;
pub mod audit;
pub mod backup;
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
pub mod guide;
pub mod hash;
pub mod hash_chain;
pub mod history;
pub mod incidents;
pub mod ingest;
pub mod lessons;
pub mod live;
pub mod metrics;
pub mod model;
pub mod operations;
pub mod permissions;
pub mod proof;
pub mod queue;
pub mod rules;
mod schema;
pub mod search;
pub mod search_text;
pub mod secrets;
pub mod text;
pub mod text_enum;
pub mod web;
