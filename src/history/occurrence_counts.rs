//! Storing occurrences: the counts of alerts, the occurrences behind them, the latest payloads.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::entity_rows::{self, IncidentEntityRow};
use crate::history::evidence_rows::{evidence_row, insert_evidence_rows};
use crate::model::entity::Resolved;
use crate::model::importance::ASSETS;
use crate::model::incident::Incident;
use crate::model::incoming::IncomingEvidence;
use crate::schema::{alert_occurrences, alerts, evidence, incident_entities, incidents, repeats};

/// Payloads of repeats kept beside an alert's own.
pub const PAYLOADS_KEPT: usize = 10;
const BATCH: usize = 500;

/// One time that a detection was seen again.
#[derive(Debug, Insertable)]
#[diesel(table_name = alert_occurrences)]
pub struct Occurrence {
    pub source: String,
    pub provider_alert_id: String,
    pub alert_id: i64,
    /// Microseconds UTC.
    pub at: i64,
    pub payload: String,
}

/// What occurrences add to the alert that counts them.
#[derive(Debug, Clone)]
pub struct OccurrenceCount {
    alert: i64,
    more: i64,
    /// From the first to the last of them.
    span: Option<(i64, i64)>,
    /// The token that reported them, where the alert may be nobody's so far.
    token: Option<i64>,
    /// What they have as evidence, by entity, with whether it links the alert to others.
    evidence: BTreeMap<i64, (IncomingEvidence, Resolved, bool)>,
}

impl OccurrenceCount {
    pub fn of(alert: i64) -> Self {
        Self { alert, more: 0, span: None, token: None, evidence: BTreeMap::new() }
    }

    /// Counts `more` occurrences within `span`.
    pub fn add(&mut self, more: i64, span: (i64, i64)) {
        let (first, last) = self.span.unwrap_or(span);
        self.more = self.more.saturating_add(more);
        self.span = Some((first.min(span.0), last.max(span.1)));
    }

    /// Takes a piece of evidence of an occurrence; returns whether it is the first of its entity here.
    pub fn add_evidence(&mut self, item: &IncomingEvidence, entity: &Resolved, links: bool) -> bool {
        match self.evidence.entry(entity.id) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert((item.clone(), entity.clone(), links));
                true
            }
        }
    }

    /// The alert that counts them, where they may add an asset to it.
    pub fn alert_with_assets(&self) -> Option<i64> {
        let is_asset = |(_, entity, _): &(IncomingEvidence, Resolved, bool)| {
            entity.links && ASSETS.contains(&entity.kind.as_str())
        };
        self.evidence.values().any(is_asset).then_some(self.alert)
    }

    /// Gives the alert to the token that reported the occurrences, if it is nobody's so far.
    pub fn belongs_to(&mut self, token: Option<i64>) {
        self.token = token;
    }
}

#[derive(Insertable)]
#[diesel(table_name = repeats, treat_none_as_default_value = false)]
struct RepeatRow<'a> {
    alert_id: i64,
    key: &'a str,
    day: i64,
}

/// Stores which alerts count which keys, each with its day, and the occurrences. Their counts are part of a commit.
pub fn store(tx: &mut Tx<'_>, keys: &[(String, i64, i64)], mut occurrences: Vec<Occurrence>) -> Result<()> {
    let rows = keys.iter().map(|(key, day, alert_id)| RepeatRow { alert_id: *alert_id, key, day: *day });
    let rows: Vec<RepeatRow<'_>> = rows.collect();
    for rows in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(repeats::table).values(rows).execute(inner))?;
    }
    let alerts: BTreeSet<i64> = occurrences.iter().map(|occurrence| occurrence.alert_id).collect();
    drop_early_payloads(&mut occurrences);
    for rows in occurrences.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(alert_occurrences::table).values(rows).execute(inner))?;
    }
    for alert in alerts {
        forget_payloads(tx, alert)?;
    }
    Ok(())
}

/// Of many occurrences at once only the last few keep their payloads.
fn drop_early_payloads(occurrences: &mut [Occurrence]) {
    let mut kept: BTreeMap<i64, usize> = BTreeMap::new();
    for occurrence in occurrences.iter_mut().rev() {
        let kept = kept.entry(occurrence.alert_id).or_default();
        *kept += 1;
        if *kept > PAYLOADS_KEPT {
            occurrence.payload.clear();
        }
    }
}

