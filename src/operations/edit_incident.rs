//! Editing one incident by the manage form: the rules in `incidents` decide which changes follow, and they
//! are committed at once.

use crate::accounts::users;
use crate::alerts::lookup::alert_states;
use crate::db::Tx;
use crate::error::{Error, FieldErrors, Result};
use crate::history::claim::claim;
use crate::history::commit::commit_one;
use crate::history::{operation_log, recompute, staleness};
use crate::incidents::assignment::{self, NewOwner};
use crate::incidents::naming::rename;
use crate::incidents::severity::{self, SeverityEdit};
use crate::incidents::{classification, follow_up, status, tags};
use crate::model::actor::Actor;
use crate::model::conflict::Conflict;
use crate::model::field::Field;
use crate::model::incident::{Incident, Status};
use crate::model::operation::Kind;
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;
use crate::model::severity::Severity;
use crate::operations::jobs::ALERTS_OF_ONE;
use crate::operations::resolved::Resolved;
use crate::permissions::{Action, require};
use crate::text::thousands;

/// What the form holds. `None` leaves a field as it is; an empty text clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edit {
    pub name: Option<String>,
    /// A severity's value, or "automatic".
    pub severity: Option<String>,
    pub status: Option<String>,
    pub resolving_note: Option<String>,
    /// A classification's value, or "classification:determination".
    pub classification: Option<String>,
    pub determination: Option<String>,
    /// A user name.
    pub assigned_to: Option<String>,
    pub tags: Option<Vec<String>>,
    /// A date: "2026-11-28".
    pub follow_up_at: Option<String>,
}

/// The incident's revision after an edit, and the operation that undoes it, when it changed anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub revision: i64,
    pub operation: Option<i64>,
    pub resolved: Resolved,
}

impl Saved {
    fn unchanged(incident: &Incident) -> Self {
        Self { revision: incident.revision, operation: None, resolved: Resolved::default() }
    }
}

/// Applies an edit of a form that was made from `revision` (`None`: the present one). The revision stays
/// when nothing changed.
pub fn edit(tx: &mut Tx<'_>, actor: &Actor, id: i64, revision: Option<i64>, form: &Edit) -> Result<Saved> {
    require(actor, Action::Work)?;
    let claimed = claim(tx, id)?;
    refuse_redirected(claimed.incident())?;
    let mut form = form.clone();
    if revision.is_some_and(|revision| revision > claimed.incident().revision) {
        return Err(Error::at_field("revision", "This form is incomplete. Open the incident again."));
    }
    if let Some(revision) = revision.filter(|revision| *revision < claimed.incident().revision) {
        // The same form sent twice, or two people with the same wish: there is nothing left to change.
        if matches!(decide(tx, claimed.incident(), &form), Ok(changes) if changes.is_empty()) {
            return Ok(Saved::unchanged(claimed.incident()));
        }
        let conflict = changes_since(tx, id, revision)?;
        if conflict.any_by_person() {
            return Err(Error::Conflict(Box::new(conflict)));
        }
        form.forget_untouched(&conflict);
        if form.touches_any(&conflict) {
            return Err(Error::Conflict(Box::new(conflict)));
        }
    }
    let changes = decide(tx, claimed.incident(), &form)?;
    if changes.is_empty() {
        return Ok(Saved::unchanged(claimed.incident()));
    }
    form.refuse_too_many(PlannedChange::alert_count(&changes))?;
    let mut resolved = Resolved::default();
    resolved.note_incident(claimed.incident(), &changes);
    let operation = operation_log::begin(tx, actor, Kind::Edit, &())?;
    let revision = commit_one(tx, claimed, actor, changes)?;
    tx.operation = None;
    Ok(Saved { revision, operation: Some(operation), resolved })
}

