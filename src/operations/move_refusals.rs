//! What stands against a move of alerts: others moved them since the form was made (R13), or the target is
//! redirected and they never were in it (R10).

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::history::entry::{Entry, Row};
use crate::model::alert::Alert;
use crate::model::conflict::{Conflict, MovedMeanwhile};
use crate::model::incident::{Incident, Status};
use crate::model::user::User;
use crate::schema::{history, incidents};
use crate::text::counted;

/// Most sentences; the others are counted.
const TOLD: usize = 10;

/// The alerts of a form, each with the incident that it was in when the form was made, if the form tells.
pub type Expected = BTreeMap<i64, Option<i64>>;

/// Pairs the alerts of a form with their incidents.
pub fn expected(alerts: &[i64], from: &[i64]) -> Expected {
    let from = from.iter().copied().map(Some).chain(std::iter::repeat(None));
    alerts.iter().copied().zip(from).collect()
}

/// Refuses when an alert is in another incident than the form told. Their incidents are claimed.
pub fn refuse_moved(tx: &mut Tx<'_>, alerts: &[Alert], expected: &Expected) -> Result<()> {
    let is_elsewhere = |alert: &&Alert| {
        expected.get(&alert.id).copied().flatten().is_some_and(|incident| incident != alert.incident_id)
    };
    let elsewhere: Vec<&Alert> = alerts.iter().filter(is_elsewhere).collect();
    if elsewhere.is_empty() {
        return Ok(());
    }
    let movers = movers(tx.conn, &elsewhere)?;
    let mut groups: BTreeMap<(i64, &str), usize> = BTreeMap::new();
    for alert in &elsewhere {
        let who = movers.get(&alert.id).map_or("Watchdesk", String::as_str);
        *groups.entry((alert.incident_id, who)).or_default() += 1;
    }
    let left = groups.len().saturating_sub(TOLD);
    let mut moved = Vec::new();
    for ((incident, who), count) in groups.into_iter().take(TOLD) {
        let name: String = incidents::table.find(incident).select(incidents::name).first(tx.conn)?;
        let sentence = format!("{} moved to incident {incident} ({name}).", counted(count, "alert"));
        moved.push(MovedMeanwhile { who: who.to_owned(), sentence });
    }
    if left > 0 {
        let sentence = format!("moved alerts to {}.", counted(left, "further incident"));
        moved.push(MovedMeanwhile { who: "Others".to_owned(), sentence });
    }
    Err(Error::Conflict(Box::new(Conflict { moved, ..Conflict::default() })))
}

/// A redirected incident is restored only by alerts that came from it (R10).
pub fn refuse_foreign(tx: &mut Tx<'_>, into: &Incident, moving: &[Alert]) -> Result<()> {
    let (Status::Redirected, Some(leads_to)) = (into.status, into.redirect_to) else { return Ok(()) };
    let ids: Vec<i64> = moving.iter().map(|alert| alert.id).collect();
    let came_from_it: i64 = history::table
        .filter(history::incident_id.eq(into.id))
        .filter(history::kind.eq("alertMovedOut"))
        .filter(history::alert_id.eq_any(ids))
        .count()
        .get_result(tx.conn)?;
    if came_from_it > 0 {
        return Ok(());
    }
    Err(Error::at_field(
        "target",
        format!("Incident {} was redirected to incident {leads_to}; choose that one.", into.id),
    ))
}

/// Who moved each alert last, by alert. An alert that came with a merge has no entry of its own.
fn movers(conn: &mut AnyConnection, alerts: &[&Alert]) -> Result<HashMap<i64, String>> {
    let people: HashMap<i64, User> = users::names(conn)?;
    let mut movers = HashMap::new();
    let ids: Vec<i64> = alerts.iter().map(|alert| alert.id).collect();
    for ids in ids.chunks(500) {
        let rows: Vec<Row> = history::table
            .filter(history::alert_id.eq_any(ids))
            .filter(history::kind.eq("alertMovedIn"))
            .order(history::id)
            .select(Row::as_select())
            .load(conn)?;
        for row in rows {
            let Some(alert) = row.alert_id else { continue };
            movers.insert(alert, Entry::from(row).actor(&people));
        }
    }
    Ok(movers)
}