fn forget_payloads(tx: &mut Tx<'_>, alert: i64) -> Result<()> {
    use alert_occurrences as o;
    let kept = i64::try_from(PAYLOADS_KEPT).unwrap_or(i64::MAX);
    let newest: Vec<i64> =
        o::table.filter(o::alert_id.eq(alert)).order(o::at.desc()).limit(kept + 1).select(o::at).load(tx.conn)?;
    let Some(oldest) = newest.get(PAYLOADS_KEPT) else { return Ok(()) };
    // Only the latest batches still have payloads; the index finds these from the newest down.
    let holding: Vec<(String, String)> = o::table
        .filter(o::alert_id.eq(alert))
        .filter(o::at.le(oldest))
        .order(o::at.desc())
        .limit(2 * kept)
        .select((o::source, o::provider_alert_id))
        .load(tx.conn)?;
    for key in holding {
        diesel::update(o::table.find(key).filter(o::payload.ne(""))).set(o::payload.eq("")).execute(tx.conn)?;
    }
    Ok(())
}

/// Adds a count to its alert, and widens how long the incident and the alert's entities were active.
pub(super) fn add(tx: &mut Tx<'_>, incident: &Incident, counted: &OccurrenceCount) -> Result<()> {
    add_evidence(tx, incident, counted)?;
    let (alert, incident) = (counted.alert, incident.id);
    let Some((first, last)) = counted.span else { return Ok(()) };
    let row = alerts::table.find(alert);
    // A sum beyond the largest number stays there: SQLite would make it a fraction, PostgreSQL refuse it.
    let most = i64::MAX.saturating_sub(counted.more);
    diesel::update(row.filter(alerts::occurrences.gt(most))).set(alerts::occurrences.eq(i64::MAX)).execute(tx.conn)?;
    diesel::update(row.filter(alerts::occurrences.le(most)))
        .set(alerts::occurrences.eq(alerts::occurrences + counted.more))
        .execute(tx.conn)?;
    diesel::update(row.filter(alerts::last_activity.lt(last))).set(alerts::last_activity.eq(last)).execute(tx.conn)?;
    diesel::update(row.filter(alerts::first_activity.gt(first)))
        .set(alerts::first_activity.eq(first))
        .execute(tx.conn)?;
    if let Some(token) = counted.token {
        diesel::update(row.filter(alerts::reported_by.is_null()))
            .set(alerts::reported_by.eq(token))
            .execute(tx.conn)?;
    }
    let row = incidents::table.find(incident);
    diesel::update(row.filter(incidents::last_activity.lt(last)))
        .set(incidents::last_activity.eq(last))
        .execute(tx.conn)?;
    diesel::update(row.filter(incidents::first_activity.gt(first)))
        .set(incidents::first_activity.eq(first))
        .execute(tx.conn)?;
    widen(tx, incident, counted, (first, last))
}

/// Adds the evidence that the alert does not have yet, and counts the alert for these entities.
fn add_evidence(tx: &mut Tx<'_>, incident: &Incident, counted: &OccurrenceCount) -> Result<()> {
    let ids: Vec<i64> = counted.evidence.keys().copied().collect();
    let mut known: HashSet<i64> = HashSet::new();
    for ids in ids.chunks(BATCH) {
        let found: Vec<i64> = evidence::table
            .filter(evidence::alert_id.eq(counted.alert))
            .filter(evidence::entity_id.eq_any(ids))
            .select(evidence::entity_id)
            .load(tx.conn)?;
        known.extend(found);
    }
    let added = || counted.evidence.values().filter(|(_, entity, _)| !known.contains(&entity.id));
    if added().next().is_none() {
        return Ok(());
    }
    let span: (i64, i64) =
        alerts::table.find(counted.alert).select((alerts::first_activity, alerts::last_activity)).first(tx.conn)?;
    let rows = added().map(|(item, entity, links)| evidence_row(counted.alert, entity.id, item, span.0, *links));
    insert_evidence_rows(tx, rows.collect::<Result<_>>()?)?;
    let rows: Vec<IncidentEntityRow> =
        added().map(|(_, entity, _)| IncidentEntityRow::of_one(incident, entity, span)).collect();
    entity_rows::count(tx, &rows)
}

/// Widens the span of activity of the alert's entities in its incident.
fn widen(tx: &mut Tx<'_>, incident: i64, counted: &OccurrenceCount, (first, last): (i64, i64)) -> Result<()> {
    use incident_entities as e;
    let alert = counted.alert;
    let all: Vec<i64> =
        evidence::table.filter(evidence::alert_id.eq(alert)).select(evidence::entity_id).load(tx.conn)?;
    let here = || e::table.filter(e::incident_id.eq(incident));
    diesel::update(here().filter(e::entity_id.eq_any(&all)).filter(e::last_seen.lt(last)))
        .set(e::last_seen.eq(last))
        .execute(tx.conn)?;
    diesel::update(here().filter(e::entity_id.eq_any(&all)).filter(e::first_seen.gt(first)))
        .set(e::first_seen.eq(first))
        .execute(tx.conn)?;
    Ok(())
}
