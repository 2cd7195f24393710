//! Incidents that providers send: each becomes one incident here, which takes its name and its alerts.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::correlation::merge_exclusions;
use crate::each;
use crate::error::Result;
use crate::history::claim::claim;
use crate::history::new_incident::NewIncident;
use crate::history::reporters;
use crate::incidents::lookup::{find_by_provider_key, follow_redirects};
use crate::incidents::merge_rules::MergePlan;
use crate::incidents::{provider_incident_updates, tags};
use crate::ingest::batch::Batch;
use crate::ingest::ownership::takes_alert_of;
use crate::ingest::place_alert::ProviderIncident;
use crate::ingest::result::IngestResult;
use crate::model::change::Change;
use crate::model::incident::{Incident, NameSource, Status};
use crate::model::incoming::{IncomingAlert, IncomingIncident};
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;
use crate::model::{entity, naming};
use crate::schema::{alert_aliases, alerts, expected_alerts};
use crate::text::one_line;

/// The incident here that a provider's incident became.
struct LocalIncident {
    id: i64,
    is_new: bool,
    /// Whether it takes the alerts that its provider put into it.
    takes_alerts: bool,
}

impl<'r> Batch<'_, '_, 'r> {
    pub(super) fn ingest_incident(
        &mut self,
        incident: &IncomingIncident,
        alerts: &'r [(IncomingAlert, String)],
    ) -> Result<IngestResult> {
        if let Some(result) = self.ignored_whole(incident, alerts)? {
            return Ok(result);
        }
        if let Some(result) = self.refused_whole(incident, alerts) {
            return Ok(result);
        }
        let local = self.provider_incident(incident)?;
        self.provided.push(local.id);
        let into = local.takes_alerts.then_some(local.id);
        let mut result = IngestResult::default();
        let reported_in = ProviderIncident { id: local.id, takes_alerts: local.takes_alerts };
        for (alert, payload) in alerts {
            result.add(self.ingest_alert(alert, payload, Some(reported_in))?);
        }
        if alerts.is_empty() {
            // Its alerts are separate records, so this record counts as one.
            (result.created, result.updated) = if local.is_new { (1, 0) } else { (0, 1) };
        }
        result.incident_id = into.or(result.incident_id).or(Some(local.id));
        Ok(result)
    }

    /// The result where the sender may not report it, or none of its alerts.
    fn refused_whole(&self, incident: &IncomingIncident, alerts: &[(IncomingAlert, String)]) -> Option<IngestResult> {
        if let Some(why) = self.refusals.of_incident(incident) {
            return Some(IngestResult::rejected(why));
        }
        let mut result = IngestResult::default();
        for (alert, _) in alerts {
            result.rejected.push(self.refusals.of_alert(alert)?.clone());
        }
        (!alerts.is_empty()).then_some(result)
    }

    /// Finds or opens it. When it is resolved here, its alerts are placed like any other alert (R4).
    fn provider_incident(&mut self, incoming: &IncomingIncident) -> Result<LocalIncident> {
        let key = entity::bounded_to(&incoming.provider_key, 500);
        if let Some(id) = self.opened_for(&key)? {
            self.claim(id)?;
            let mut takes_alerts = false;
            if let Some(pending) = self.pending_incidents.get_mut(&id) {
                let incident = pending.claimed.incident().clone();
                pending.changes.extend(provider_incident_updates::changes(self.tx, &incident, incoming)?);
                takes_alerts = incident.is_open();
            }
            self.expect(id, incoming)?;
            return Ok(LocalIncident { id, is_new: false, takes_alerts });
        }
        if let Some(id) = self.assign_provider_incident(incoming, &key)? {
            return Ok(LocalIncident { id, is_new: false, takes_alerts: true });
        }
        let id = self.open_provided(incoming, key)?;
        self.expect(id, incoming)?;
        Ok(LocalIncident { id, is_new: true, takes_alerts: true })
    }

