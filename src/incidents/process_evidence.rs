//! The processes that pieces of an incident's evidence report, with the devices they ran on.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::alerts::overview::Evidence;
use crate::alerts::processes;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::process_tree::Process;
use crate::schema::{entities, evidence};

/// The processes among some pieces of evidence, in the order of their alerts.
pub fn among(conn: &mut AnyConnection, pieces: &[i64]) -> Result<Vec<Process>> {
    type Row = (i64, String, String, String, String);
    let processes: Vec<Row> = evidence::table
        .inner_join(entities::table)
        .filter(evidence::id.eq_any(pieces))
        // Not by the index of kinds: SQLite would read every process that is stored.
        .filter(entities::kind.concat("").eq("process"))
        .order(evidence::id)
        .select((evidence::alert_id, entities::kind, evidence::name, evidence::verdict, evidence::facts))
        .load(conn)?;
    let mut alerts: Vec<i64> = processes.iter().map(|(alert, ..)| *alert).collect();
    alerts.dedup();
    // By the names that the incident shows: alerts may call one device by several.
    let devices: Vec<Row> = evidence::table
        .inner_join(entities::table)
        .filter(evidence::alert_id.eq_any(alerts))
        .filter(entities::kind.concat("").eq("device"))
        .order(evidence::id)
        .select((evidence::alert_id, entities::kind, entities::name, evidence::verdict, evidence::facts))
        .load(conn)?;
    let mut by_alert: BTreeMap<i64, Vec<Evidence>> = BTreeMap::new();
    for (alert, kind, name, verdict, facts) in devices.into_iter().chain(processes) {
        by_alert.entry(alert).or_default().push(Evidence {
            kind,
            name,
            verdict,
            facts: serde_json::from_str(&facts).unwrap_or_default(),
            ..Evidence::default()
        });
    }
    Ok(by_alert.iter().flat_map(|(alert, evidence)| processes::of_alert(*alert, evidence)).collect())
}
