//! Closed incidents that are like one: those with the same detections, files, URLs, assets and addresses. They are shown
//! with the reason and with what was decided; nothing follows from them by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::history::entry::{Entry, Row};
use crate::model::alert::AlertStatus;
use crate::model::importance::is_asset;
use crate::model::incident::Incident;
use crate::model::user::User;
use crate::schema::{alerts, entities, history, incident_entities, incidents};

/// Similar incidents that are shown.
pub const SHOWN: usize = 20;
/// Entities and titles of the incident that are looked up: those with the most alerts.
const ENTITIES: i64 = 100;
const TITLES: i64 = 20;
/// Closed incidents of each entity that are looked at, the newest. One in more is common and counts less.
const OF_ENTITY: i64 = 50;
/// Resolved alerts of each title whose incidents are looked at, the newest.
const OF_TITLE: i64 = 500;
/// The least score of a similar incident: a detection, or a file with anything else, but not one asset alone.
const LEAST: i64 = 4;

/// What two incidents have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Common {
    /// Alerts of this title.
    Detection(String),
    /// An entity, by kind and name.
    Entity { kind: String, name: String },
}

/// An incident that is like another.
#[derive(Debug, Clone)]
pub struct Similar {
    pub incident: Incident,
    /// What both have, what says most first.
    pub common: Vec<Common>,
    /// Who classified it or else resolved it, by today's name, and when, in microseconds UTC.
    pub decided: Option<(String, i64)>,
    score: i64,
}

/// What an incident has in common with others, with what each counts.
type Shared = BTreeMap<i64, Vec<(i64, Common)>>;

/// The closed incidents that are most like an incident.
pub fn load(conn: &mut AnyConnection, incident: i64) -> Result<Vec<Similar>> {
    let mut shared = Shared::new();
    by_titles(conn, incident, &mut shared)?;
    by_entities(conn, incident, &mut shared)?;
    shared.remove(&incident);
    let score = |common: &[(i64, Common)]| common.iter().map(|(points, _)| points).sum::<i64>();
    let mut best: Vec<(i64, i64)> = shared.iter().map(|(id, common)| (score(common), *id)).collect();
    best.retain(|(score, _)| *score >= LEAST);
    best.sort_unstable_by_key(|(score, id)| (-score, -id));
    let found = resolved(conn, &best.iter().map(|(_, id)| *id).collect::<Vec<_>>())?;
    let mut similar: Vec<Similar> = found
        .into_iter()
        .map(|incident| {
            let mut common = shared.remove(&incident.id).unwrap_or_default();
            common.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
            let score = score(&common);
            Similar { incident, common: common.into_iter().map(|(_, common)| common).collect(), decided: None, score }
        })
        .collect();
    similar.sort_by_key(|one| (-one.score, !one.incident.outcome().is_set(), -one.incident.id));
    similar.truncate(SHOWN);
    let people = users::names(conn)?;
    for one in &mut similar {
        one.decided = decided(conn, one.incident.id, &people)?;
    }
    Ok(similar)
}

/// The resolved ones of some incidents, the best first: twice as many as are shown, which are put in order once more.
/// Others are open, though alerts of theirs are resolved, or merged and have no outcome of their own.
fn resolved(conn: &mut AnyConnection, best: &[i64]) -> Result<Vec<Incident>> {
    let mut found = Vec::new();
    for ids in best.chunks(LISTED) {
        let resolved: Vec<Incident> = incidents::table
            .filter(incidents::id.eq_any(ids).and(incidents::status.eq("resolved")))
            .select(Incident::as_select())
            .load(conn)?;
        found.extend(resolved);
        if found.len() >= 2 * SHOWN {
            break;
        }
    }
    Ok(found)
}

/// Incidents with resolved alerts of the same titles.
fn by_titles(conn: &mut AnyConnection, incident: i64, shared: &mut Shared) -> Result<()> {
    let titles: Vec<(String, Option<String>)> = alerts::table
        .filter(alerts::incident_id.eq(incident))
        .group_by(alerts::title_key)
        .order(diesel::dsl::count_star().desc())
        .limit(TITLES)
        .select((alerts::title_key, diesel::dsl::max(alerts::title)))
        .load(conn)?;
    for (key, title) in titles {
        let found: Vec<i64> = alerts::table
            .filter(alerts::title_key.eq(&key).and(alerts::status.eq(AlertStatus::Resolved.as_str())))
            .order(alerts::id.desc())
            .limit(OF_TITLE)
            .select(alerts::incident_id)
            .load(conn)?;
        for other in found.into_iter().collect::<BTreeSet<_>>() {
            let common = shared.entry(other).or_default();
            // The first detection says most; further ones confirm it.
            let points = if common.is_empty() { 4 } else { 1 };
            common.push((points, Common::Detection(title.clone().unwrap_or_else(|| key.clone()))));
        }
    }
    Ok(())
}

/// Closed incidents with the same entities.
fn by_entities(conn: &mut AnyConnection, incident: i64, shared: &mut Shared) -> Result<()> {
    let own: Vec<(i64, String, String)> = incident_entities::table
        .inner_join(entities::table)
        .filter(incident_entities::incident_id.eq(incident))
        .filter(entities::links)
        .order((incident_entities::alert_count.desc(), entities::id))
        .limit(ENTITIES)
        .select((entities::id, entities::kind, entities::name))
        .load(conn)?;
    for (id, kind, name) in own {
        let found: Vec<i64> = incident_entities::table
            .filter(incident_entities::entity_id.eq(id).and(incident_entities::is_open.eq(false)))
            .order(incident_entities::incident_id.desc())
            .limit(OF_ENTITY + 1)
            .select(incident_entities::incident_id)
            .load(conn)?;
        let is_common = i64::try_from(found.len()).unwrap_or(i64::MAX) > OF_ENTITY;
        let points = if is_common { 1 } else { points(&kind) };
        for other in found {
            let common = Common::Entity { kind: kind.clone(), name: name.clone() };
            shared.entry(other).or_default().push((points, common));
        }
    }
    Ok(())
}

/// What sharing an entity of a kind says: a file or URL is what an attack used, an address is shared by many.
fn points(kind: &str) -> i64 {
    match kind {
        "file" | "url" | "process" | "mailMessage" | "registryKey" => 3,
        "cloudResource" | "cloudApplication" => 2,
        kind if is_asset(kind) => 2,
        _ => 1,
    }
}

/// Who classified an incident last, or else set its status last.
fn decided(conn: &mut AnyConnection, incident: i64, people: &HashMap<i64, User>) -> Result<Option<(String, i64)>> {
    for kind in ["classified", "statusSet"] {
        let row: Option<Row> = history::table
            .filter(history::incident_id.eq(incident).and(history::kind.eq(kind)).and(history::alert_id.is_null()))
            .order(history::revision.desc())
            .select(Row::as_select())
            .first(conn)
            .optional()?;
        if let Some(row) = row {
            let entry = Entry::from(row);
            return Ok(Some((entry.actor(people), entry.at)));
        }
    }
    Ok(None)
}