/// Assigns the incident to the actor (R2).
pub fn assign_to_me(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Saved> {
    require(actor, Action::Work)?;
    let person = actor.person().ok_or(Error::Forbidden("An incident can only be assigned to a person."))?;
    let assignment = Edit { assigned_to: Some(person.name.clone()), ..Edit::default() };
    edit(tx, actor, id, None, &assignment)
}

fn changes_since(tx: &mut Tx<'_>, id: i64, revision: i64) -> Result<Conflict> {
    let people = users::names(tx.conn)?;
    staleness::since(tx.conn, id, revision, &people)
}

fn refuse_redirected(incident: &Incident) -> Result<()> {
    match (incident.status, incident.redirect_to) {
        (Status::Redirected, Some(target)) => Err(Error::at_field(
            "status",
            format!("This incident was redirected. Its alerts are now in incident {target}."),
        )),
        _ => Ok(()),
    }
}

fn decide(tx: &mut Tx<'_>, incident: &Incident, form: &Edit) -> Result<Vec<PlannedChange>> {
    let mut errors = FieldErrors::default();
    let to_status = parse_status(form, incident, &mut errors);
    let to_severity = parse_severity(form, &mut errors);
    let to_outcome = parse_outcome(form, incident, &mut errors);
    let to_owner = assignment::read_owner(tx.conn, form.assigned_to.as_deref(), incident.assigned_to, &mut errors)?;
    let wanted_tags = match &form.tags {
        Some(typed) => collect(tags::clean(typed.iter().map(String::as_str)), &mut errors)?,
        None => None,
    };
    let to_follow_up = follow_up::read_date(form.follow_up_at.as_deref(), &mut errors);
    status::check_note(form.resolving_note.as_deref(), &mut errors);
    let states = alert_states(tx.conn, incident.id)?;
    let mut changes = Vec::new();
    if let Some(typed) = &form.name {
        let automatic = recompute::automatic_name(tx.conn, incident)?;
        changes.extend(collect(rename(incident, typed, &automatic), &mut errors)?.unwrap_or_default());
    }
    if let Some(edit) = to_severity {
        let highest = Severity::of_alerts(states.iter().map(|alert| alert.severity)).unwrap_or(incident.severity);
        changes.extend(severity::set(incident, edit, highest));
    }
    if let Some(wanted) = wanted_tags {
        let current = tags::of(tx.conn, incident.id)?;
        changes.extend(collect(tags::set(&current, &wanted), &mut errors)?.unwrap_or_default());
    }
    match to_owner {
        NewOwner::Unchanged => {}
        NewOwner::Nobody => changes.extend(assignment::set(incident, &states, None)),
        NewOwner::Person(id) => changes.extend(assignment::set(incident, &states, Some(id))),
    }
    if let Some(to) = to_outcome {
        changes.extend(classification::set(incident, &states, to));
    }
    changes.extend(follow_up::set(incident, to_follow_up));
    if to_status.is_some() || form.resolving_note.is_some() {
        let to = to_status.unwrap_or(incident.status);
        changes.extend(status::set(incident, &states, to, form.resolving_note.as_deref()));
    }
    errors.into_result()?;
    Ok(changes)
}

fn parse_status(form: &Edit, incident: &Incident, errors: &mut FieldErrors) -> Option<Status> {
    let text = form.status.as_deref().map(str::trim)?;
    match Status::parse(text) {
        Some(Status::Redirected) if incident.status != Status::Redirected => {
            errors.add("status", "The status Redirected is set only by moving or merging.");
            None
        }
        None => {
            errors.add("status", "Choose Active, In progress or Resolved.");
            None
        }
        found => found,
    }
}

fn parse_severity(form: &Edit, errors: &mut FieldErrors) -> Option<SeverityEdit> {
    let text = form.severity.as_deref().map(str::trim)?;
    if text.is_empty() || text.eq_ignore_ascii_case("automatic") {
        return Some(SeverityEdit::Automatic);
    }
    let severity = Severity::parse(text).map(SeverityEdit::Set);
    if severity.is_none() {
        errors.add("severity", "Choose High, Medium, Low, Informational or Automatic.");
    }
    severity
}

fn parse_outcome(form: &Edit, incident: &Incident, errors: &mut FieldErrors) -> Option<Outcome> {
    if form.classification.is_none() && form.determination.is_none() {
        return None;
    }
    match Outcome::parse(incident.outcome(), form.classification.as_deref(), form.determination.as_deref()) {
        Ok(outcome) => Some(outcome),
        Err((field, message)) => {
            errors.add(field, message);
            None
        }
    }
}

/// Gathers field errors instead of stopping at the first; other errors stop.
pub(crate) fn collect<T>(result: Result<T>, errors: &mut FieldErrors) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Invalid(found)) => {
            errors.extend(found);
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

impl Edit {
    /// A field as the form posted it.
    pub fn value(&self, field: Field) -> Option<String> {
        match field {
            Field::Name => self.name.clone(),
            Field::Severity => self.severity.clone(),
            Field::Status => self.status.clone(),
            Field::ResolvingNote => self.resolving_note.clone(),
            Field::Classification => self.classification.clone(),
            Field::AssignedTo => self.assigned_to.clone(),
            Field::Tags => self.tags.as_ref().map(|tags| tags.join(", ")),
            Field::FollowUp => self.follow_up_at.clone(),
        }
    }

    fn forget(&mut self, field: Field) {
        match field {
            Field::Name => self.name = None,
            Field::Severity => self.severity = None,
            Field::Status => self.status = None,
            Field::ResolvingNote => self.resolving_note = None,
            Field::Classification => (self.classification, self.determination) = (None, None),
            Field::AssignedTo => self.assigned_to = None,
            Field::FollowUp => self.follow_up_at = None,
            // Both people's tags are kept.
            Field::Tags => {}
        }
    }

    /// Drops the fields that still hold what the form was opened with: the person did not edit them, so
    /// what others changed meanwhile stays.
    pub fn forget_untouched(&mut self, conflict: &Conflict) {
        for change in &conflict.changes {
            let typed = self.value(change.field).map(|text| text.replace("\r\n", "\n"));
            if typed.as_deref() == Some(change.before.as_str()) {
                self.forget(change.field);
            }
        }
    }

    /// Refuses to change more alerts than one transaction should, at the field that changes them.
    fn refuse_too_many(&self, alerts: usize) -> Result<()> {
        if alerts <= ALERTS_OF_ONE {
            return Ok(());
        }
        let field = match (&self.status, &self.classification) {
            (Some(_), _) => "status",
            (None, Some(_)) => "classification",
            (None, None) => "assigned_to",
        };
        Err(Error::at_field(
            field,
            format!(
                "At most {} alerts can be changed at once. Move some of them to another incident first.",
                thousands(ALERTS_OF_ONE)
            ),
        ))
    }

    fn touches_any(&self, conflict: &Conflict) -> bool {
        conflict.changes.iter().any(|change| change.field != Field::Tags && self.value(change.field).is_some())
    }
}
