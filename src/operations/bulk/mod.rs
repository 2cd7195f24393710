//! The same act on many incidents: selected ones, or all that a filter finds. What is asked is read
//! once; then each incident is decided by the same rules as in the manage form, and those of one
//! transaction are written together. Each is done or not done; why not is said in words.

pub mod preview;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::accounts::users;
use crate::alerts::lookup::alert_states_of;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::timeline::{Entry, Row};
use crate::history::{claim, operation_log};
use crate::incidents::assignment::{self, NewOwner};
use crate::incidents::severity::{self, SeverityEdit};
use crate::incidents::{classification, follow_up, status, tags};
use crate::model::actor::Actor;
use crate::model::alert::AlertState;
use crate::model::change::{Act, Change};
use crate::model::incident::{Incident, Status};
use crate::model::operation::{Kind, Operation};
use crate::model::outcome::{Determination, Outcome};
use crate::model::severity::Severity;
use crate::model::tag::{self, Tag};
use crate::operations::comment;
use crate::operations::edit_incident::collect;
use crate::operations::items::{self, ItemState, Outcome as ItemOutcome};
use crate::operations::jobs::{self, AT_ONCE};
use crate::permissions::{Action, require};
use crate::schema::{history, incidents};

/// Most incidents that one act takes.
pub const LIMIT: usize = 100_000;
/// What the form asks, as typed. Nothing typed leaves a field as each incident has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Asked {
    pub status: Option<String>,
    pub resolving_note: Option<String>,
    /// A severity's value, or "automatic".
    pub severity: Option<String>,
    /// A classification's value, or "classification:determination". Alone it leaves a determination
    /// that goes with it.
    pub classification: Option<String>,
    /// A determination that goes with the classification, where that does not say its own.
    pub determination: Option<String>,
    /// A user name; an empty one takes the owner away.
    pub assigned_to: Option<String>,
    /// A date: "2026-11-28".
    pub follow_up_at: Option<String>,
    /// Takes the follow-up date away.
    pub clear_follow_up: bool,
    pub add_tags: String,
    pub remove_tags: String,
    pub comment: String,
    /// The newest entry of the history when the person looked: what others changed since is left
    /// alone. A clock would miss what was committed late.
    pub seen: Option<i64>,
    /// What the form was given to be known by when it is sent twice; empty where it has none.
    #[serde(skip)]
    pub form: String,
}

/// What is asked, read and checked.
#[derive(Debug, Clone)]
pub struct Plan {
    status: Option<Status>,
    note: Option<String>,
    severity: Option<SeverityEdit>,
    outcome: Option<Outcome>,
    /// No determination was asked for.
    any_determination: bool,
    owner: NewOwner,
    follow_up: Option<Option<i64>>,
    add: Vec<String>,
    remove: Vec<String>,
    comment: Option<Change>,
}

impl Asked {
    /// Reads it, with a message at each field that cannot be taken.
    pub fn plan(&self, conn: &mut AnyConnection) -> Result<Plan> {
        let mut errors = FieldErrors::default();
        let status = self.status.as_deref().and_then(|text| match Status::parse(text) {
            None | Some(Status::Redirected) => {
                errors.add("status", "Choose Active, In progress or Resolved.");
                None
            }
            found => found,
        });
        let severity = self.severity.as_deref().and_then(|text| {
            if text.eq_ignore_ascii_case("automatic") {
                return Some(SeverityEdit::Automatic);
            }
            let step = Severity::parse(text).map(SeverityEdit::Set);
            if step.is_none() {
                errors.add("severity", "Choose High, Medium, Low, Informational or Automatic.");
            }
            step
        });
        let outcome = self.outcome().unwrap_or_else(|(field, message)| {
            errors.add(field, message);
            None
        });
        let any_determination =
            self.determination.is_none() && outcome.is_some_and(|asked| asked.determination == Determination::Unknown);
        let note = self.resolving_note.clone();
        if note.as_deref().is_some_and(|note| note.replace("\r\n", "\n").chars().count() > status::NOTE_LIMIT) {
            errors.add("resolving_note", "A resolving note has at most 4,000 characters.");
        }
        let owner = assignment::asked(conn, self.assigned_to.as_deref(), None, &mut errors)?;
        let follow_up = match (self.follow_up_at.as_deref(), self.clear_follow_up) {
            (Some(_), true) => {
                errors.add("follow_up_at", "Choose a date or clear it, not both.");
                None
            }
            (None, true) => Some(None),
            (typed, false) => follow_up::parse(typed, &mut errors),
        };
        let add = collect(tags::clean([self.add_tags.as_str()]), &mut errors)?.unwrap_or_default();
        let remove = collect(tags::clean([self.remove_tags.as_str()]), &mut errors)?.unwrap_or_default();
        collect(tags::set(&[], &add), &mut errors)?;
        if let Some(both) = add.iter().find(|tag| remove.iter().any(|other| tag::key(other) == tag::key(tag))) {
            errors.add("remove_tags", format!("The tag \"{both}\" is to be added and removed; choose one."));
        }
        let comment = if self.comment.trim().is_empty() {
            None
        } else {
            match comment::commented(&self.comment) {
                Ok(change) => Some(change),
                Err(Error::Invalid(found)) => {
                    errors.add("comment", found.to_string());
                    None
                }
                Err(other) => return Err(other),
            }
        };
        errors.into_result()?;
        Ok(Plan { status, note, severity, outcome, any_determination, owner, follow_up, add, remove, comment })
    }

