//! A provider's incident: it stands for itself here, with its name, and keeps its alerts together.

use diesel::prelude::*;

use super::{Batch, Taken, known};
use crate::alerts::LinkedBy;
use crate::alerts::entities;
use crate::alerts::incoming::{IncomingAlert, IncomingIncident};
use crate::error::Result;
use crate::history::landing::imported;
use crate::history::opening::{self, NewIncident};
use crate::history::{Act, Change};
use crate::incidents::{NameSource, Status, lookup, naming, retelling, tags};
use crate::schema::expected_alerts;
use crate::words::one_line;

/// Why an alert is in its provider's incident.
pub(super) fn link() -> LinkedBy {
    LinkedBy {
        reasons: vec!["sameThreatSource".to_owned()],
        sentence: "The provider had it in this incident.".to_owned(),
        considered: Vec::new(),
    }
}

impl<'r> Batch<'_, '_, 'r> {
    pub(super) fn take_incident(
        &mut self,
        incident: &IncomingIncident,
        alerts: &'r [(IncomingAlert, String)],
    ) -> Result<Taken> {
        let into = self.provider_incident(incident)?;
        let mut taken = Taken::default();
        for (alert, payload) in alerts {
            let one = self.take_alert(alert, payload, into)?;
            taken.created += one.created;
            taken.updated += one.updated;
            taken.alert_id = taken.alert_id.or(one.alert_id);
            taken.incident_id = taken.incident_id.or(one.incident_id);
        }
        taken.incident_id = into.or(taken.incident_id);
        Ok(taken)
    }

    /// The incident that stands for the provider's; made when it is new. `None`: it takes no more
    /// alerts here, so they are placed like any other (R4).
    fn provider_incident(&mut self, incoming: &IncomingIncident) -> Result<Option<i64>> {
        let key = entities::bounded_to(&incoming.provider_key, 500);
        if let Some(id) = lookup::by_provider_key(self.tx.conn, &key)? {
            let id = lookup::follow_redirects(self.tx.conn, id)?;
            self.claim(id)?;
            if let Some(standing) = self.standings.get_mut(&id) {
                let incident = standing.claimed.incident().clone();
                standing.acts.extend(retelling::changes(self.tx, &incident, incoming)?);
                return Ok(incident.is_open().then_some(id));
            }
            return Ok(None);
        }
        let new = new_incident(incoming, key);
        let claimed = opening::open_incident(self.tx, &new)?;
        let id = claimed.incident().id;
        self.world.learn(claimed.incident());
        let owner = match incoming.assigned_to.as_str() {
            "" => String::new(),
            owner => format!(" It was assigned to {owner} there."),
        };
        let note = format!("Imported from the provider's incident {}.{owner}", incoming.provider_key);
        self.stand(claimed, None);
        self.act(id, new.opened(note))?;
        for tag in tags::importable(&incoming.tags) {
            self.act(id, Act::incident(Change::Tagged { tag, system: false }))?;
        }
        for comment in &incoming.comments {
            self.act(id, Act::incident(imported(comment)).by(comment.author.clone()))?;
        }
        Ok(Some(id))
    }

    /// The incident that its provider has named for an alert before it came.
    pub(super) fn expected(&mut self, alert: &IncomingAlert) -> Result<Option<i64>> {
        if alert.aliases.is_empty() {
            return Ok(None);
        }
        let named: Option<i64> = expected_alerts::table
            .filter(expected_alerts::alias.eq_any(&alert.aliases))
            .select(expected_alerts::incident_id)
            .first(self.tx.conn)
            .optional()?;
        let Some(id) = named else { return Ok(None) };
        let id = lookup::follow_redirects(self.tx.conn, id)?;
        self.claim(id)?;
        let open = self.standings.get(&id).is_some_and(|standing| standing.claimed.incident().is_open());
        Ok(open.then_some(id))
    }
}

fn new_incident(incoming: &IncomingIncident, key: String) -> NewIncident {
    let name = one_line(&incoming.name);
    let named = !name.is_empty();
    let name = if named { name } else { "Imported incident".to_owned() };
    let status = Status::parse(&incoming.status).filter(|status| *status != Status::Redirected);
    let status = status.unwrap_or(Status::Active);
    let note = Some(incoming.resolving_note.clone()).filter(|note| !note.is_empty());
    NewIncident {
        name: name.chars().take(naming::LENGTH_LIMIT).collect(),
        name_source: if named { NameSource::Imported } else { NameSource::Automatic },
        status,
        severity: incoming.severity,
        outcome: known::outcome(&incoming.classification, &incoming.determination),
        resolving_note: note.filter(|_| status == Status::Resolved),
        related_to: None,
        created_at: incoming.created_at.unwrap_or_else(crate::clock::now),
        provider_key: Some(key),
        provider_updated_at: incoming.updated_at,
    }
}
