//! Stored alerts as they came in, as far as rules and correlation look at them.

use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::clock::{self, DAY};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::entity::EvidenceKind;
use crate::model::incident::{QUEUE_DAYS, QUEUE_SEVERITIES, QUEUE_STATUSES, Status};
use crate::model::incoming::{Incoming, IncomingAlert, IncomingEvidence, IncomingIncident};
use crate::model::outcome::{Classification, Determination};
use crate::model::severity::Severity;
use crate::schema::{alert_details, alerts, entities, entity_keys, evidence, incidents};

/// Values listed in a statement.
const CHUNK: usize = 500;
/// The reason of an alert that its provider put into its incident.
const BY_PROVIDER: &str = "sameThreatSource";

/// An alert of the past.
#[derive(Debug)]
pub struct Record {
    pub id: i64,
    /// The incident that it is in now, and whether the queue shows that one unless something else is asked for.
    pub incident: i64,
    pub in_queue: bool,
    pub incoming: Incoming,
}

impl Record {
    pub fn alert(&self) -> &IncomingAlert {
        match &self.incoming {
            Incoming::Alert(alert, _) => alert,
            Incoming::Incident(_, alerts, _) => alerts.first().map_or(&NONE, |(alert, _)| alert),
        }
    }
}

static NONE: std::sync::LazyLock<IncomingAlert> = std::sync::LazyLock::new(IncomingAlert::default);

/// The alerts that were received in a period, in the order of arrival.
#[derive(Debug)]
pub struct Past {
    /// How many there are, `records` being the newest. Where these are not all, by the ids, of which a few are unused.
    pub total: usize,
    pub records: Vec<Record>,
}

/// How much of the past a trial reads.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    pub alerts: usize,
    /// Pieces of evidence of all of them together.
    pub evidence: i64,
}

type EvidenceByAlert = HashMap<i64, Vec<IncomingEvidence>>;

/// The newest alerts that were received since `since`: as many as `most` allows, and after the first [`CHUNK`] only as
/// many as are read before the deadline. Ids are given in the order of arrival, so that no index of times is needed.
pub fn load_alerts(conn: &mut AnyConnection, since: i64, most: Most, deadline: Instant) -> Result<Past> {
    let newest = alerts::table.order(alerts::id.desc()).select(alerts::id).first(conn).optional()?.unwrap_or(0);
    let first = first_since(conn, since, newest)?;
    let mut chunks = Vec::new();
    let (mut before, mut loaded, mut left, mut is_all) = (i64::MAX, 0, most.evidence, false);
    while loaded < most.alerts && (chunks.is_empty() || Instant::now() < deadline) {
        let asked = CHUNK.min(most.alerts - loaded);
        let rows: Vec<Alert> = alerts::table
            .filter(alerts::id.ge(first))
            .filter(alerts::id.lt(before))
            .order(alerts::id.desc())
            .limit(i64::try_from(asked).unwrap_or(0))
            .select(Alert::as_select())
            .load(conn)?;
        let found = rows.len();
        let rows = within_evidence(conn, rows, &mut left)?;
        let Some(last) = rows.last() else { break };
        before = last.id;
        loaded += rows.len();
        let is_cut = rows.len() < found;
        chunks.push(to_records(conn, &rows)?);
        is_all = !is_cut && found < asked;
        if is_cut || is_all {
            break;
        }
    }
    // The newest were read first.
    let mut records: Vec<Record> = chunks.into_iter().flatten().collect();
    records.reverse();
    let total = if is_all { loaded } else { usize::try_from(newest + 1 - first).unwrap_or(loaded) };
    Ok(Past { total, records })
}

/// The id from which on alerts were received since `since`: one after the newest if none were.
fn first_since(conn: &mut AnyConnection, since: i64, newest: i64) -> Result<i64> {
    let (mut low, mut high) = (1, newest + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let (id, received_at): (i64, i64) = alerts::table
            .filter(alerts::id.ge(middle))
            .order(alerts::id)
            .select((alerts::id, alerts::received_at))
            .first(conn)?;
        if received_at >= since {
            high = middle;
        } else {
            low = id + 1;
        }
    }
    Ok(low)
}

/// The first of some alerts, as many as have no more evidence than is left.
fn within_evidence(conn: &mut AnyConnection, mut rows: Vec<Alert>, left: &mut i64) -> Result<Vec<Alert>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let counts: HashMap<i64, i64> = evidence::table
        .filter(evidence::alert_id.eq_any(&ids))
        .group_by(evidence::alert_id)
        .select((evidence::alert_id, count_star()))
        .load::<(i64, i64)>(conn)?
        .into_iter()
        .collect();
    let fits = |row: &&Alert| {
        *left -= counts.get(&row.id).copied().unwrap_or(0);
        *left >= 0
    };
    let fitting = rows.iter().take_while(fits).count();
    rows.truncate(fitting);
    Ok(rows)
}

