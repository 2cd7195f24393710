//! A provider's incident told again: what changed there is taken over, as far as no person here has
//! decided otherwise (R14, a human's word is never overwritten).

use crate::accounts::users;
use crate::alerts::lookup::alert_states;
use crate::db::Tx;
use crate::error::Result;
use crate::history::staleness;
use crate::incidents::{classification, status};
use crate::model::change::{Act, Change};
use crate::model::field::Field;
use crate::model::incident::{Incident, NameSource, Status};
use crate::model::incoming::IncomingIncident;
use crate::model::naming;
use crate::model::outcome::{Classification, Determination, Outcome};
use crate::model::severity::SeveritySource;
use crate::text::one_line;

/// The changes that follow from a newer telling; none from the same or an older one.
pub fn changes(tx: &mut Tx<'_>, incident: &Incident, told: &IncomingIncident) -> Result<Vec<Act>> {
    if told.updated_at.is_none() || told.updated_at <= incident.provider_updated_at {
        return Ok(Vec::new());
    }
    let people = users::names(tx.conn)?;
    let so_far = staleness::since(tx.conn, incident.id, 0, &people)?;
    let decided = |field: Field| so_far.changes.iter().any(|change| change.field == field && change.by_person);
    let states = alert_states(tx.conn, incident.id)?;
    let mut acts = Vec::new();
    let name: String = one_line(&told.name).chars().take(naming::LENGTH_LIMIT).collect();
    if incident.name_source == NameSource::Imported && !name.is_empty() && name != incident.name {
        acts.push(Act::incident(Change::Renamed {
            from: incident.name.clone(),
            from_source: NameSource::Imported,
            to: name,
            to_source: NameSource::Imported,
        }));
    }
    if let Some(to) = told.severity
        && incident.severity_source == SeveritySource::Imported
        && to != incident.severity
    {
        acts.push(Act::incident(Change::SeveritySet {
            from: incident.severity,
            from_source: SeveritySource::Imported,
            to,
            to_source: SeveritySource::Imported,
        }));
    }
    let outcome = Outcome {
        classification: Classification::parse(&told.classification).unwrap_or_default(),
        determination: Determination::parse(&told.determination).unwrap_or_default(),
    };
    if outcome.is_set() && !decided(Field::Classification) {
        acts.extend(classification::set(incident, &states, outcome));
    }
    if let Some(to) = Status::parse(&told.status).filter(|to| *to != Status::Redirected)
        && incident.status != Status::Redirected
        && !decided(Field::Status)
    {
        acts.extend(status::set(incident, &states, to, Some(&told.resolving_note)));
    }
    acts.push(Act::incident(Change::ProviderSeen {
        key: incident.provider_key.clone().unwrap_or_default(),
        updated_at: told.updated_at,
    }));
    Ok(acts)
}
