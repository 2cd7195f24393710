//! What the page and the pane of an alert read.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::entities::known_to_us::{self, KnownToUs};
use crate::error::Result;
use crate::model::alert::{Alert, AlertStatus};
use crate::schema::{alert_details, alerts, entities, evidence};

/// A piece of evidence as the alert page shows it.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The entity that it is.
    pub entity: i64,
    /// The best name of the entity.
    pub known_as: String,
    /// What people say of the entity.
    pub known: KnownToUs,
    pub kind: String,
    pub name: String,
    pub roles: Vec<String>,
    pub verdict: String,
    pub remediation: String,
    pub facts: Vec<(String, String)>,
}

/// The details of an alert that lists leave out.
#[derive(Debug, Clone, Default)]
pub struct Details {
    pub description: String,
    pub recommended_actions: String,
    pub facts: Vec<(String, String)>,
}

/// How many alerts of an incident have the title of one of its alerts, itself included, and how many of these are open.
pub fn same_title(conn: &mut AnyConnection, alert: &Alert) -> Result<(i64, i64)> {
    let same = || alerts::table.filter(alerts::incident_id.eq(alert.incident_id).and(alerts::title.eq(&alert.title)));
    let open = same().filter(alerts::status.ne(AlertStatus::Resolved.as_str()));
    Ok((same().count().get_result(conn)?, open.count().get_result(conn)?))
}

pub fn details(conn: &mut AnyConnection, alert: i64) -> Result<Details> {
    let row: Option<(String, String, String)> = alert_details::table
        .find(alert)
        .select((alert_details::description, alert_details::recommended_actions, alert_details::facts))
        .first(conn)
        .optional()?;
    Ok(row
        .map(|(description, recommended_actions, facts)| Details {
            description,
            recommended_actions,
            facts: serde_json::from_str(&facts).unwrap_or_default(),
        })
        .unwrap_or_default())
}

type Row = ((i64, String), String, String, String, String, String, String);

/// An alert's evidence by the names that the alert gave it: assets first, then in the order reported.
pub fn evidence(conn: &mut AnyConnection, alert: i64) -> Result<Vec<Evidence>> {
    let rows: Vec<Row> = evidence::table
        .inner_join(entities::table)
        .filter(evidence::alert_id.eq(alert))
        .order(evidence::id)
        .limit(1_000)
        .select((
            (entities::id, entities::name),
            entities::kind,
            evidence::name,
            evidence::roles,
            evidence::verdict,
            evidence::remediation,
            evidence::facts,
        ))
        .load(conn)?;
    let known = known_to_us::of(conn, &rows.iter().map(|row| row.0.0).collect::<Vec<_>>())?;
    let mut found: Vec<Evidence> = rows
        .into_iter()
        .map(|((entity, known_as), kind, name, roles, verdict, remediation, facts)| Evidence {
            entity,
            known_as,
            known: known.get(&entity).cloned().unwrap_or_default(),
            kind,
            name,
            roles: serde_json::from_str(&roles).unwrap_or_default(),
            verdict,
            remediation,
            facts: serde_json::from_str(&facts).unwrap_or_default(),
        })
        .collect();
    found.sort_by_key(|item| match item.kind.as_str() {
        "device" => 0,
        "user" => 1,
        "mailbox" => 2,
        _ => 3,
    });
    Ok(found)
}
