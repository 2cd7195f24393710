//! What the alerts queue and the alert page read.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::severity::Severity;
use crate::schema::{alert_details, alerts, entities, evidence};

/// Rows a page of the alerts queue has.
pub const PAGE: i64 = 50;

/// What the alerts queue shows.
#[derive(Debug, Clone, Default)]
pub struct AlertFilter {
    /// Empty: any.
    pub status: Vec<AlertStatus>,
    pub severity: Vec<Severity>,
    pub q: String,
    /// The update time and id of the last row before the page.
    pub after: Option<(i64, i64)>,
}

/// A piece of evidence as the alert page shows it.
#[derive(Debug, Clone)]
pub struct Evidence {
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

/// One page, latest update first, and where the next one starts.
pub fn queue(conn: &mut AnyConnection, filter: &AlertFilter) -> Result<(Vec<Alert>, Option<(i64, i64)>)> {
    let mut query = alerts::table
        .order((alerts::updated_at.desc(), alerts::id.desc()))
        .limit(PAGE + 1)
        .select(Alert::as_select())
        .into_boxed();
    if !filter.status.is_empty() {
        let values: Vec<&str> = filter.status.iter().map(|word| word.as_str()).collect();
        query = query.filter(alerts::status.eq_any(values));
    }
    if !filter.severity.is_empty() {
        let values: Vec<&str> = filter.severity.iter().map(|word| word.as_str()).collect();
        query = query.filter(alerts::severity.eq_any(values));
    }
    if !filter.q.is_empty() {
        let title = alerts::title_key.like(crate::db::text_index::contains(&filter.q)).escape('\\');
        query = match filter.q.parse::<i64>() {
            Ok(id) => query.filter(title.or(alerts::id.eq(id))),
            Err(_) => query.filter(title),
        };
    }
    if let Some((at, id)) = filter.after {
        query = query.filter(alerts::updated_at.le(at).and(alerts::updated_at.lt(at).or(alerts::id.lt(id))));
    }
    let mut found: Vec<Alert> = query.load(conn)?;
    let more = i64::try_from(found.len()).unwrap_or(i64::MAX) > PAGE;
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|last| (last.updated_at, last.id));
    Ok((found, next))
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

/// An alert's evidence by the names that the alert gave it: assets first, then in the order reported.
pub fn evidence(conn: &mut AnyConnection, alert: i64) -> Result<Vec<Evidence>> {
    let rows: Vec<(String, String, String, String, String, String)> = evidence::table
        .inner_join(entities::table)
        .filter(evidence::alert_id.eq(alert))
        .order(evidence::id)
        .limit(1_000)
        .select((
            entities::kind,
            evidence::name,
            evidence::roles,
            evidence::verdict,
            evidence::remediation,
            evidence::facts,
        ))
        .load(conn)?;
    let mut found: Vec<Evidence> = rows
        .into_iter()
        .map(|(kind, name, roles, verdict, remediation, facts)| Evidence {
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
