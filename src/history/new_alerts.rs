//! Storing what ingest brings: new alerts with their evidence.
//! It stands beside `commit` because only history writes alerts; the entries are the caller's acts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::Tx;
use crate::error::Result;
use crate::history::commit_ingest::Landing;
use crate::history::derive::Added;
use crate::history::recompute::{EntityRow, FacetRow};
use crate::history::search_index::Facet;
use crate::history::{derive, search_index};
use crate::model::alert::{AlertStatus, Assets};
use crate::model::entity::Resolved;
use crate::model::incident::Incident;
use crate::model::incoming::{IncomingAlert, IncomingEvidence};
use crate::model::linked_by::LinkedBy;
use crate::model::linking::is_telling;
use crate::model::outcome::{Classification, Determination};
use crate::schema::{
    alert_aliases, alert_details, alert_payloads, alerts, evidence, incident_entities, incident_facets,
};
use crate::{clock, each};

pub(super) const ASSETS_SHOWN: usize = 3;
/// Rows a statement.
const BATCH: usize = 500;

/// A new alert that has been placed, ready to be stored.
#[derive(Debug, Clone)]
pub struct Arrival<'a> {
    pub id: i64,
    pub alert: &'a IncomingAlert,
    pub payload: &'a str,
    pub payload_hash: String,
    /// The hash of its detection.
    pub detection: String,
    /// One for each piece of evidence, in order.
    pub entities: Vec<Resolved>,
    pub linked_by: LinkedBy,
    /// Its detection is routine on its assets: it links nothing.
    pub routine: bool,
    pub occurrences: i64,
    /// Of its earliest and of its latest occurrence.
    pub first_activity: i64,
    pub last_activity: i64,
}

impl Arrival<'_> {
    /// What it adds, when its detection was seen in `elsewhere` other alerts lately.
    pub(super) fn added(&self, elsewhere: i64) -> Added<'_> {
        Added {
            techniques: &self.alert.techniques,
            detection: &self.detection,
            elsewhere,
            title: &self.alert.title,
            severity: self.alert.severity,
            is_open: self.alert.status != "resolved",
            category: &self.alert.category,
            service_source: &self.alert.service_source,
            detection_source: &self.alert.detection_source,
            product: &self.alert.product,
            first_activity: self.first_activity,
            last_activity: self.last_activity,
        }
    }
}

/// What is stored of an entity in an incident.
pub type Stored = EntityRow;

#[derive(Insertable)]
#[diesel(table_name = alerts, treat_none_as_default_value = false)]
struct AlertRow<'a> {
    id: i64,
    incident_id: i64,
    revision: i64,
    source: &'a str,
    provider_alert_id: &'a str,
    title: &'a str,
    title_key: String,
    severity: &'static str,
    status: &'a str,
    status_by_person: bool,
    classified_by_person: bool,
    classification: &'a str,
    determination: &'a str,
    assigned_to: Option<i64>,
    category: &'a str,
    techniques: String,
    service_source: &'a str,
    detection_source: &'a str,
    product: &'a str,
    first_activity: i64,
    last_activity: i64,
    created_at: i64,
    received_at: i64,
    updated_at: i64,
    resolved_at: Option<i64>,
    occurrences: i64,
    linked_by: String,
    assets: String,
    provider_updated_at: Option<i64>,
    payload_hash: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = alert_details)]
struct DetailRow<'a> {
    alert_id: i64,
    description: &'a str,
    recommended_actions: &'a str,
    facts: String,
}

#[derive(Insertable)]
#[diesel(table_name = alert_payloads)]
struct PayloadRow<'a> {
    alert_id: i64,
    received_at: i64,
    payload: &'a str,
}

/// The alerts' entities that their incidents have already.
pub(super) fn entities_of<'l, 'a: 'l>(
    tx: &mut Tx<'_>,
    landings: impl Iterator<Item = &'l Landing<'a>>,
) -> Result<BTreeMap<(i64, i64), Stored>> {
    let mut incidents = Vec::new();
    let mut wanted: HashSet<i64> = HashSet::new();
    for landing in landings.filter(|landing| landing.opened.is_none() && !landing.arrivals.is_empty()) {
        incidents.push(landing.claimed.incident().id);
        wanted.extend(landing.arrivals.iter().flat_map(|arrival| arrival.entities.iter().map(|entity| entity.id)));
    }
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let mut known = BTreeMap::new();
    for incidents in incidents.chunks(BATCH) {
        for wanted in wanted.chunks(BATCH) {
            let rows: Vec<Stored> = incident_entities::table
                .filter(incident_entities::incident_id.eq_any(incidents))
                .filter(incident_entities::entity_id.eq_any(wanted))
                .select(Stored::as_select())
                .load(tx.conn)?;
            known.extend(rows.into_iter().map(|row| ((row.incident_id, row.entity_id), row)));
        }
    }
    Ok(known)
}