    fn outcome(&self) -> std::result::Result<Option<Outcome>, (&'static str, String)> {
        match (self.classification.as_deref(), self.determination.as_deref()) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(("determination", "Choose the classification that it goes with.".to_owned())),
            (Some(text), determination) => {
                let own = determination.filter(|_| !text.contains(':'));
                Outcome::parse(Outcome::default(), Some(text), own).map(Some)
            }
        }
    }
}

impl Plan {
    /// Whether nothing is asked at all.
    pub fn is_nothing(&self) -> bool {
        self.status.is_none()
            && self.note.is_none()
            && self.severity.is_none()
            && self.outcome.is_none()
            && self.owner == NewOwner::Unchanged
            && self.follow_up.is_none()
            && self.add.is_empty()
            && self.remove.is_empty()
            && self.comment.is_none()
    }

    /// Whether what alerts are decides what is done.
    fn asks_alerts(&self) -> bool {
        matches!(self.severity, Some(SeverityEdit::Automatic))
            || self.outcome.is_some()
            || self.owner != NewOwner::Unchanged
    }

    /// Decides one incident; the error is why it is left alone.
    fn decide(&self, incident: &Incident, states: &[AlertState], has: &[Tag]) -> std::result::Result<Vec<Act>, String> {
        if incident.status == Status::Redirected {
            return Err(REDIRECTED.to_owned());
        }
        let mut acts = Vec::new();
        if let Some(edit) = self.severity {
            let highest = states.iter().map(|alert| alert.severity).max().unwrap_or(incident.severity);
            acts.extend(severity::set(incident, edit, highest));
        }
        acts.extend(self.retag(has)?);
        match self.owner {
            NewOwner::Unchanged => {}
            NewOwner::Nobody => acts.extend(assignment::set(incident, states, None)),
            NewOwner::Person(id) => acts.extend(assignment::set(incident, states, Some(id))),
        }
        let keeps = |to: &Outcome| self.any_determination && to.classification == incident.classification;
        if let Some(to) = self.outcome.map(|to| if keeps(&to) { incident.outcome() } else { to }) {
            acts.extend(classification::set(incident, states, to));
        }
        acts.extend(self.follow_up.and_then(|to| follow_up::set(incident, to)));
        if self.status.is_some() || self.note.is_some() {
            let to = self.status.unwrap_or(incident.status);
            // The note is for those that are resolved now, not for those that somebody has resolved.
            let note = self.note.as_deref().filter(|_| self.status != Some(incident.status));
            acts.extend(status::set(incident, states, to, note));
        }
        acts.extend(self.comment.clone().map(Act::incident));
        if acts.is_empty() { Err(SO_ALREADY.to_owned()) } else { Ok(acts) }
    }

    fn retag(&self, has: &[Tag]) -> std::result::Result<Vec<Act>, String> {
        if self.add.is_empty() && self.remove.is_empty() {
            return Ok(Vec::new());
        }
        let kept = has.iter().filter(|tag| !tag.system).map(|tag| tag.name.clone());
        let goes = |name: &String| self.remove.iter().any(|other| tag::key(other) == tag::key(name));
        let wanted: Vec<String> = kept.filter(|name| !goes(name)).chain(self.add.iter().cloned()).collect();
        tags::clean(wanted.iter().map(String::as_str))
            .and_then(|wanted| tags::set(has, &wanted))
            .map_err(|error| error.to_string())
    }
}

/// The kinds of entries that bring alerts.
const ARRIVALS: [&str; 3] = ["opened", "alertAdded", "merged"];

/// Why an incident is left alone.
pub const REDIRECTED: &str = "Redirected to another incident";
/// The same.
pub const SO_ALREADY: &str = "So already";

/// What a bulk act came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Nothing was asked, or everything was so already.
    Nothing(Vec<ItemOutcome>),
    /// It is done.
    Now { operation: i64, outcomes: Vec<ItemOutcome> },
    /// It is worked off in the background.
    Started { operation: i64 },
    /// The same form was sent before.
    Before { operation: i64 },
}

