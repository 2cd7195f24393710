//! What of alerts and incidents Lessons counts, as it is stored now.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::history::lessons::rows::{AlertFact, AlertSum, AssetSum, IncidentFact, Sums, alert_sums, asset_sums};
use crate::history::lessons::tally::Tally;
use crate::model::importance::ASSETS;
use crate::model::lesson::Counts;
use crate::schema::{alerts, entities, evidence, incident_work, incidents};

/// Counts alerts with their assets.
pub fn of_alerts(conn: &mut AnyConnection, ids: &[i64], tally: &mut Tally) -> Result<()> {
    for ids in ids.chunks(LISTED) {
        let facts: Vec<(i64, AlertFact)> =
            alerts::table.filter(alerts::id.eq_any(ids)).select((alerts::id, AlertFact::as_select())).load(conn)?;
        let facts: HashMap<i64, AlertFact> = facts.into_iter().collect();
        for fact in facts.values() {
            tally.alert(fact);
        }
        for (alert, asset) in assets_of(conn, ids)? {
            if let Some(fact) = facts.get(&alert) {
                tally.asset(asset, fact.created_at, Counts::of(fact.classification, 1));
            }
        }
    }
    Ok(())
}

/// The assets of alerts: pairs of alert and entity. The kinds are compared here: by an index of kinds, SQLite would read
/// every asset that is stored, at half a million alerts nine tenths of the time of an intake.
fn assets_of(conn: &mut AnyConnection, alerts: &[i64]) -> Result<Vec<(i64, i64)>> {
    let mut pairs: Vec<(i64, i64)> = evidence::table
        .filter(evidence::alert_id.eq_any(alerts))
        .select((evidence::alert_id, evidence::entity_id))
        .load(conn)?;
    let named: BTreeSet<i64> = pairs.iter().map(|(_, entity)| *entity).collect();
    let mut assets: HashSet<i64> = HashSet::new();
    for ids in named.into_iter().collect::<Vec<_>>().chunks(LISTED) {
        let found: Vec<(i64, String, bool)> = entities::table
            .filter(entities::id.eq_any(ids))
            .select((entities::id, entities::kind, entities::links))
            .load(conn)?;
        let is_asset = |(_, kind, links): &(i64, String, bool)| *links && ASSETS.contains(&kind.as_str());
        assets.extend(found.iter().filter(|row| is_asset(row)).map(|(id, ..)| *id));
    }
    pairs.retain(|(_, entity)| assets.contains(entity));
    Ok(pairs)
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
