//! Editing one alert: status, classification, owner. Its incident is claimed, because the change is in the
//! incident's history too and its counts follow.

use diesel::prelude::*;

use crate::accounts::users;
use crate::alerts::lookup::find_alert;
use crate::db::Tx;
use crate::error::{Error, FieldErrors, Result};
use crate::history::claim::{Claimed, claim};
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::{operation_log, staleness};
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::conflict::Conflict;
use crate::model::field::Field;
use crate::model::operation::{AlertFlags, Kind};
use crate::model::planned_change::PlannedChange;
use crate::operations::alert_fields::{self, AlertFields, TypedFields};
use crate::operations::resolved::Resolved;
use crate::permissions::{Action, require};
use crate::schema;

/// What an alert's form holds. `None` leaves a field as it is; an empty text clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlertEdit {
    pub status: Option<String>,
    pub classification: Option<String>,
    pub determination: Option<String>,
    pub assigned_to: Option<String>,
}

impl AlertEdit {
    /// A field as the form posted it.
    pub fn value(&self, field: Field) -> Option<&str> {
        match field {
            Field::Status => self.status.as_deref(),
            Field::Classification => self.classification.as_deref(),
            Field::AssignedTo => self.assigned_to.as_deref(),
            // Fields of an incident.
            Field::Name | Field::Severity | Field::ResolvingNote | Field::Tags | Field::FollowUp => None,
        }
    }

    fn forget(&mut self, field: Field) {
        match field {
            Field::Status => self.status = None,
            Field::Classification => (self.classification, self.determination) = (None, None),
            Field::AssignedTo => self.assigned_to = None,
            Field::Name | Field::Severity | Field::ResolvingNote | Field::Tags | Field::FollowUp => {}
        }
    }

    /// Drops the fields that still hold what the form was opened with: the person did not edit them.
    fn forget_untouched(&mut self, conflict: &Conflict) {
        for change in &conflict.changes {
            if self.value(change.field) == Some(change.before.as_str()) {
                self.forget(change.field);
            }
        }
    }

    fn touches_any(&self, conflict: &Conflict) -> bool {
        conflict.changes.iter().any(|change| self.value(change.field).is_some())
    }
}

/// Claims the incident that an alert is in, also when the alert is moved meanwhile.
pub fn claim_incident_of(tx: &mut Tx<'_>, alert: i64) -> Result<Claimed> {
    let mut incident = find_alert(tx.conn, alert)?.incident_id;
    // Between look-up and claim the alert may have been moved; then the new one is claimed.
    for _ in 0..3 {
        let claimed = claim(tx, incident)?;
        let now_in = find_alert(tx.conn, alert)?.incident_id;
        if now_in == incident {
            return Ok(claimed);
        }
        claimed.release();
        incident = now_in;
    }
    Err(Error::internal("the alert keeps moving"))
}

/// An alert as it is after an edit, and the operation that undoes it, when it changed anything.
#[derive(Debug, Clone)]
pub struct Saved {
    pub alert: Alert,
    pub operation: Option<i64>,
    pub resolved: Resolved,
}

impl Saved {
    fn unchanged(alert: Alert) -> Self {
        Self { alert, operation: None, resolved: Resolved::default() }
    }
}

/// Applies an edit made from the alert's `revision`. Returns the alert as it is afterwards.
pub fn edit(tx: &mut Tx<'_>, actor: &Actor, id: i64, revision: Option<i64>, form: &AlertEdit) -> Result<Saved> {
    require(actor, Action::Work)?;
    let claimed = claim_incident_of(tx, id)?;
    let alert = find_alert(tx.conn, id)?;
    let mut form = form.clone();
    if revision.is_some_and(|revision| revision > alert.revision) {
        return Err(Error::at_field("revision", "This form is incomplete. Open the alert again."));
    }
    if let Some(revision) = revision.filter(|revision| *revision < alert.revision) {
        if matches!(decide(tx, &alert, &form), Ok(changes) if changes.is_empty()) {
            return Ok(Saved::unchanged(alert));
        }
        let people = users::names(tx.conn)?;
        let conflict = staleness::since_on_alert(tx.conn, id, revision, &people)?;
        if conflict.any_by_person() {
            return Err(Error::Conflict(Box::new(conflict)));
        }
        form.forget_untouched(&conflict);
        if form.touches_any(&conflict) {
            return Err(Error::Conflict(Box::new(conflict)));
        }
    }
    let changes = decide(tx, &alert, &form)?;
    if changes.is_empty() {
        return Ok(Saved::unchanged(alert));
    }
    let mut resolved = Resolved::default();
    resolved.note_alert(&alert, &changes);
    let (status_by_person, classified_by_person) = (alert.status_by_person, alert.classified_by_person);
    let before = AlertFlags { alert: id, status_by_person, classified_by_person };
    let operation = operation_log::begin(tx, actor, Kind::AlertEdit, &before)?;
    let decision = alert_fields::decision(id, &changes);
    let changes = IncidentChanges::new(claimed, changes).with_decisions(vec![decision]);
    commit(tx, actor, vec![changes])?;
    tx.operation = None;
    Ok(Saved { alert: find_alert(tx.conn, id)?, operation: Some(operation), resolved })
}

/// Assigns the alert to the actor, but not its incident.
pub fn assign_to_me(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Saved> {
    let person = actor.person().ok_or(Error::Forbidden("An alert can only be assigned to a person."))?;
    let assignment = AlertEdit { assigned_to: Some(person.name.clone()), ..AlertEdit::default() };
    edit(tx, actor, id, None, &assignment)
}

fn decide(tx: &mut Tx<'_>, alert: &Alert, form: &AlertEdit) -> Result<Vec<PlannedChange>> {
    let mut errors = FieldErrors::default();
    let typed = TypedFields {
        status: form.status.as_deref(),
        classification: form.classification.as_deref(),
        determination: form.determination.as_deref(),
        assigned_to: form.assigned_to.as_deref(),
    };
    let fields = AlertFields::read(tx.conn, typed, Some(alert), &mut errors)?;
    errors.into_result()?;
    Ok(fields.changes(alert))
}

/// The raw record as the provider sent it, and when.
pub fn payload(conn: &mut crate::db::AnyConnection, alert: i64) -> Result<(String, i64)> {
    Ok(schema::alert_payloads::table
        .find(alert)
        .select((schema::alert_payloads::payload, schema::alert_payloads::received_at))
        .first(conn)?)
}
