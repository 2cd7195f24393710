//! Reads what the attack story tells: alerts in order of their first activity, and the entities of their evidence.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::AlertStatus;
use crate::model::importance::Importance;
use crate::model::importance::is_asset;
use crate::model::severity::Severity;
use crate::model::verdict;
use crate::schema::{alerts, entities, evidence, incident_entities};

/// Most alerts that are read at once. Later ones are reached by a time range.
pub const ALERTS: usize = 10_000;
/// Most pieces of evidence that are read, in the order of their alerts.
const PIECES: i64 = 60_000;
/// Most entities whose names are read.
const ENTITIES: i64 = 60_000;

/// A time range, microseconds UTC, both ends included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Within {
    pub from: Option<i64>,
    pub to: Option<i64>,
}

/// An alert of the story.
#[derive(Debug, Clone)]
pub struct StoryAlert {
    pub id: i64,
    pub title: String,
    pub severity: Severity,
    pub status: AlertStatus,
    pub category: String,
    /// First and last activity, microseconds UTC.
    pub first: i64,
    pub last: i64,
    /// How often it was seen.
    pub occurrences: i64,
    /// The entities of its evidence, each once, in the order in which it names them.
    pub entities: Vec<i64>,
}

impl StoryAlert {
    pub fn is_open(&self) -> bool {
        self.status != AlertStatus::Resolved
    }
}

/// An entity of the incident.
#[derive(Debug, Clone)]
pub struct StoryEntity {
    pub id: i64,
    pub kind: String,
    pub name: String,
    pub importance: Importance,
    /// The worst that the alerts that were read say of it, in Graph's words.
    pub verdict: String,
    /// Whether sharing it means anything: not for built-in accounts or private addresses.
    pub links: bool,
}

impl StoryEntity {
    /// Whether it is an asset: a device, user or mailbox with an identity of its own.
    pub fn is_asset(&self) -> bool {
        self.links && is_asset(&self.kind)
    }
}

/// The alerts of an incident within a time range, in order of their first activity, and the incident's entities.
#[derive(Debug, Clone, Default)]
pub struct Story {
    pub alerts: Vec<StoryAlert>,
    pub entities: HashMap<i64, StoryEntity>,
    /// There are later alerts in the range, which were not read.
    pub is_cut: bool,
}

impl Story {
    /// The entities of an alert, in the order in which it names them.
    pub fn entities_of<'a>(&'a self, alert: &'a StoryAlert) -> impl Iterator<Item = &'a StoryEntity> {
        alert.entities.iter().filter_map(|id| self.entities.get(id))
    }

    /// Its assets.
    pub fn assets_of<'a>(&'a self, alert: &'a StoryAlert) -> impl Iterator<Item = &'a StoryEntity> {
        self.entities_of(alert).filter(|entity| entity.is_asset())
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = alerts)]
struct Row {
    id: i64,
    title: String,
    #[diesel(deserialize_as = String)]
    severity: Severity,
    #[diesel(deserialize_as = String)]
    status: AlertStatus,
    category: String,
    first_activity: i64,
    last_activity: i64,
    occurrences: i64,
}

/// The story of an incident within a time range.
pub fn load(conn: &mut AnyConnection, incident: i64, within: Within) -> Result<Story> {
    let mut query = alerts::table
        .filter(alerts::incident_id.eq(incident))
        .order((alerts::first_activity, alerts::id))
        .limit(i64::try_from(ALERTS + 1).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .into_boxed();
    if let Some(from) = within.from {
        query = query.filter(alerts::first_activity.ge(from));
    }
    if let Some(to) = within.to {
        query = query.filter(alerts::first_activity.le(to));
    }
    let mut rows: Vec<Row> = query.load(conn)?;
    let is_cut = rows.len() > ALERTS;
    rows.truncate(ALERTS);
    let mut story = Story { alerts: rows.into_iter().map(alert).collect(), is_cut, ..Story::default() };
    if let (Some(first), Some(last)) = (story.alerts.first(), story.alerts.last()) {
        let span = (first.first, last.first);
        story.entities = entities(conn, incident)?;
        add_evidence(conn, incident, span, &mut story)?;
    }
    Ok(story)
}

fn alert(row: Row) -> StoryAlert {
    StoryAlert {
        id: row.id,
        title: row.title,
        severity: row.severity,
        status: row.status,
        category: row.category,
        first: row.first_activity,
        last: row.last_activity.max(row.first_activity),
        occurrences: row.occurrences,
        entities: Vec::new(),
    }
}

fn entities(conn: &mut AnyConnection, incident: i64) -> Result<HashMap<i64, StoryEntity>> {
    let rows: Vec<(i64, String, String, String, bool)> = incident_entities::table
        .inner_join(entities::table)
        .filter(incident_entities::incident_id.eq(incident))
        .limit(ENTITIES)
        .select((entities::id, entities::kind, entities::name, entities::importance, entities::links))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, name, importance, links)| {
            let importance = Importance::parse(&importance).unwrap_or_default();
            (id, StoryEntity { id, kind, name, importance, verdict: String::new(), links })
        })
        .collect())
}

/// Adds to each alert the entities that it names, and to each entity the worst that is said of it.
fn add_evidence(conn: &mut AnyConnection, incident: i64, span: (i64, i64), story: &mut Story) -> Result<()> {
    let mut pieces: Vec<(i64, i64, i64, String)> = evidence::table
        .inner_join(alerts::table)
        .filter(alerts::incident_id.eq(incident))
        .filter(alerts::first_activity.between(span.0, span.1))
        .order((alerts::first_activity, alerts::id))
        .limit(PIECES)
        .select((evidence::id, evidence::alert_id, evidence::entity_id, evidence::verdict))
        .load(conn)?;
    // The database would have to sort what it finds in the order of the alerts.
    pieces.sort_unstable_by_key(|(id, ..)| *id);
    let places: HashMap<i64, usize> = story.alerts.iter().zip(0..).map(|(alert, place)| (alert.id, place)).collect();
    for (_, alert, id, said) in pieces {
        let alert = places.get(&alert).and_then(|place| story.alerts.get_mut(*place));
        let (Some(alert), Some(entity)) = (alert, story.entities.get_mut(&id)) else { continue };
        if !alert.entities.contains(&id) {
            alert.entities.push(id);
        }
        if verdict::rank(&said) < verdict::rank(&entity.verdict) || entity.verdict.is_empty() {
            entity.verdict = said;
        }
    }
    Ok(())
}