/// Stores new alerts and everything of theirs. `revisions` are the alerts' numbers of entries where
/// these are written by the caller, and 0 where a commit counts them.
pub(super) fn store<'l, 'a: 'l>(
    tx: &mut Tx<'_>,
    landings: impl Iterator<Item = &'l Landing<'a>>,
    revisions: &HashMap<i64, i64>,
    known: &BTreeMap<(i64, i64), Stored>,
) -> Result<()> {
    let now = clock::now();
    let mut rows = Rows::default();
    for landing in landings {
        let incident = landing.claimed.incident();
        for arrival in &landing.arrivals {
            rows.take(incident, arrival, revisions, now)?;
        }
        rows.gathered(incident);
    }
    rows.insert(tx, known)
}

#[derive(Default)]
struct Rows<'l> {
    alerts: Vec<AlertRow<'l>>,
    details: Vec<DetailRow<'l>>,
    payloads: Vec<PayloadRow<'l>>,
    evidence: Vec<EvidenceRow>,
    entities: BTreeMap<(i64, i64), Stored>,
    facets: BTreeMap<i64, (bool, HashSet<Facet>)>,
    aliases: Vec<(String, i64)>,
}

impl<'l> Rows<'l> {
    fn take(
        &mut self,
        incident: &Incident,
        arrival: &'l Arrival<'_>,
        revisions: &HashMap<i64, i64>,
        now: i64,
    ) -> Result<()> {
        let (id, alert) = (arrival.id, arrival.alert);
        let revision = revisions.get(&id).copied().unwrap_or(0);
        self.alerts.push(AlertRow {
            id,
            incident_id: incident.id,
            revision,
            source: &alert.source,
            provider_alert_id: &alert.provider_alert_id,
            title: &alert.title,
            title_key: alert.title.to_lowercase(),
            severity: alert.severity.as_str(),
            // A part of an alert may come before the rest of it, and say nothing of these.
            status: AlertStatus::parse(&alert.status).unwrap_or(AlertStatus::New).as_str(),
            status_by_person: false,
            classified_by_person: false,
            classification: Classification::parse(&alert.classification).unwrap_or_default().as_str(),
            determination: Determination::parse(&alert.determination).unwrap_or_default().as_str(),
            // A commit assigns it by an act of its own.
            assigned_to: incident.assigned_to.filter(|_| revision > 0),
            category: &alert.category,
            techniques: serde_json::to_string(&alert.techniques)?,
            service_source: &alert.service_source,
            detection_source: &alert.detection_source,
            product: &alert.product,
            first_activity: arrival.first_activity,
            last_activity: arrival.last_activity,
            created_at: alert.created_at,
            received_at: now,
            updated_at: now,
            resolved_at: (alert.status == "resolved").then_some(now),
            occurrences: arrival.occurrences,
            linked_by: serde_json::to_string(&arrival.linked_by)?,
            assets: serde_json::to_string(&assets(&arrival.entities))?,
            provider_updated_at: alert.provider_updated_at,
            payload_hash: &arrival.payload_hash,
        });
        self.details.push(DetailRow {
            alert_id: id,
            description: &alert.description,
            recommended_actions: &alert.recommended_actions,
            facts: serde_json::to_string(&alert.facts)?,
        });
        self.payloads.push(PayloadRow { alert_id: id, received_at: now, payload: arrival.payload });
        self.aliases.extend(alert.aliases.iter().map(|alias| (alias.clone(), id)));
        derive::facets(
            &arrival.added(0),
            &mut self.facets.entry(incident.id).or_insert_with(|| (incident.is_open(), HashSet::new())).1,
        );
        let mut told = BTreeSet::new();
        for (item, entity) in alert.evidence.iter().zip(&arrival.entities) {
            if !told.insert(entity.id) {
                continue;
            }
            let linking = !arrival.routine && entity.links && is_telling(item);
            self.evidence.push(evidence_row(id, entity.id, item, arrival.first_activity, linking)?);
            self.note(incident, entity, arrival, linking);
        }
        Ok(())
    }

    /// All of an incident's new alerts were taken.
    fn gathered(&mut self, incident: &Incident) {
        if let Some((_, facets)) = self.facets.get_mut(&incident.id) {
            search_index::note_multiple(facets, &incident.scope);
        }
    }