    /// The incident that a provider's incident already became, stored or opened by this batch.
    pub(super) fn opened_for(&mut self, key: &str) -> Result<Option<i64>> {
        let opened = self
            .pending_incidents
            .iter()
            .find(|(_, pending)| pending.new.as_ref().is_some_and(|new| new.provider_key.as_deref() == Some(key)));
        if let Some((id, _)) = opened {
            return Ok(Some(*id));
        }
        match find_by_provider_key(self.tx.conn, key)? {
            Some(id) => Ok(Some(follow_redirects(self.tx.conn, id)?)),
            None => Ok(None),
        }
    }

    fn open_provided(&mut self, incoming: &IncomingIncident, key: String) -> Result<i64> {
        let owner = match incoming.assigned_to.as_str() {
            "" => String::new(),
            owner => format!(" The provider had assigned it to {owner}."),
        };
        let note = format!("Imported from the provider's incident {}.{owner}", incoming.provider_key);
        let id = self.open(NewIncident { note, ..new_incident(incoming, key) })?;
        self.add_tags_and_comments(id, incoming)?;
        Ok(id)
    }

    fn add_tags_and_comments(&mut self, id: i64, incoming: &IncomingIncident) -> Result<()> {
        for tag in tags::importable(&incoming.tags) {
            self.add_change(id, PlannedChange::incident(Change::Tagged { tag, system: false }))?;
        }
        for comment in &incoming.comments {
            self.add_change(id, PlannedChange::incident(Change::imported_comment(comment)).by(comment.author.clone()))?;
        }
        Ok(())
    }

    /// When alerts of a provider's incident are stored already, the incident with most of them becomes the
    /// provider's: it takes over name, status and classification, and incidents that hold only other alerts of
    /// it are merged into it.
    fn assign_provider_incident(&mut self, incoming: &IncomingIncident, key: &str) -> Result<Option<i64>> {
        if incoming.alert_ids.is_empty() {
            return Ok(None);
        }
        self.write()?;
        let incidents = self.incidents_of(&incoming.alert_ids)?;
        let Some((&chosen, _)) = incidents.iter().max_by_key(|(id, alerts)| (alerts.len(), std::cmp::Reverse(**id)))
        else {
            return Ok(None);
        };
        self.claim(chosen)?;
        let Some(incident) = self.pending_incidents.get(&chosen).map(|pending| pending.claimed.incident().clone())
        else {
            return Ok(None);
        };
        if incident.provider_key.is_some() || !incident.is_open() {
            return Ok(None);
        }
        if let Some(pending) = self.pending_incidents.remove(&chosen) {
            pending.claimed.release();
        }
        let why = format!("The provider grouped them into its incident {}.", incoming.provider_key);
        let gone: Vec<(i64, String)> =
            self.only_of_provider(&incident, &incidents)?.into_iter().map(|id| (id, why.clone())).collect();
        self.merge(chosen, gone, &why)?;
        self.claim(chosen)?;
        let change = Change::ProviderSeen { key: key.to_owned(), updated_at: None };
        self.add_change(chosen, PlannedChange::incident(change))?;
        self.write()?;
        self.claim(chosen)?;
        self.rename_imported(chosen, incoming)?;
        self.add_tags_and_comments(chosen, incoming)?;
        if let Some(pending) = self.pending_incidents.get_mut(&chosen) {
            let incident = pending.claimed.incident().clone();
            pending.changes.extend(provider_incident_updates::changes(self.tx, &incident, incoming)?);
        }
        self.expect(chosen, incoming)?;
        Ok(Some(chosen))
    }

    /// The incidents beside `chosen` that hold only alerts of the provider's incident and may be merged into it.
    fn only_of_provider(&mut self, chosen: &Incident, incidents: &BTreeMap<i64, Vec<i64>>) -> Result<Vec<i64>> {
        let mut plan = MergePlan::new(chosen.clone());
        for (id, alerts) in incidents.iter().filter(|(id, _)| **id != chosen.id) {
            let other = claim(self.tx, *id)?.release();
            let holds_only_these = usize::try_from(other.alert_count).is_ok_and(|count| count == alerts.len());
            let excluded = merge_exclusions::is_excluded(self.tx.conn, chosen.id, *id)?;
            if holds_only_these && !excluded && plan.hindrance(&other).is_none() {
                plan.add(other);
            }
        }
        Ok(plan.members().iter().copied().filter(|id| *id != chosen.id).collect())
    }

