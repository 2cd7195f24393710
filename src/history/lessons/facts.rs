//! What of alerts and incidents Lessons counts, as it is stored now.

use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::history::lessons::rows::{AlertFact, AlertSum, AssetSum, IncidentFact, Sums, alert_sums, asset_sums};
use crate::history::lessons::tally::Tally;
use crate::model::importance::ASSETS;
use crate::model::lesson::Counts;
use crate::model::outcome::Classification;
use crate::schema::{alerts, entities, evidence, incident_work, incidents};

/// Counts alerts with their assets.
pub fn of_alerts(conn: &mut AnyConnection, ids: &[i64], tally: &mut Tally) -> Result<()> {
    for ids in ids.chunks(LISTED) {
        let facts: Vec<AlertFact> =
            alerts::table.filter(alerts::id.eq_any(ids)).select(AlertFact::as_select()).load(conn)?;
        for fact in &facts {
            tally.alert(fact);
        }
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

/// Counts all alerts with their assets, which the database sums up.
pub(super) fn of_all_alerts(conn: &mut AnyConnection, tally: &mut Tally) -> Result<()> {
    let select = |Sums { columns, joins, ending }: Sums| format!("SELECT {columns} FROM alerts i {joins} {ending}");
    let sums: Vec<AlertSum> = diesel::sql_query(select(alert_sums())).load(conn)?;
    for sum in sums {
        tally.alerts(sum);
    }
    let sums: Vec<AssetSum> = diesel::sql_query(select(asset_sums())).load(conn)?;
    for sum in &sums {
        tally.assets(sum);
    }
    Ok(())
}

/// Counts the alerts of two entities that are assets, which the database sums up, and nothing else of them.
pub fn of_assets(conn: &mut AnyConnection, (one, other): (i64, i64), tally: &mut Tally) -> Result<()> {
    let Sums { columns, joins, ending } = asset_sums();
    let sums: Vec<AssetSum> = diesel::sql_query(format!(
        "SELECT {columns} FROM alerts i {joins} WHERE e.entity_id IN ({one}, {other}) {ending}"
    ))
    .load(conn)?;
    for sum in &sums {
        tally.assets(sum);
    }
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
        for fact in &facts {
            tally.incident(fact);
        }
    }
    Ok(())
}
