//! What of alerts and incidents Lessons counts, as it is stored now.

use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::history::lessons::tally::Tally;
use crate::model::importance::ASSETS;
use crate::model::incident::Status;
use crate::model::lesson::Counts;
use crate::model::outcome::Classification;
use crate::schema::{alerts, entities, evidence, incident_work, incidents};

/// What an alert counts as.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub struct AlertFact {
    /// When its source created it, in microseconds UTC.
    pub created_at: i64,
    pub source: String,
    pub title: String,
    pub title_key: String,
    pub category: String,
    #[diesel(deserialize_as = String)]
    pub classification: Classification,
}

/// What an incident counts as. Times are in microseconds UTC.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = incidents)]
pub struct IncidentFact {
    pub created_at: i64,
    #[diesel(deserialize_as = String)]
    pub status: Status,
    #[diesel(deserialize_as = String)]
    pub classification: Classification,
    pub assigned_to: Option<i64>,
    /// When a person first assigned it.
    #[diesel(select_expression = incident_work::assigned_at.nullable())]
    pub assigned_at: Option<i64>,
    /// When a person first commented it.
    #[diesel(select_expression = incident_work::commented_at.nullable())]
    pub commented_at: Option<i64>,
    /// When a person resolved it.
    #[diesel(select_expression = incident_work::resolved_at.nullable())]
    pub resolved_at: Option<i64>,
    /// How often people reopened it.
    #[diesel(select_expression = incident_work::reopened.nullable())]
    pub reopened: Option<i64>,
}

/// Counts alerts with their assets.
pub fn of_alerts(conn: &mut AnyConnection, ids: &[i64], tally: &mut Tally) -> Result<()> {
    for ids in ids.chunks(LISTED) {
        let facts: Vec<AlertFact> =
            alerts::table.filter(alerts::id.eq_any(ids)).select(AlertFact::as_select()).load(conn)?;
        facts.iter().for_each(|fact| tally.alert(fact));
        let assets: Vec<(i64, i64, String)> = evidence::table
            .inner_join(entities::table)
            .inner_join(alerts::table)
            .filter(evidence::alert_id.eq_any(ids))
            .filter(entities::links)
            .filter(entities::kind.eq_any(ASSETS))
            .select((evidence::entity_id, alerts::created_at, alerts::classification))
            .load(conn)?;
        add_assets(tally, assets);
    }
    Ok(())
}

/// Counts the alerts of entities that are assets, and nothing else of them.
pub fn of_assets(conn: &mut AnyConnection, entities: &[i64], tally: &mut Tally) -> Result<()> {
    let assets: Vec<(i64, i64, String)> = evidence::table
        .inner_join(entities::table)
        .inner_join(alerts::table)
        .filter(evidence::entity_id.eq_any(entities))
        .filter(entities::links)
        .filter(entities::kind.eq_any(ASSETS))
        .select((evidence::entity_id, alerts::created_at, alerts::classification))
        .load(conn)?;
    add_assets(tally, assets);
    Ok(())
}

fn add_assets(tally: &mut Tally, assets: Vec<(i64, i64, String)>) {
    for (entity, created_at, classification) in assets {
        let classification = Classification::parse(&classification).unwrap_or_default();
        tally.asset(entity, created_at, Counts::of(classification, 1));
    }
}

/// Counts incidents.
pub fn of_incidents(conn: &mut AnyConnection, ids: &[i64], tally: &mut Tally) -> Result<()> {
    for ids in ids.chunks(LISTED) {
        let facts: Vec<IncidentFact> = incidents::table
            .left_join(incident_work::table)
            .filter(incidents::id.eq_any(ids))
            .select(IncidentFact::as_select())
            .load(conn)?;
        facts.iter().for_each(|fact| tally.incident(fact));
    }
    Ok(())
}