/// Alerts as they came in.
fn to_records(conn: &mut AnyConnection, rows: &[Alert]) -> Result<Vec<Record>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut facts = load_facts(conn, &ids)?;
    let mut evidence_of = load_evidence(conn, &ids)?;
    let in_queue = incidents_in_queue(conn, rows.iter().map(|row| row.incident_id))?;
    let record = |row: &Alert| {
        let facts = facts.remove(&row.id).unwrap_or_default();
        to_record(row, in_queue.contains(&row.incident_id), facts, evidence_of.remove(&row.id).unwrap_or_default())
    };
    Ok(rows.iter().map(record).collect())
}

/// Those of some incidents that the queue shows unless something else is asked for.
fn incidents_in_queue(conn: &mut AnyConnection, ids: impl Iterator<Item = i64>) -> Result<BTreeSet<i64>> {
    let ids: Vec<i64> = ids.collect::<BTreeSet<i64>>().into_iter().collect();
    let found: Vec<i64> = incidents::table
        .filter(incidents::id.eq_any(&ids))
        .filter(incidents::status.eq_any(QUEUE_STATUSES.map(Status::as_str)))
        .filter(incidents::severity.eq_any(QUEUE_SEVERITIES.map(Severity::as_str)))
        .filter(incidents::updated_at.ge(clock::now() - QUEUE_DAYS * DAY))
        .select(incidents::id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

fn load_facts(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, Vec<(String, String)>>> {
    let rows: Vec<(i64, String)> = alert_details::table
        .filter(alert_details::alert_id.eq_any(ids))
        .select((alert_details::alert_id, alert_details::facts))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, facts)| (id, serde_json::from_str(&facts).unwrap_or_default())).collect())
}

/// The evidence of alerts, with every key that is known of each entity now.
fn load_evidence(conn: &mut AnyConnection, ids: &[i64]) -> Result<EvidenceByAlert> {
    let rows: Vec<(i64, i64, String, String, String)> = evidence::table
        .inner_join(entities::table)
        .filter(evidence::alert_id.eq_any(ids))
        .order(evidence::id)
        .select((evidence::alert_id, entities::id, entities::kind, evidence::name, evidence::verdict))
        .load(conn)?;
    let known: BTreeSet<i64> = rows.iter().map(|(_, entity, ..)| *entity).collect();
    let known: Vec<i64> = known.into_iter().collect();
    let mut keys: HashMap<i64, Vec<String>> = HashMap::new();
    for known in known.chunks(CHUNK) {
        let rows: Vec<(i64, String)> = entity_keys::table
            .filter(entity_keys::entity_id.eq_any(known))
            .order((entity_keys::kind, entity_keys::key))
            .select((entity_keys::entity_id, entity_keys::key))
            .load(conn)?;
        for (entity, key) in rows.into_iter().filter(|(_, key)| !key.starts_with("shared:")) {
            keys.entry(entity).or_default().push(key);
        }
    }
    let mut evidence_of = EvidenceByAlert::new();
    for (alert, entity, kind, name, verdict) in rows {
        let keys = keys.get(&entity).cloned().unwrap_or_default();
        let kind = EvidenceKind::parse(&kind);
        evidence_of.entry(alert).or_default().push(IncomingEvidence {
            kind,
            name,
            keys,
            verdict,
            ..Default::default()
        });
    }
    Ok(evidence_of)
}

fn to_record(row: &Alert, in_queue: bool, facts: Vec<(String, String)>, evidence: Vec<IncomingEvidence>) -> Record {
    let alert = IncomingAlert {
        // Its own id serves as its identity, by which the trial's result is read.
        provider_alert_id: row.id.to_string(),
        source: row.source.clone(),
        title: row.title.clone(),
        subject: row.subject.clone(),
        severity: Some(row.severity),
        status: AlertStatus::New.as_str().to_owned(),
        classification: Classification::default().as_str().to_owned(),
        determination: Determination::default().as_str().to_owned(),
        category: row.category.clone(),
        techniques: row.techniques.0.clone(),
        service_source: row.service_source.clone(),
        detection_source: row.detection_source.clone(),
        product: row.product.clone(),
        first_activity: row.first_activity,
        last_activity: row.last_activity,
        created_at: row.created_at,
        occurrences: row.occurrences,
        evidence,
        facts,
        ..IncomingAlert::default()
    };
    let payload = "{}".to_owned();
    // Alerts of one provider's incident stay in one incident.
    let incoming = if row.linked_by.reasons.iter().any(|reason| reason == BY_PROVIDER) {
        let provider_key = format!("incident:{}", row.incident_id);
        let incident = IncomingIncident { provider_key, status: "active".to_owned(), ..IncomingIncident::default() };
        Incoming::Incident(Box::new(incident), vec![(alert, payload)], Vec::new())
    } else {
        Incoming::Alert(Box::new(alert), payload)
    };
    Record { id: row.id, incident: row.incident_id, in_queue, incoming }
}
