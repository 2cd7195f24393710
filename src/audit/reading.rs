//! Reading the log: a page of it, or all of it as lines of JSON.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::Text;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::audit::{Activity, AuditEntry};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::audit_log;

/// Entries of a page, and of a part of a file.
pub const PAGE: i64 = 100;
pub const PART: i64 = 1_000;

diesel::define_sql_function! {
    /// In lower case; on SQLite only letters of ASCII.
    fn lower(text: Text) -> Text;
}

/// Whose entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Person(i64),
    /// Of programs.
    Tokens,
    /// Of the command line and of Watchdesk itself.
    System,
}

impl By {
    /// As an address contains it.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "tokens" => Some(Self::Tokens),
            "system" => Some(Self::System),
            number => number.parse().ok().map(Self::Person),
        }
    }
}

/// Which entries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub activity: Option<Activity>,
    pub by: Option<By>,
    /// A part of the name of what an entry is about, in any case.
    pub target: Option<String>,
    /// Microseconds UTC, both included.
    pub since: Option<i64>,
    pub until: Option<i64>,
}

type Query = audit_log::BoxedQuery<'static, <AnyConnection as Connection>::Backend>;

/// The newest entries before one of them, and whether there are older ones.
pub fn page(
    conn: &mut AnyConnection,
    actor: &Actor,
    filter: &Filter,
    before: Option<i64>,
) -> Result<(Vec<AuditEntry>, bool)> {
    require(actor, Action::Administer)?;
    let mut rows: Vec<AuditEntry> = filtered(filter)
        .filter(audit_log::id.lt(before.unwrap_or(i64::MAX)))
        .order(audit_log::id.desc())
        .limit(PAGE + 1)
        .select(AuditEntry::as_select())
        .load(conn)?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let is_more = rows.len() > page;
    rows.truncate(page);
    Ok((rows, is_more))
}

/// A part of a file: the entries after one of them up to another one, the first one first.
pub fn part(
    conn: &mut AnyConnection,
    actor: &Actor,
    filter: &Filter,
    (after, last): (i64, i64),
) -> Result<Vec<AuditEntry>> {
    require(actor, Action::Administer)?;
    Ok(filtered(filter)
        .filter(audit_log::id.gt(after).and(audit_log::id.le(last)))
        .order(audit_log::id)
        .limit(PART)
        .select(AuditEntry::as_select())
        .load(conn)?)
}

/// The newest entry of an activity.
pub fn latest(conn: &mut AnyConnection, activity: Activity) -> Result<Option<AuditEntry>> {
    Ok(audit_log::table
        .filter(audit_log::activity.eq(activity.as_str()))
        .order(audit_log::id.desc())
        .select(AuditEntry::as_select())
        .first(conn)
        .optional()?)
}

/// The id of the newest entry, 0 without any.
pub fn last_id(conn: &mut AnyConnection) -> Result<i64> {
    let last: Option<i64> = audit_log::table.select(max(audit_log::id)).first(conn)?;
    Ok(last.unwrap_or(0))
}

fn filtered(filter: &Filter) -> Query {
    let mut query = audit_log::table.into_boxed();
    if let Some(activity) = filter.activity {
        query = query.filter(audit_log::activity.eq(activity.as_str()));
    }
    query = match filter.by {
        Some(By::Person(id)) => query.filter(audit_log::actor_kind.eq("person").and(audit_log::actor_id.eq(id))),
        Some(By::Tokens) => query.filter(audit_log::actor_kind.eq("token")),
        Some(By::System) => query.filter(audit_log::actor_kind.eq_any(["system", "import"])),
        None => query,
    };
    if let Some(target) = &filter.target {
        let escaped = target.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.filter(lower(audit_log::target_name).like(format!("%{escaped}%")).escape('\\'));
    }
    if let Some(since) = filter.since {
        query = query.filter(audit_log::at.ge(since));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_log::at.le(until));
    }
    query
}

impl AuditEntry {
    /// An object for other programs.
    pub fn json(&self) -> Value {
        let at = Timestamp::from_microsecond(self.at).unwrap_or_default();
        json!({
            "id": self.id,
            "at": format!("{at:.6}"),
            "activity": self.activity,
            "actorKind": self.actor_kind,
            "actorId": self.actor_id,
            "actorName": self.actor_name,
            "address": self.address,
            "targetKind": self.target_kind,
            "targetId": self.target_id,
            "targetName": self.target_name,
            "detail": serde_json::from_str::<Value>(&self.detail).unwrap_or_default(),
            "hash": self.hash,
        })
    }
}