/// Does what is asked of incidents: a few at once, all or none; many as a job, which the caller
/// starts.
pub fn act(tx: &mut Tx<'_>, actor: &Actor, ids: &[i64], asked: &Asked) -> Result<Done> {
    require(actor, Action::Work)?;
    let mut form = asked.form.as_str();
    if let Some(before) = operation_log::of_form(tx.conn, actor, form)? {
        if before.detail == serde_json::to_string(asked)? {
            return Ok(Done::Before { operation: before.id });
        }
        // Gone back to, and something else typed: that is meant.
        form = "";
    }
    let plan = asked.plan(tx.conn)?;
    if plan.is_nothing() {
        return Ok(Done::Nothing(Vec::new()));
    }
    if ids.len() > LIMIT {
        return Err(Error::at_field("ids", "At most 100,000 incidents are managed at once; narrow the filter."));
    }
    let known = existing(tx.conn, ids)?;
    if known.len() != ids.len() {
        return Err(Error::NotFound);
    }
    if known.len() > AT_ONCE {
        let operation = jobs::start(tx, actor, Kind::Bulk, asked, &known)?;
        operation_log::note_form(tx, operation, form)?;
        return Ok(Done::Started { operation });
    }
    let (changing, outcomes) = decide_all(tx, actor, &plan, asked, &known)?;
    if changing.is_empty() {
        return Ok(Done::Nothing(outcomes));
    }
    let operation = operation_log::begin(tx, actor, Kind::Bulk, asked)?;
    operation_log::note_form(tx, operation, form)?;
    operation_log::set_total(tx, operation, outcomes.len())?;
    commit(tx, actor, changing)?;
    items::insert_all(tx, operation, &outcomes)?;
    Ok(Done::Now { operation, outcomes })
}

/// Works on some items of a job that edits incidents.
pub fn work(tx: &mut Tx<'_>, actor: &Actor, job: &Operation, ids: &[i64]) -> Result<Vec<ItemOutcome>> {
    let asked: Asked = serde_json::from_str(&job.detail)?;
    let plan = asked.plan(tx.conn)?;
    let (changing, outcomes) = decide_all(tx, actor, &plan, &asked, ids)?;
    commit(tx, actor, changing)?;
    Ok(outcomes)
}

/// Those of some incidents that exist, in ascending id.
fn existing(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<i64>> {
    let mut known = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        known.extend(incidents::table.filter(incidents::id.eq_any(ids)).select(incidents::id).load::<i64>(conn)?);
    }
    known.sort_unstable();
    Ok(known)
}

fn decide_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    plan: &Plan,
    asked: &Asked,
    ids: &[i64],
) -> Result<(Vec<IncidentChanges<'static>>, Vec<ItemOutcome>)> {
    let mut claimed = claim::claim_many(tx, ids)?;
    claimed.sort_by_key(|claimed| claimed.incident().id);
    let mut states = alert_states_of(tx.conn, ids)?;
    let mut tags: HashMap<i64, Vec<Tag>> = tags::of_many(tx.conn, ids)?;
    let touched = touched_since(tx.conn, ids, asked.seen)?;
    let (mut changing, mut outcomes) = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
    for claimed in claimed {
        let incident = claimed.incident();
        let id = incident.id;
        let states = states.remove(&id).unwrap_or_default();
        let tags = tags.remove(&id).unwrap_or_default();
        let changed = if touched.contains(&id) { changed_since(tx.conn, actor, id, asked.seen)? } else { None };
        let decided = changed.map_or_else(|| plan.decide(incident, &states, &tags), Err);
        let (state, reason) = match decided {
            Ok(acts) => {
                changing.push(IncidentChanges::new(claimed, acts));
                (ItemState::Done, String::new())
            }
            Err(why) => {
                claimed.release();
                (ItemState::Skipped, why)
            }
        };
        outcomes.push(ItemOutcome { incident: id, state, reason });
    }
    Ok((changing, outcomes))
}

/// Those of some incidents that anything happened to since the person looked.
fn touched_since(conn: &mut AnyConnection, ids: &[i64], seen: Option<i64>) -> Result<HashSet<i64>> {
    let Some(seen) = seen else { return Ok(HashSet::new()) };
    let touched: Vec<i64> = history::table
        .inner_join(incidents::table)
        .filter(incidents::id.eq_any(ids))
        .filter(history::revision.eq(incidents::revision))
        .filter(history::id.gt(seen))
        .select(incidents::id)
        .load(conn)?;
    Ok(touched.into_iter().collect())
}

/// What somebody else did to an incident since the person looked, in words: a change of a field of
/// its own, as in the manage form, or alerts that joined it.
fn changed_since(conn: &mut AnyConnection, actor: &Actor, incident: i64, seen: Option<i64>) -> Result<Option<String>> {
    let Some(seen) = seen else { return Ok(None) };
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::id.gt(seen))
        .filter(history::actor_kind.ne("system").or(history::kind.eq_any(ARRIVALS)))
        .order(history::revision.desc())
        .limit(100)
        .select(Row::as_select())
        .load(conn)?;
    let mut why = None;
    for entry in rows.into_iter().map(Entry::from) {
        if matches!(entry.change, Change::Opened { .. }) {
            return Ok(Some("Came in since you looked".to_owned()));
        }
        if matches!(entry.change, Change::AlertAdded { .. } | Change::Merged { .. }) {
            why = Some("New alerts came in since you looked".to_owned());
        } else if entry.change.field().is_some()
            && entry.alert_id.is_none()
            && !entry.is_by(actor)
            && entry.actor_kind != "system"
        {
            let people = users::names(conn)?;
            return Ok(Some(format!("Changed by {} since you looked", entry.actor(&people))));
        }
    }
    Ok(why)
}
