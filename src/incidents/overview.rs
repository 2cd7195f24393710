//! What the incident page and the management pane read: everything in a handful of indexed queries.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::incidents::lookup::find_incident;
use crate::incidents::reported::AlertFacts;
use crate::incidents::tags;
use crate::model::alert::Alert;
use crate::model::importance::Importance;
use crate::model::incident::Incident;
use crate::model::severity::Severity;
use crate::model::tag::Tag;
use crate::model::user::User;
use crate::schema::{alerts, entities, incident_entities, incidents};

pub const ALERTS_TOLD: i64 = 12;
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
    /// The earlier incident that it continues (R4), by name.
    pub related: Option<(i64, String)>,
    /// Later incidents that continue this one.
    pub continued_by: Vec<(i64, String)>,
    pub evidence_count: i64,
}

/// An entity of an incident.
#[derive(Debug, Clone)]
pub struct IncidentEntity {
    pub id: i64,
    pub kind: String,
    pub name: String,
    pub importance: Importance,
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
    let named = |conn: &mut AnyConnection, id: i64| -> Result<(i64, String)> {
        Ok(incidents::table.find(id).select((incidents::id, incidents::name)).first(conn)?)
    };
    let related = match incident.related_to {
        Some(earlier) => Some(named(conn, earlier)?),
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

/// Its gravest alerts, of these the newest first, at most `limit`.
pub fn gravest_alerts(conn: &mut AnyConnection, incident: i64, limit: usize) -> Result<Vec<Alert>> {
    let mut gravest: Vec<Alert> = Vec::new();
    for severity in Severity::HIGHEST_FIRST {
        let left = i64::try_from(limit.saturating_sub(gravest.len())).unwrap_or_default();
        if left == 0 {
            break;
        }
        let newest: Vec<Alert> = alerts::table
            .filter(alerts::incident_id.eq(incident).and(alerts::severity.eq(severity.as_str())))
            .order((alerts::last_activity.desc(), alerts::id.desc()))
            .limit(left)
            .select(Alert::as_select())
            .load(conn)?;
        gravest.extend(newest);
    }
    Ok(gravest)
}

/// How many of its alerts each category has.
pub fn categories(conn: &mut AnyConnection, incident: i64) -> Result<Vec<(String, i64)>> {
    Ok(alerts::table
        .filter(alerts::incident_id.eq(incident))
        .group_by(alerts::category)
        .order(alerts::category)
        .select((alerts::category, diesel::dsl::count_star()))
        .load(conn)?)
}

/// The assets that the most alerts name, without what is told of them.
pub fn assets(conn: &mut AnyConnection, incident: i64) -> Result<Vec<IncidentEntity>> {
    let rows: Vec<(i64, String, String, String, i64, i64, i64)> = incident_entities::table
        .inner_join(entities::table)
        .filter(incident_entities::incident_id.eq(incident))
        .filter(incident_entities::kind.eq_any(["device", "user", "mailbox"]))
        .filter(entities::links)
        .order((incident_entities::alert_count.desc(), entities::name_key, entities::id))
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
    Ok(rows
        .into_iter()
        .map(|(id, kind, name, importance, alert_count, first_seen, last_seen)| IncidentEntity {
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
