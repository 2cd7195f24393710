//! What the incident page and the management pane read: everything in a handful of indexed queries.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::entities::known_to_us::{self, KnownToUs};
use crate::error::Result;
use crate::incidents::lookup::find_incident;
use crate::incidents::reported::AlertFacts;
use crate::incidents::tags;
use crate::model::alert::Alert;
use crate::model::importance::Importance;
use crate::model::incident::Incident;
use crate::model::outcome::Outcome;
use crate::model::tag::Tag;
use crate::model::user::User;
use crate::schema::{alerts, entities, incident_entities, incidents};

/// Assets that the summary chooses its top ones from.
const ASSETS_TOLD: i64 = 24;

/// An incident with what every view of it shows.
#[derive(Debug, Clone)]
pub struct Overview {
    pub incident: Incident,
    pub tags: Vec<Tag>,
    pub owner: Option<User>,
    /// Everybody, for the owner's picker and for names in the history.
    pub people: HashMap<i64, User>,
    /// The earlier incident that it continues (R4).
    pub related: Option<Earlier>,
    /// Later incidents that continue this one.
    pub continued_by: Vec<(i64, String)>,
    pub evidence_count: i64,
}

/// An earlier incident that another continues, with how that one ended.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub id: i64,
    pub name: String,
    pub outcome: Outcome,
    /// Why it was resolved; empty for nothing.
    pub note: String,
}

impl From<Incident> for Earlier {
    fn from(incident: Incident) -> Self {
        let outcome = incident.outcome();
        Self { id: incident.id, outcome, note: incident.resolving_note.unwrap_or_default(), name: incident.name }
    }
}

/// An entity of an incident.
#[derive(Debug, Clone)]
pub struct IncidentEntity {
    pub id: i64,
    pub kind: String,
    pub name: String,
    pub importance: Importance,
    /// What people say of it.
    pub known: KnownToUs,
    /// The worst that its alerts here say of it, in Graph's words.
    pub verdict: String,
    /// What its alerts here say was done about it, with the number of alerts that say so; the latest is the last.
    pub remediations: Vec<(String, usize)>,
    /// What its alerts here say of it, as label and value.
    pub facts: Vec<(String, String)>,
    /// What only one of them says; of a process.
    pub by_alert: Vec<AlertFacts>,
    pub alert_count: i64,
    pub first_seen: i64,
    pub last_seen: i64,
}

pub fn load(conn: &mut AnyConnection, id: i64) -> Result<Overview> {
    let incident = find_incident(conn, id)?;
    let people = users::names(conn)?;
    let related = match incident.related_to {
        Some(earlier) => Some(Earlier::from(find_incident(conn, earlier)?)),
        None => None,
    };
    let continued_by = incidents::table
        .filter(incidents::related_to.eq(id))
        .order(incidents::id.desc())
        .limit(5)
        .select((incidents::id, incidents::name))
        .load(conn)?;
    let evidence_count =
        incident_entities::table.filter(incident_entities::incident_id.eq(id)).count().get_result(conn)?;
    Ok(Overview {
        tags: tags::of(conn, id)?,
        owner: incident.assigned_to.and_then(|owner| people.get(&owner).cloned()),
        people,
        related,
        continued_by,
        evidence_count,
        incident,
    })
}

/// Its first alerts in time order, at most `limit`.
pub fn alerts(conn: &mut AnyConnection, incident: i64, limit: i64) -> Result<Vec<Alert>> {
    Ok(alerts::table
        .filter(alerts::incident_id.eq(incident))
        .order((alerts::first_activity, alerts::id))
        .limit(limit)
        .select(Alert::as_select())
        .load(conn)?)
}

/// The alerts of an incident with one title.
#[derive(Debug, Clone)]
pub struct SameTitle {
    /// The first of them: an open one before a resolved one, the gravest, of these the newest.
    pub first: Alert,
    pub count: i64,
    /// How many are open.
    pub open: i64,
}

#[derive(QueryableByName)]
struct FirstOfTitle {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    among: i64,
    #[diesel(sql_type = BigInt)]
    open: i64,
}

