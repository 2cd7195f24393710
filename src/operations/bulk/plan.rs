//! A bulk edit as it was read and checked, and what it changes in one incident.

use crate::db::AnyConnection;
use crate::error::{FieldErrors, Result};
use crate::incidents::assignment::NewOwner;
use crate::incidents::follow_up::NewDate;
use crate::incidents::severity::SeverityEdit;
use crate::incidents::{assignment, classification, follow_up, severity, status, tags};
use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::incident::{Incident, Status};
use crate::model::outcome::{Determination, Outcome};
use crate::model::planned_change::PlannedChange;
use crate::model::severity::Severity;
use crate::model::tag;
use crate::model::tag::Tag;
use crate::operations::bulk::edit::BulkEdit;
use crate::operations::comment;
use crate::operations::edit_incident::collect;
use crate::operations::jobs::ALERTS_OF_ONE;

/// Why an incident is left alone: it is redirected.
pub const REDIRECTED: &str = "Redirected to another incident";
/// Why an incident is left alone: too many of its alerts would change.
const TOO_MANY_ALERTS: &str = "Has too many alerts to change at once";
/// Why an incident is left alone: it is so already.
pub const SO_ALREADY: &str = "Already set";

/// A bulk edit, read and checked.
#[derive(Debug, Clone)]
pub struct Plan {
    status: Option<Status>,
    note: Option<String>,
    severity: Option<SeverityEdit>,
    outcome: Option<Outcome>,
    /// The edit names no determination: one that goes with the classification stays.
    any_determination: bool,
    owner: NewOwner,
    follow_up: NewDate,
    add: Vec<String>,
    remove: Vec<String>,
    comment: Option<Change>,
}

impl BulkEdit {
    /// Reads the edit, with a message at each field that cannot be taken.
    pub fn plan(&self, conn: &mut AnyConnection) -> Result<Plan> {
        let mut errors = FieldErrors::default();
        let status = self.read_status(&mut errors);
        let severity = self.read_severity(&mut errors);
        let outcome = self.outcome().unwrap_or_else(|(field, message)| {
            errors.add(field, message);
            None
        });
        let any_determination =
            self.determination.is_none() && outcome.is_some_and(|to| to.determination == Determination::Unknown);
        let note = self.resolving_note.clone();
        status::check_note(note.as_deref(), &mut errors);
        let owner = assignment::read_owner(conn, self.assigned_to.as_deref(), None, &mut errors)?;
        let follow_up = self.read_follow_up(&mut errors);
        let add = collect(tags::clean([self.add_tags.as_str()]), &mut errors)?.unwrap_or_default();
        let remove = collect(tags::clean([self.remove_tags.as_str()]), &mut errors)?.unwrap_or_default();
        collect(tags::set(&[], &add), &mut errors)?;
        if let Some(both) = add.iter().find(|tag| remove.iter().any(|other| tag::key(other) == tag::key(tag))) {
            errors.add("remove_tags", format!("The tag \"{both}\" is both added and removed. Choose one."));
        }
        let comment = comment::typed(&self.comment, &mut errors)?;
        errors.into_result()?;
        Ok(Plan { status, note, severity, outcome, any_determination, owner, follow_up, add, remove, comment })
    }

    fn read_status(&self, errors: &mut FieldErrors) -> Option<Status> {
        match Status::parse(self.status.as_deref()?) {
            None | Some(Status::Redirected) => {
                errors.add("status", "Choose Active, In progress or Resolved.");
                None
            }
            found => found,
        }
    }

    fn read_severity(&self, errors: &mut FieldErrors) -> Option<SeverityEdit> {
        let text = self.severity.as_deref()?;
        if text.eq_ignore_ascii_case("automatic") {
            return Some(SeverityEdit::Automatic);
        }
        let severity = Severity::parse(text).map(SeverityEdit::Set);
        if severity.is_none() {
            errors.add("severity", "Choose High, Medium, Low, Informational or Automatic.");
        }
        severity
    }

    fn read_follow_up(&self, errors: &mut FieldErrors) -> NewDate {
        match (self.follow_up_at.as_deref(), self.clear_follow_up) {
            (Some(_), true) => {
                errors.add(Field::FollowUp.as_str(), "Choose a date or clear it, not both.");
                NewDate::Unchanged
            }
            (None, true) => NewDate::Cleared,
            (typed, false) => follow_up::read_date(typed, errors),
        }
    }

    fn outcome(&self) -> std::result::Result<Option<Outcome>, (&'static str, String)> {
        match (self.classification.as_deref(), self.determination.as_deref()) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(("determination", "Choose a classification for this determination.".to_owned())),
            (Some(text), determination) => {
                let own = determination.filter(|_| !text.contains(':'));
                Outcome::parse(Outcome::default(), Some(text), own).map(Some)
            }
        }
    }
}

impl Plan {
    /// Whether it changes nothing.
    pub fn is_nothing(&self) -> bool {
        self.status.is_none()
            && self.note.is_none()
            && self.severity.is_none()
            && self.outcome.is_none()
            && self.owner == NewOwner::Unchanged
            && self.follow_up == NewDate::Unchanged
            && self.add.is_empty()
            && self.remove.is_empty()
            && self.comment.is_none()
    }

    /// Whether what it changes depends on the alerts of an incident.
    pub(super) fn depends_on_alerts(&self) -> bool {
        matches!(self.severity, Some(SeverityEdit::Automatic))
            || self.outcome.is_some()
            || self.owner != NewOwner::Unchanged
    }

    /// Decides one incident; the error is why it is left alone.
    pub(super) fn decide(
        &self,
        incident: &Incident,
        states: &[AlertState],
        has: &[Tag],
    ) -> std::result::Result<Vec<PlannedChange>, String> {
        if incident.status == Status::Redirected {
            return Err(REDIRECTED.to_owned());
        }
        let mut changes = Vec::new();
        if let Some(edit) = self.severity {
            let highest = Severity::of_alerts(states.iter().map(|alert| alert.severity)).unwrap_or(incident.severity);
            changes.extend(severity::set(incident, edit, highest));
        }
        changes.extend(self.retag(has)?);
        match self.owner {
            NewOwner::Unchanged => {}
            NewOwner::Nobody => changes.extend(assignment::set(incident, states, None)),
            NewOwner::Person(id) => changes.extend(assignment::set(incident, states, Some(id))),
        }
        let keeps = |to: &Outcome| self.any_determination && to.classification == incident.classification;
        if let Some(to) = self.outcome.map(|to| if keeps(&to) { incident.outcome() } else { to }) {
            changes.extend(classification::set(incident, states, to));
        }
        changes.extend(follow_up::set(incident, self.follow_up));
        if self.status.is_some() || self.note.is_some() {
            let to = self.status.unwrap_or(incident.status);
            // The note is for those that are resolved now, not for those that somebody has resolved.
            let note = self.note.as_deref().filter(|_| self.status != Some(incident.status));
            changes.extend(status::set(incident, states, to, note));
        }
        changes.extend(self.comment.clone().map(PlannedChange::incident));
        if changes.is_empty() {
            return Err(SO_ALREADY.to_owned());
        }
        if PlannedChange::alert_count(&changes) > ALERTS_OF_ONE {
            return Err(TOO_MANY_ALERTS.to_owned());
        }
        Ok(changes)
    }

    fn retag(&self, has: &[Tag]) -> std::result::Result<Vec<PlannedChange>, String> {
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
