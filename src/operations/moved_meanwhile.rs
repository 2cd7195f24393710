//! What others did to alerts between the moment when somebody opened the form that moves them and the moment
//! when they sent it (R13).

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::history::entry::{Entry, Row};
use crate::model::alert::Alert;
use crate::model::conflict::{Conflict, MovedMeanwhile};
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
pub fn refuse(tx: &mut Tx<'_>, alerts: &[Alert], expected: &Expected) -> Result<()> {
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
