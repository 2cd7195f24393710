//! What people set of an alert, and the changes that follow from it: the same rules for one alert and for many.

use crate::db::AnyConnection;
use crate::error::{FieldErrors, Result};
use crate::history::incident_changes::AlertDecision;
use crate::incidents::assignment::{self, NewOwner};
use crate::model::alert::{Alert, AlertStatus};
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;

/// The fields as a form holds them. `None` leaves a field as it is; an empty text clears it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TypedFields<'t> {
    pub status: Option<&'t str>,
    pub classification: Option<&'t str>,
    pub determination: Option<&'t str>,
    pub assigned_to: Option<&'t str>,
}

/// The fields, read and checked.
#[derive(Debug, Clone)]
pub(super) struct AlertFields {
    status: Option<AlertStatus>,
    /// A classification and a determination, which may belong to the one that the alert has.
    outcome: (Option<String>, Option<String>),
    owner: NewOwner,
}

impl AlertFields {
    /// Reads what was typed, with a message at each field that cannot be taken. `alert` is the one that it is for,
    /// where it is for one.
    pub fn read(
        conn: &mut AnyConnection,
        typed: TypedFields<'_>,
        alert: Option<&Alert>,
        errors: &mut FieldErrors,
    ) -> Result<Self> {
        let status = typed.status.and_then(AlertStatus::parse);
        if typed.status.is_some() && status.is_none() {
            errors.add("status", "Choose New, In progress or Resolved.");
        }
        let outcome = alert.map(Alert::outcome).unwrap_or_default();
        if let Err((field, message)) = Outcome::parse(outcome, typed.classification, typed.determination) {
            errors.add(field, message);
        }
        let owner = alert.and_then(|alert| alert.assigned_to);
        let owner = assignment::read_owner(conn, typed.assigned_to, owner, errors)?;
        let outcome = (typed.classification.map(str::to_owned), typed.determination.map(str::to_owned));
        Ok(Self { status, outcome, owner })
    }

    /// Whether it sets nothing.
    pub fn is_nothing(&self) -> bool {
        [Field::Status, Field::Classification, Field::AssignedTo].into_iter().all(|field| !self.sets(field))
    }

    pub fn sets(&self, field: Field) -> bool {
        match field {
            Field::Status => self.status.is_some(),
            Field::Classification => self.outcome.0.is_some() || self.outcome.1.is_some(),
            Field::AssignedTo => self.owner != NewOwner::Unchanged,
            // Fields of an incident.
            Field::Name | Field::Severity | Field::ResolvingNote | Field::Tags | Field::FollowUp => false,
        }
    }

    /// What it changes in an alert; nothing where the alert is so already.
    pub fn changes(&self, alert: &Alert) -> Vec<PlannedChange> {
        let mut changes = Vec::new();
        if let Some(to) = self.status.filter(|to| *to != alert.status) {
            changes.push(Change::AlertStatusSet {
                from: alert.status,
                to,
                with_incident: false,
                before: alert.closing(),
                restores: None,
            });
        }
        let (from, (classification, determination)) = (alert.outcome(), &self.outcome);
        if let Ok(to) = Outcome::parse(from, classification.as_deref(), determination.as_deref())
            && to != from
        {
            changes.push(Change::Classified { from, to });
        }
        let to = match self.owner {
            NewOwner::Unchanged => alert.assigned_to,
            NewOwner::Nobody => None,
            NewOwner::Person(id) => Some(id),
        };
        if to != alert.assigned_to {
            changes.push(Change::Assigned { from: alert.assigned_to, to });
        }
        changes.into_iter().map(|change| PlannedChange::alert(alert.id, change)).collect()
    }
}

/// What a person decides by changes of an alert, its source no longer does (R14).
pub(super) fn decision(alert: i64, changes: &[PlannedChange]) -> AlertDecision {
    let sets = |field: Field| changes.iter().any(|planned| planned.change.field() == Some(field));
    AlertDecision {
        alert,
        status_by_person: sets(Field::Status).then_some(true),
        classified_by_person: sets(Field::Classification).then_some(true),
    }
}