    fn note(&mut self, incident: &Incident, entity: &Resolved, arrival: &Arrival<'_>, linking: bool) {
        let span = (arrival.first_activity, arrival.last_activity);
        let row = self.entities.entry((incident.id, entity.id)).or_insert_with(|| EntityRow {
            incident_id: incident.id,
            entity_id: entity.id,
            kind: entity.kind.as_str().to_owned(),
            alert_count: 0,
            first_seen: span.0,
            last_seen: span.1,
            link_first: None,
            link_last: None,
            first_alert: None,
            last_alert: None,
            is_open: incident.is_open(),
        });
        row.alert_count += 1;
        row.seen(span, linking.then_some((span, [Some(arrival.id); 2])));
    }

    fn insert(self, tx: &mut Tx<'_>, known: &BTreeMap<(i64, i64), Stored>) -> Result<()> {
        for rows in self.alerts.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(alerts::table).values(rows).execute(inner))?;
        }
        for rows in self.details.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(alert_details::table).values(rows).execute(inner))?;
        }
        for rows in self.payloads.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(alert_payloads::table).values(rows).execute(inner))?;
        }
        for (alias, alert) in self.aliases {
            let row = (alert_aliases::alias.eq(alias), alert_aliases::alert_id.eq(alert));
            each!(tx.conn, inner => diesel::insert_into(alert_aliases::table).values(row).on_conflict_do_nothing().execute(inner))?;
        }
        insert_evidence_rows(tx, self.evidence)?;
        let entities: Vec<EntityRow> = self
            .entities
            .into_iter()
            .map(|(key, mut row)| {
                if let Some(stored) = known.get(&key) {
                    row.alert_count += stored.alert_count;
                    let link = stored.link_first.zip(stored.link_last);
                    let ends = [stored.first_alert, stored.last_alert];
                    row.seen((stored.first_seen, stored.last_seen), link.map(|link| (link, ends)));
                }
                row
            })
            .collect();
        for rows in entities.chunks(BATCH) {
            store_entities(tx, rows)?;
        }
        let facets: Vec<FacetRow> = self
            .facets
            .into_iter()
            .flat_map(|(incident_id, (is_open, facets))| {
                facets.into_iter().map(move |(facet, value)| FacetRow { incident_id, facet, value, is_open })
            })
            .collect();
        for rows in facets.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(incident_facets::table).values(rows).on_conflict_do_nothing().execute(inner))?;
        }
        Ok(())
    }
}

fn store_entities(tx: &mut Tx<'_>, rows: &[EntityRow]) -> Result<()> {
    use incident_entities as e;
    each!(tx.conn, inner => diesel::insert_into(e::table)
        .values(rows)
        .on_conflict((e::incident_id, e::entity_id))
        .do_update()
        .set((
            e::alert_count.eq(excluded(e::alert_count)),
            e::first_seen.eq(excluded(e::first_seen)),
            e::last_seen.eq(excluded(e::last_seen)),
            e::link_first.eq(excluded(e::link_first)),
            e::link_last.eq(excluded(e::link_last)),
            e::first_alert.eq(excluded(e::first_alert)),
            e::last_alert.eq(excluded(e::last_alert)),
        ))
        .execute(inner))?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = evidence)]
pub(super) struct EvidenceRow {
    id: i64,
    alert_id: i64,
    entity_id: i64,
    roles: String,
    verdict: String,
    remediation: String,
    facts: String,
    first_seen: i64,
    linking: bool,
}

pub(super) fn evidence_row(
    alert_id: i64,
    entity_id: i64,
    item: &IncomingEvidence,
    first_seen: i64,
    linking: bool,
) -> Result<EvidenceRow> {
    Ok(EvidenceRow {
        id: 0,
        alert_id,
        entity_id,
        roles: serde_json::to_string(&item.roles)?,
        verdict: item.verdict.clone(),
        remediation: item.remediation.clone(),
        facts: serde_json::to_string(&item.facts)?,
        first_seen,
        linking,
    })
}

pub(super) fn insert_evidence_rows(tx: &mut Tx<'_>, mut rows: Vec<EvidenceRow>) -> Result<()> {
    let first = tx.take_ids("evidence", i64::try_from(rows.len()).unwrap_or(i64::MAX))?;
    for (row, id) in rows.iter_mut().zip(first..) {
        row.id = id;
    }
    for batch in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(evidence::table).values(batch).execute(inner))?;
    }
    Ok(())
}

pub(super) fn assets(resolved: &[Resolved]) -> Assets {
    use crate::model::entity::EvidenceKind as Kind;
    let names = |kind: Kind| {
        let mut names: Vec<String> = Vec::new();
        for entity in resolved.iter().filter(|entity| entity.kind == kind && entity.links) {
            if names.len() < ASSETS_SHOWN && !names.contains(&entity.name) {
                names.push(entity.name.clone());
            }
        }
        names
    };
    Assets { devices: names(Kind::Device), users: names(Kind::User), mailboxes: names(Kind::Mailbox) }
}
