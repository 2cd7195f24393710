//! Reading what rules hid, taking it out to bring it back, and forgetting it.

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::model::incoming::IncomingAlert;
use crate::permissions::{Action, require};
use crate::rules::hidden::keep::{Counted, count};
use crate::schema::{hidden_alerts, hidden_counts};

/// Alerts that a page lists.
pub const PAGE_SIZE: i64 = 50;

/// An alert that a rule hid, without its record.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = hidden_alerts)]
pub struct HiddenAlert {
    pub id: i64,
    pub rule_id: i64,
    /// When it was hidden last, in microseconds UTC, and how often it was.
    pub at: i64,
    pub times: i64,
    pub title: String,
    pub source: String,
    /// Its first asset; empty where it names none.
    pub asset: String,
}

/// What became of all that a rule hid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = hidden_counts)]
pub struct HiddenCounts {
    pub rule_id: i64,
    /// The name of the rule when it last hid something.
    pub name: String,
    /// Records, repeats included.
    pub hidden: i64,
    /// Alerts: kept now, pushed out by later ones or never kept, brought back, forgotten.
    pub kept: i64,
    pub pushed_out: i64,
    pub brought_back: i64,
    pub forgotten: i64,
}

/// What rules hid, by rule, those that keep most first; also of rules that are deleted.
pub fn counts(conn: &mut AnyConnection) -> Result<Vec<HiddenCounts>> {
    Ok(hidden_counts::table
        .filter(hidden_counts::hidden.gt(0))
        .order((hidden_counts::kept.desc(), hidden_counts::rule_id))
        .select(HiddenCounts::as_select())
        .load(conn)?)
}

/// What a rule hid so far.
pub fn counts_of(conn: &mut AnyConnection, rule: i64) -> Result<HiddenCounts> {
    Ok(hidden_counts::table.find(rule).select(HiddenCounts::as_select()).first(conn).optional()?.unwrap_or_default())
}

/// A page of what a rule hid, newest first, and where the next one starts.
pub fn page(conn: &mut AnyConnection, rule: i64, before: Option<i64>) -> Result<(Vec<HiddenAlert>, Option<i64>)> {
    let mut found: Vec<HiddenAlert> = hidden_alerts::table
        .filter(hidden_alerts::rule_id.eq(rule))
        .filter(hidden_alerts::id.lt(before.unwrap_or(i64::MAX)))
        .order(hidden_alerts::id.desc())
        .limit(PAGE_SIZE + 1)
        .select(HiddenAlert::as_select())
        .load(conn)?;
    let more = i64::try_from(found.len()).unwrap_or(i64::MAX) > PAGE_SIZE;
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|last| last.id);
    Ok((found, next))
}

/// A hidden alert with its payload, as it was sent.
pub fn find(conn: &mut AnyConnection, id: i64) -> Result<(HiddenAlert, String)> {
    let columns = (HiddenAlert::as_select(), hidden_alerts::payload);
    Ok(hidden_alerts::table.find(id).select(columns).first(conn)?)
}

/// The ids of what a rule hid, oldest first; at most `limit`.
pub fn ids(conn: &mut AnyConnection, rule: i64, limit: i64) -> Result<Vec<i64>> {
    Ok(hidden_alerts::table
        .filter(hidden_alerts::rule_id.eq(rule))
        .order(hidden_alerts::id)
        .limit(limit)
        .select(hidden_alerts::id)
        .load(conn)?)
}

/// Takes hidden alerts of a rule out, to bring them back: each once, with its payload.
pub fn take(tx: &mut Tx<'_>, rule: i64, ids: &[i64]) -> Result<Vec<(IncomingAlert, String)>> {
    let of_rule = || hidden_alerts::table.filter(hidden_alerts::rule_id.eq(rule)).filter(hidden_alerts::id.eq_any(ids));
    let rows: Vec<(String, String)> =
        of_rule().order(hidden_alerts::id).select((hidden_alerts::record, hidden_alerts::payload)).load(tx.conn)?;
    let taken = i64::try_from(diesel::delete(of_rule()).execute(tx.conn)?).unwrap_or(i64::MAX);
    if taken > 0 {
        count(tx, rule, &Counted { brought_back: taken, ..Counted::default() })?;
    }
    let read = |(record, payload): (String, String)| Ok((serde_json::from_str(&record)?, payload));
    rows.into_iter().map(read).collect::<std::result::Result<_, serde_json::Error>>().map_err(Error::internal)
}

/// Deletes hidden alerts of a rule for good; returns how many.
pub fn forget(tx: &mut Tx<'_>, actor: &Actor, rule: i64, ids: &[i64]) -> Result<i64> {
    require(actor, Action::ApproveRule)?;
    let of_rule = hidden_alerts::table.filter(hidden_alerts::rule_id.eq(rule)).filter(hidden_alerts::id.eq_any(ids));
    let forgotten = i64::try_from(diesel::delete(of_rule).execute(tx.conn)?).unwrap_or(i64::MAX);
    if forgotten > 0 {
        count(tx, rule, &Counted { forgotten, ..Counted::default() })?;
    }
    Ok(forgotten)
}
