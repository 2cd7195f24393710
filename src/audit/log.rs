//! Writing the log.

use diesel::prelude::*;
use serde::Serialize;

use crate::audit::Activity;
use crate::clock;
use crate::db::Tx;
use crate::error::Result;
use crate::hash_chain::{Link, START};
use crate::model::actor::Actor;
use crate::schema::audit_log;

/// What an entry is about. Kinds are singular nouns, such as "person" and "token".
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    pub kind: &'static str,
    pub id: Option<i64>,
    pub name: &'a str,
}

/// An entry of the log.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_log, treat_none_as_default_value = false)]
pub struct AuditEntry {
    pub id: i64,
    /// Microseconds UTC.
    pub at: i64,
    /// The stored value of an [`Activity`].
    pub activity: String,
    pub actor_kind: String,
    pub actor_id: Option<i64>,
    /// The name at the time.
    pub actor_name: String,
    /// Where the request came from; none for commands.
    pub address: Option<String>,
    pub target_kind: String,
    pub target_id: Option<i64>,
    /// The name at the time.
    pub target_name: String,
    /// What else is known, as a JSON object.
    pub detail: String,
    /// The hash of this entry and of the one before it, as 64 hexadecimal digits.
    pub hash: String,
}

impl AuditEntry {
    /// The hash that this entry has after the one with the hash `previous`.
    pub fn hash_after(&self, previous: &str) -> String {
        Link::after(previous)
            .number(self.id)
            .number(self.at)
            .text(&self.activity)
            .text(&self.actor_kind)
            .optional_number(self.actor_id)
            .text(&self.actor_name)
            .optional_text(self.address.as_deref())
            .text(&self.target_kind)
            .optional_number(self.target_id)
            .text(&self.target_name)
            .text(&self.detail)
            .hash()
    }
}

/// Records that something was done.
pub fn record(tx: &mut Tx<'_>, actor: &Actor, activity: Activity, target: Target<'_>) -> Result<()> {
    record_with(tx, actor, activity, target, &serde_json::json!({}))
}

/// Records that something was done, with what else is known of it: an object, which must hold no secret.
pub fn record_with(
    tx: &mut Tx<'_>,
    actor: &Actor,
    activity: Activity,
    target: Target<'_>,
    detail: &impl Serialize,
) -> Result<()> {
    // The counter's row is locked until the end of the transaction, so that entries follow each other.
    let id = tx.take_ids("audit", 1)?;
    let previous: Option<String> = audit_log::table.find(id - 1).select(audit_log::hash).first(tx.conn).optional()?;
    let mut entry = AuditEntry {
        id,
        at: clock::now(),
        activity: activity.as_str().to_owned(),
        actor_kind: actor.kind().to_owned(),
        actor_id: actor.id(),
        actor_name: actor.label().to_owned(),
        address: actor.address().map(|address| address.to_string()),
        target_kind: target.kind.to_owned(),
        target_id: target.id,
        target_name: target.name.to_owned(),
        detail: serde_json::to_string(detail)?,
        hash: String::new(),
    };
    entry.hash = entry.hash_after(previous.as_deref().unwrap_or(START));
    diesel::insert_into(audit_log::table).values(&entry).execute(tx.conn)?;
    Ok(())
}

/// Records that something was taken out as a file. `what` is what a person calls it; `detail` says what it holds, as an
/// object.
pub fn record_export(tx: &mut Tx<'_>, actor: &Actor, what: &str, detail: &impl Serialize) -> Result<()> {
    record_with(tx, actor, Activity::Exported, Target { kind: "file", id: None, name: what }, detail)
}