    fn rename_imported(&mut self, id: i64, incoming: &IncomingIncident) -> Result<()> {
        let name: String = one_line(&incoming.name).chars().take(naming::LENGTH_LIMIT).collect();
        let Some(incident) = self.pending_incidents.get(&id).map(|pending| pending.claimed.incident().clone()) else {
            return Ok(());
        };
        if name.is_empty() || incident.name_source == NameSource::Custom {
            return Ok(());
        }
        let change = Change::Renamed {
            from: incident.name,
            from_source: incident.name_source,
            to: name,
            to_source: NameSource::Imported,
        };
        self.add_change(id, PlannedChange::incident(change))
    }

    /// The alerts with these provider's ids, by their incident.
    fn incidents_of(&mut self, aliases: &[String]) -> Result<BTreeMap<i64, Vec<i64>>> {
        let mut incidents: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for aliases in aliases.chunks(500) {
            let rows: Vec<(i64, i64)> = alert_aliases::table
                .inner_join(alerts::table)
                .filter(alert_aliases::alias.eq_any(aliases))
                .select((alerts::incident_id, alerts::id))
                .load(self.tx.conn)?;
            for (incident, alert) in rows {
                incidents.entry(incident).or_default().push(alert);
            }
        }
        Ok(incidents)
    }

    /// Notes the alerts of a provider's incident that have not arrived, so that they are put into it later. The
    /// notes are stored after the incident.
    fn expect(&mut self, incident: i64, incoming: &IncomingIncident) -> Result<()> {
        self.expected.extend(incoming.alert_ids.iter().map(|alias| (alias.clone(), incident)));
        if self.is_stored(incident) { self.store_expected() } else { Ok(()) }
    }

    /// Stores which alerts are expected by stored incidents.
    pub(super) fn store_expected(&mut self) -> Result<()> {
        for (alias, incident) in std::mem::take(&mut self.expected) {
            let row = (expected_alerts::alias.eq(alias), expected_alerts::incident_id.eq(incident));
            each!(self.tx.conn, inner => diesel::insert_into(expected_alerts::table).values(row).on_conflict_do_nothing().execute(inner))?;
        }
        Ok(())
    }

    /// Whether an incident is in the database, not only opened by this batch.
    fn is_stored(&self, incident: i64) -> bool {
        self.pending_incidents.get(&incident).is_none_or(|pending| pending.new.is_none())
    }

    /// The incident that expects this alert, because its provider sent the incident first. `goes_on`: it is the
    /// next episode of one that a person resolved.
    pub(super) fn expected(&mut self, alert: &IncomingAlert, goes_on: bool) -> Result<Option<i64>> {
        if alert.aliases.is_empty() {
            return Ok(None);
        }
        let named: Option<i64> = expected_alerts::table
            .filter(expected_alerts::alias.eq_any(&alert.aliases))
            .select(expected_alerts::incident_id)
            .first(self.tx.conn)
            .optional()?;
        let not_stored = |alias: &String| self.expected.iter().find(|(known, _)| known == alias);
        let not_stored = || alert.aliases.iter().find_map(not_stored).map(|(_, incident)| *incident);
        let Some(id) = named.or_else(not_stored) else { return Ok(None) };
        let id = if self.is_stored(id) {
            let reported_by = reporters::of_incident(self.tx.conn, id)?;
            if !takes_alert_of(self.tx.conn, reported_by, self.rights.reporter.token, &alert.source)? {
                return Ok(None);
            }
            follow_redirects(self.tx.conn, id)?
        } else {
            id
        };
        self.claim(id)?;
        // The provider decided this, not correlation, so a resolved incident takes the alert too.
        let takes_alerts = self.pending_incidents.get(&id).is_some_and(|pending| {
            let incident = pending.claimed.incident();
            incident.is_open() || (incident.provider_key.is_some() && !goes_on)
        });
        Ok(takes_alerts.then_some(id))
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
        outcome: Outcome::stored(&incoming.classification, &incoming.determination),
        resolving_note: note.filter(|_| status == Status::Resolved),
        related_to: None,
        created_at: incoming.created_at.unwrap_or_else(crate::clock::now),
        provider_key: Some(key),
        provider_updated_at: incoming.updated_at,
        active: None,
        note: String::new(),
    }
}
