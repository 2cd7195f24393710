//! Who owns an incident; its alerts follow (R2).

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{FieldErrors, Result};
use crate::model::alert::AlertState;
use crate::model::change::Change;
use crate::model::incident::Incident;
use crate::model::planned_change::PlannedChange;

/// What somebody reads who assigns work to a person that cannot own any.
pub const CANNOT_OWN: &str = "This person cannot be the owner: the account is disabled or a viewer's.";

/// Assigns the incident and all its alerts, or unassigns all of them. Alerts follow even when the incident
/// already has this owner.
pub fn set(incident: &Incident, alerts: &[AlertState], to: Option<i64>) -> Vec<PlannedChange> {
    let mut changes = Vec::new();
    if incident.assigned_to != to {
        changes.push(PlannedChange::incident(Change::Assigned { from: incident.assigned_to, to }));
    } else if alerts.iter().all(|alert| alert.assigned_to == to) || to.is_none() {
        return changes;
    }
    changes.extend(
        alerts
            .iter()
            .filter(|alert| alert.assigned_to != to)
            .map(|alert| PlannedChange::nested(alert.id, Change::Assigned { from: alert.assigned_to, to })),
    );
    changes
}

/// Whom an incident or an alert is to be assigned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewOwner {
    Unchanged,
    Nobody,
    Person(i64),
}

/// Reads a typed user name; an empty one is nobody. Somebody who may not work keeps what they own
/// (`current`) and is assigned nothing new.
pub fn read_owner(
    conn: &mut AnyConnection,
    typed: Option<&str>,
    current: Option<i64>,
    errors: &mut FieldErrors,
) -> Result<NewOwner> {
    let Some(typed) = typed.map(str::trim) else { return Ok(NewOwner::Unchanged) };
    if typed.is_empty() {
        return Ok(NewOwner::Nobody);
    }
    match users::by_name(conn, typed)? {
        Some(user) if user.can_own() || current == Some(user.id) => return Ok(NewOwner::Person(user.id)),
        Some(_) => {
            errors.add("assigned_to", CANNOT_OWN);
        }
        None => errors.add("assigned_to", "There is no user with this name."),
    }
    Ok(NewOwner::Unchanged)
}
