//! A provider's update of its own incident: the imported incident takes the changes, except of fields that a
//! person here has decided (R14).

use crate::accounts::users;
use crate::alerts::lookup::alert_states;
use crate::db::Tx;
use crate::error::Result;
use crate::history::staleness;
use crate::incidents::{classification, status};
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::incident::{Incident, NameSource, Status};
use crate::model::incoming::IncomingIncident;
use crate::model::naming;
use crate::model::outcome::{Classification, Determination, Outcome};
use crate::model::planned_change::PlannedChange;
use crate::model::severity::SeveritySource;
use crate::text::one_line;

/// The changes that follow from a newer report; none from the same or an older one.
pub fn changes(tx: &mut Tx<'_>, incident: &Incident, reported: &IncomingIncident) -> Result<Vec<PlannedChange>> {
    if reported.updated_at.is_none() || reported.updated_at <= incident.provider_updated_at {
        return Ok(Vec::new());
    }
    let people = users::names(tx.conn)?;
    let so_far = staleness::since(tx.conn, incident.id, 0, &people)?;
    let decided = |field: Field| so_far.changes.iter().any(|change| change.field == field && change.by_person);
    let states = alert_states(tx.conn, incident.id)?;
    let mut changes = Vec::new();
    let name: String = one_line(&reported.name).chars().take(naming::LENGTH_LIMIT).collect();
    if incident.name_source == NameSource::Imported && !name.is_empty() && name != incident.name {
        changes.push(PlannedChange::incident(Change::Renamed {
            from: incident.name.clone(),
            from_source: NameSource::Imported,
            to: name,
            to_source: NameSource::Imported,
        }));
    }
    if let Some(to) = reported.severity
        && incident.severity_source == SeveritySource::Imported
        && to != incident.severity
    {
        changes.push(PlannedChange::incident(Change::SeveritySet {
            from: incident.severity,
            from_source: SeveritySource::Imported,
            to,
            to_source: SeveritySource::Imported,
        }));
    }
    let outcome = Outcome {
        classification: Classification::parse(&reported.classification).unwrap_or_default(),
        determination: Determination::parse(&reported.determination).unwrap_or_default(),
    };
    if outcome.is_set() && !decided(Field::Classification) {
        changes.extend(classification::set(incident, &states, outcome));
    }
    if let Some(to) = Status::parse(&reported.status).filter(|to| *to != Status::Redirected)
        && incident.status != Status::Redirected
        && !decided(Field::Status)
    {
        changes.extend(status::set(incident, &states, to, Some(&reported.resolving_note)));
    }
    changes.push(PlannedChange::incident(Change::ProviderSeen {
        key: incident.provider_key.clone().unwrap_or_default(),
        updated_at: reported.updated_at,
    }));
    Ok(changes)
}
