//! Storing occurrences: the counts of alerts, the occurrences behind them, the latest payloads.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
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
    /// The same by occurrences that were not routine: these link.
    link: Option<(i64, i64)>,
    /// The token that reported them, where the alert may be nobody's so far.
    token: Option<i64>,
}

impl OccurrenceCount {
    pub fn of(alert: i64) -> Self {
        Self { alert, more: 0, span: None, link: None, token: None }
    }

    /// Counts `more` occurrences within `span`.
    pub fn add(&mut self, more: i64, span: (i64, i64), routine: bool) {
        let widened = |known: Option<(i64, i64)>| {
            let (first, last) = known.unwrap_or(span);
            Some((first.min(span.0), last.max(span.1)))
        };
        self.more = self.more.saturating_add(more);
        self.span = widened(self.span);
        if !routine {
            self.link = widened(self.link);
        }
    }

    /// Gives the alert to the token that reported the occurrences, if it is nobody's so far.
    pub fn belongs_to(&mut self, token: Option<i64>) {
        self.token = token;
    }
}

#[derive(Insertable)]
#[diesel(table_name = repeats, treat_none_as_default_value = false)]
struct RepeatRow<'a> {
    key: &'a str,
    alert_id: i64,
}

/// Stores which alert counts each key, and the occurrences. Their counts are part of a commit.
pub fn store(tx: &mut Tx<'_>, keys: &[(String, i64)], mut occurrences: Vec<Occurrence>) -> Result<()> {
    let rows: Vec<RepeatRow<'_>> = keys.iter().map(|(key, alert_id)| RepeatRow { key, alert_id: *alert_id }).collect();
    for rows in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(repeats::table)
            .values(rows)
            .on_conflict(repeats::key)
            .do_update()
            .set(repeats::alert_id.eq(excluded(repeats::alert_id)))
            .execute(inner))?;
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
pub(super) fn add(tx: &mut Tx<'_>, incident: i64, counted: &OccurrenceCount) -> Result<()> {
    let alert = counted.alert;
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

/// Widens the span of activity of the alert's entities in its incident.
fn widen(tx: &mut Tx<'_>, incident: i64, counted: &OccurrenceCount, (first, last): (i64, i64)) -> Result<()> {
    use incident_entities as e;
    let alert = counted.alert;
    let entities: Vec<(i64, bool)> = evidence::table
        .filter(evidence::alert_id.eq(alert))
        .select((evidence::entity_id, evidence::linking))
        .load(tx.conn)?;
    let all: Vec<i64> = entities.iter().map(|(entity, _)| *entity).collect();
    let here = || e::table.filter(e::incident_id.eq(incident));
    diesel::update(here().filter(e::entity_id.eq_any(&all)).filter(e::last_seen.lt(last)))
        .set(e::last_seen.eq(last))
        .execute(tx.conn)?;
    diesel::update(here().filter(e::entity_id.eq_any(&all)).filter(e::first_seen.gt(first)))
        .set(e::first_seen.eq(first))
        .execute(tx.conn)?;
    let Some((first, last)) = counted.link else { return Ok(()) };
    let linking: Vec<i64> = entities.into_iter().filter(|(_, linking)| *linking).map(|(entity, _)| entity).collect();
    diesel::update(here().filter(e::entity_id.eq_any(&linking)).filter(e::link_last.lt(last)))
        .set((e::link_last.eq(last), e::last_alert.eq(alert)))
        .execute(tx.conn)?;
    diesel::update(here().filter(e::entity_id.eq_any(&linking)).filter(e::link_first.gt(first)))
        .set((e::link_first.eq(first), e::first_alert.eq(alert)))
        .execute(tx.conn)?;
    Ok(())
}