/// Its alerts by title, in the order of the first of each; at most `limit` titles.
pub fn titles(conn: &mut AnyConnection, incident: i64, limit: usize) -> Result<Vec<SameTitle>> {
    let order = format!("{IS_OPEN} DESC, {SEVERITY} DESC, last_activity DESC, id DESC");
    let found: Vec<FirstOfTitle> = diesel::sql_query(format!(
        "SELECT id, among, open FROM (SELECT id, status, severity, last_activity, \
         row_number() OVER (PARTITION BY title ORDER BY {order}) AS place, \
         count(*) OVER (PARTITION BY title) AS among, sum({IS_OPEN}) OVER (PARTITION BY title) AS open \
         FROM alerts WHERE incident_id = {incident}) t WHERE place = 1 ORDER BY {order} LIMIT {limit}"
    ))
    .load(conn)?;
    let ids: Vec<i64> = found.iter().map(|first| first.id).collect();
    let alerts = alerts::table.filter(alerts::id.eq_any(&ids)).select(Alert::as_select()).load(conn)?;
    let mut by_id: HashMap<i64, Alert> = alerts.into_iter().map(|alert: Alert| (alert.id, alert)).collect();
    Ok(found
        .into_iter()
        .filter_map(|FirstOfTitle { id, among, open }| {
            Some(SameTitle { first: by_id.remove(&id)?, count: among, open })
        })
        .collect())
}

/// Its first alerts as the pane orders them, at most `limit`.
pub fn gravest_alerts(conn: &mut AnyConnection, incident: i64, limit: i64) -> Result<Vec<Alert>> {
    use diesel::dsl::sql;
    Ok(alerts::table
        .filter(alerts::incident_id.eq(incident))
        .order((
            sql::<Integer>(IS_OPEN).desc(),
            sql::<Integer>(SEVERITY).desc(),
            alerts::last_activity.desc(),
            alerts::id.desc(),
        ))
        .limit(limit)
        .select(Alert::as_select())
        .load(conn)?)
}

/// 1 for an open alert, and the higher the severity the larger.
const IS_OPEN: &str = "CASE status WHEN 'resolved' THEN 0 ELSE 1 END";
const SEVERITY: &str = "CASE severity WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END";

/// How many of its alerts each category has.
pub fn categories(conn: &mut AnyConnection, incident: i64) -> Result<Vec<(String, i64)>> {
    Ok(alerts::table
        .filter(alerts::incident_id.eq(incident))
        .group_by(alerts::category)
        .order(alerts::category)
        .select((alerts::category, diesel::dsl::count_star()))
        .load(conn)?)
}

/// How much an asset matters, as a number to order by.
const IMPORTANCE: &str =
    "CASE entities.importance WHEN 'veryHigh' THEN 3 WHEN 'high' THEN 2 WHEN 'normal' THEN 1 ELSE 0 END";

/// The assets at most risk, the most important first, then those that the most alerts name; without what is told of them.
pub fn assets(conn: &mut AnyConnection, incident: i64) -> Result<Vec<IncidentEntity>> {
    let rows: Vec<(i64, String, String, String, i64, i64, i64)> = incident_entities::table
        .inner_join(entities::table)
        .filter(incident_entities::incident_id.eq(incident))
        .filter(incident_entities::kind.eq_any(["device", "user", "mailbox"]))
        .filter(entities::links)
        .order((
            diesel::dsl::sql::<Integer>(IMPORTANCE).desc(),
            incident_entities::alert_count.desc(),
            entities::name_key,
            entities::id,
        ))
        .limit(ASSETS_TOLD)
        .select((
            entities::id,
            entities::kind,
            entities::name,
            entities::importance,
            incident_entities::alert_count,
            incident_entities::first_seen,
            incident_entities::last_seen,
        ))
        .load(conn)?;
    let mut known = known_to_us::of(conn, &rows.iter().map(|row| row.0).collect::<Vec<_>>())?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, name, importance, alert_count, first_seen, last_seen)| IncidentEntity {
            known: known.remove(&id).unwrap_or_default(),
            id,
            kind,
            name,
            importance: Importance::parse(&importance).unwrap_or_default(),
            verdict: String::new(),
            remediations: Vec::new(),
            facts: Vec::new(),
            by_alert: Vec::new(),
            alert_count,
            first_seen,
            last_seen,
        })
        .collect())
}
