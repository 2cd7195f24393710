//! The incident that somebody means by a typed name or ID.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use diesel::dsl::{count_star, sum};
use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::model::importance;
use crate::model::incident::Status;
use crate::queue;
use crate::queue::filter::Filter;
use crate::queue::page::QueueRow;
use crate::queue::range::Range;
use crate::schema::{entities, evidence, incident_entities, incidents};
use crate::text::{folded, one_line};

/// Incidents that are offered as a target.
const OFFERED: i64 = 10;
/// Assets of what is moved whose other incidents are looked at, and how many of each.
const ASSETS: i64 = 12;
const OF_AN_ASSET: i64 = 20;
/// Alerts whose assets are looked at.
const ALERTS: usize = 100;

/// What is moved to a target.
#[derive(Debug, Clone, Copy)]
pub struct Moving<'a> {
    /// The incidents that are merged, or that the alerts are in.
    pub from: &'a [i64],
    /// The alerts that are moved; none where incidents are merged.
    pub alerts: &'a [i64],
}

/// An incident that is offered as a target, and how many assets it shares with what is moved.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub row: QueueRow,
    pub shared: i64,
}

/// The incidents whose ID, name or assets fit what was typed; without a text, those that share assets with what is
/// moved. Those that share most come first, then the latest updated.
pub fn candidates(conn: &mut AnyConnection, typed: &str, moving: Moving<'_>, viewer: i64) -> Result<Vec<Candidate>> {
    let typed = typed.trim().trim_start_matches('#');
    let shared = shared_assets(conn, moving)?;
    let typed_id = typed.parse::<i64>().ok();
    let mut ids: Vec<i64> = typed_id.into_iter().collect();
    let found = if typed.is_empty() { shared.keys().copied().collect() } else { search(conn, typed, viewer)? };
    ids.extend(found.into_iter().filter(|id| Some(*id) != typed_id));
    let mut found: Vec<Candidate> = queue::rows(conn, &ids)?
        .into_iter()
        .filter(|row| !moving.from.contains(&row.incident.id) && row.incident.status != Status::Redirected)
        .map(|row| Candidate { shared: shared.get(&row.incident.id).copied().unwrap_or(0), row })
        .collect();
    found.sort_by_key(|candidate| {
        let incident = &candidate.row.incident;
        Reverse((typed_id == Some(incident.id), candidate.shared, incident.updated_at, incident.id))
    });
    found.truncate(usize::try_from(OFFERED).unwrap_or(usize::MAX));
    Ok(found)
}

/// Everything that the queue's search finds, of any status and time.
fn search(conn: &mut AnyConnection, typed: &str, viewer: i64) -> Result<Vec<i64>> {
    let filter = Filter {
        q: typed.to_owned(),
        status: Vec::new(),
        severity: Vec::new(),
        range: Range::All,
        limit: 5 * OFFERED,
        ..Filter::default()
    };
    queue::page_ids(conn, &filter, viewer)
}

/// The assets of most alerts of these incidents.
fn assets_of_incidents(conn: &mut AnyConnection, incidents: &[i64]) -> Result<Vec<i64>> {
    let assets = incident_entities::table
        .inner_join(entities::table)
        .filter(entities::links)
        .filter(incident_entities::incident_id.eq_any(incidents))
        .filter(incident_entities::kind.eq_any(importance::ASSETS))
        .group_by(incident_entities::entity_id)
        .order((sum(incident_entities::alert_count).desc(), incident_entities::entity_id))
        .limit(ASSETS)
        .select(incident_entities::entity_id);
    Ok(assets.load(conn)?)
}

/// The assets of most of these alerts.
fn assets_of_alerts(conn: &mut AnyConnection, alerts: &[i64]) -> Result<Vec<i64>> {
    let assets = evidence::table
        .inner_join(entities::table)
        .filter(entities::links)
        .filter(evidence::alert_id.eq_any(alerts.iter().take(ALERTS)))
        // Not by the index of kinds: SQLite would read every asset that is stored.
        .filter(entities::kind.concat("").eq_any(importance::ASSETS))
        .group_by(evidence::entity_id)
        .order((count_star().desc(), evidence::entity_id))
        .limit(ASSETS)
        .select(evidence::entity_id);
    Ok(assets.load(conn)?)
}

/// How many assets of what is moved other incidents have, for some of the latest of these.
fn shared_assets(conn: &mut AnyConnection, moving: Moving<'_>) -> Result<BTreeMap<i64, i64>> {
    let from = moving.from;
    let assets = if moving.alerts.is_empty() {
        assets_of_incidents(conn, from)?
    } else {
        assets_of_alerts(conn, moving.alerts)?
    };
    let mut shared = BTreeMap::new();
    for asset in assets {
        let others: Vec<i64> = incident_entities::table
            .filter(incident_entities::entity_id.eq(asset))
            .filter(incident_entities::incident_id.ne_all(from))
            .order(incident_entities::last_seen.desc())
            .limit(OF_AN_ASSET)
            .select(incident_entities::incident_id)
            .load(conn)?;
        for other in others {
            *shared.entry(other).or_insert(0) += 1;
        }
    }
    Ok(shared)
}

/// The one incident that a typed target means: an id ("42", "#42", "42 - Name"), or a whole name
/// that only one incident has.
pub fn target(conn: &mut AnyConnection, typed: &str) -> Result<i64> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Error::at_field("target", "Enter the name or ID of the target incident."));
    }
    if let Ok(id) = typed.trim_start_matches('#').parse::<i64>() {
        let known: Option<i64> = incidents::table.find(id).select(incidents::id).first(conn).optional()?;
        return known.ok_or_else(|| Error::at_field("target", "There is no incident with this name or ID."));
    }
    let named: Vec<i64> = incidents::table
        // The index of names begins with it.
        .filter(incidents::is_open.eq_any([true, false]))
        .filter(incidents::name_key.eq(folded(&one_line(typed))))
        .filter(incidents::status.ne(Status::Redirected.as_str()))
        .limit(2)
        .select(incidents::id)
        .load(conn)?;
    match named.as_slice() {
        [only] => Ok(*only),
        [] if suggested(conn, typed)?.is_some() => suggested(conn, typed)?.ok_or(Error::NotFound),
        [] => Err(Error::at_field("target", "There is no incident with this name or ID.")),
        _ => Err(Error::at_field("target", "Several incidents have this name. Enter the ID instead.")),
    }
}

/// Reads a suggestion of the field: the ID, a blank, and that incident's name.
fn suggested(conn: &mut AnyConnection, typed: &str) -> Result<Option<i64>> {
    let Some((number, name)) = typed.split_once(' ') else { return Ok(None) };
    let Ok(id) = number.trim_start_matches('#').parse::<i64>() else { return Ok(None) };
    let key: Option<String> = incidents::table.find(id).select(incidents::name_key).first(conn).optional()?;
    Ok(key.filter(|key| one_line(key) == folded(&one_line(name))).map(|_| id))
}
