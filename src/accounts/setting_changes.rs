//! The record of changes of settings: who, when, before and after. Written with the change, never edited. The audit log
//! has an entry for each.

use diesel::prelude::*;

use crate::audit::{self, Activity, Target};
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::schema::setting_changes;

/// Who changed a setting, when, and what it was before.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = setting_changes)]
pub struct SettingChange {
    pub setting_id: i64,
    pub name: String,
    pub actor_name: String,
    /// Microseconds UTC.
    pub at: i64,
    /// `None` when it was created.
    pub old_body: Option<String>,
    /// `None` when it was deleted.
    pub new_body: Option<String>,
}

/// A setting: its kind, its id within the kind (0 where it has none), its name.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    pub kind: &'static str,
    pub id: i64,
    pub name: &'a str,
}

/// Takes the number of the next change. Concurrent changes of settings take turns on it.
pub fn next(tx: &mut Tx<'_>) -> Result<i64> {
    tx.take_ids("setting_change", 1)
}

/// Stores change number `id`, with the setting before and after it.
pub fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: i64,
    setting: Setting<'_>,
    (old, new): (Option<String>, Option<String>),
) -> Result<()> {
    let row = (
        setting_changes::id.eq(id),
        setting_changes::kind.eq(setting.kind),
        setting_changes::setting_id.eq(setting.id),
        setting_changes::name.eq(setting.name),
        setting_changes::actor_kind.eq(actor.kind()),
        setting_changes::actor_id.eq(actor.id()),
        setting_changes::actor_name.eq(actor.label()),
        setting_changes::at.eq(clock::now()),
        setting_changes::old_body.eq(&old),
        setting_changes::new_body.eq(&new),
    );
    diesel::insert_into(setting_changes::table).values(row).execute(tx.conn)?;
    // Tokens have activities of their own.
    let activity = match (setting.kind, &old, &new) {
        ("token", None, _) => Activity::TokenMade,
        ("token", _, None) => Activity::TokenRevoked,
        _ => Activity::SettingChanged,
    };
    let target = Target { kind: setting.kind, id: (setting.id != 0).then_some(setting.id), name: setting.name };
    audit::record_with(tx, actor, activity, target, &serde_json::json!({ "before": old, "after": new }))
}

/// The latest changes of a kind first; of one setting, or of all.
pub fn latest(conn: &mut AnyConnection, kind: &str, setting: Option<i64>, limit: i64) -> Result<Vec<SettingChange>> {
    let mut query = setting_changes::table
        .filter(setting_changes::kind.eq(kind))
        .order(setting_changes::id.desc())
        .limit(limit)
        .select(SettingChange::as_select())
        .into_boxed();
    if let Some(id) = setting {
        query = query.filter(setting_changes::setting_id.eq(id));
    }
    Ok(query.load(conn)?)
}
