//! Reading Comments and history: of an incident with those merged into it, of an alert, since a
//! revision, filtered.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::merged_incidents::with_merged;
use crate::history::{decided_by, operation_log};
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::operation::Kind;
use crate::model::user::User;
use crate::schema::{alerts, history};

/// Entries a page of history shows.
pub const PAGE: i64 = 100;

crate::text_enum! {
    /// What the history can be narrowed to.
    pub enum Kinds {
        All = "all" / "Everything",
        Comments = "comments" / "Comments",
        Changes = "changes" / "Changes",
        Alerts = "alerts" / "Alerts",
    }
}

/// A stored entry.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = history)]
pub struct Row {
    pub id: i64,
    pub incident_id: i64,
    pub revision: i64,
    pub parent: Option<i64>,
    pub alert_id: Option<i64>,
    pub actor_kind: String,
    pub actor_id: Option<i64>,
    pub actor_label: String,
    pub detail: String,
    pub at: i64,
    pub operation_id: Option<i64>,
}

/// One entry: who did what, when.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: i64,
    pub incident_id: i64,
    pub revision: i64,
    pub alert_id: Option<i64>,
    /// The title of the alert it is about.
    pub alert_title: Option<String>,
    pub actor_kind: String,
    actor_id: Option<i64>,
    actor_label: String,
    pub change: Change,
    /// How many changes of alerts followed from it and are folded under it.
    pub followed_by: i64,
    /// It followed from another entry and is folded under it.
    pub nested: bool,
    /// The operation that it is part of.
    pub operation: Option<i64>,
    /// Set on the newest entry of an operation that can be undone: the operation, and how many incidents
    /// it is about where that is noted.
    pub undoable: Option<(i64, i64)>,
    /// It is part of an undo.
    pub undoes: bool,
    pub at: i64,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        // An entry of a later version is shown as far as this one understands it, never dropped.
        let change: Change = serde_json::from_str(&row.detail)
            .unwrap_or(Change::AlertUpdated { title: String::new(), what: vec!["an entry of a newer version".into()] });
        // Older merges have the number of their operation in the change only.
        let operation = row.operation_id.or_else(|| change.operation());
        Self {
            id: row.id,
            incident_id: row.incident_id,
            revision: row.revision,
            alert_id: row.alert_id,
            alert_title: None,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            actor_label: row.actor_label,
            change,
            followed_by: 0,
            nested: row.parent.is_some(),
            operation,
            undoable: None,
            undoes: false,
            at: row.at,
        }
    }
}

impl Entry {
    /// Who did it, by today's display name.
    pub fn actor(&self, people: &HashMap<i64, User>) -> String {
        let person = self.actor_id.filter(|_| self.actor_kind == "person").and_then(|id| people.get(&id));
        match (person, self.actor_kind.as_str(), self.actor_label.as_str()) {
            (Some(user), _, _) => user.display_name.clone(),
            // An imported name is not checked, so it is marked.
            (None, "import", "") => "Somebody (imported)".to_owned(),
            (None, "import", name) => format!("{name} (imported)"),
            (None, _, label) => label.to_owned(),
        }
    }
}

impl Entry {
    /// Whether somebody did it.
    pub fn is_by(&self, actor: &Actor) -> bool {
        self.actor_kind == actor.kind() && self.actor_id == actor.id()
    }
}

const COMMENT: &str = "commented";
const ALERT_KINDS: [&str; 6] =
    ["alertAdded", "alertUpdated", "alertStatusSet", "alertMovedIn", "alertMovedOut", "alertSeveritySet"];

/// Where a page of history begins: at the entries before this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// A revision of the incident itself.
    Revision(i64),
    /// An entry, by its id.
    Entry(i64),
}

/// A page of an incident's history with that of every incident that was merged into it, newest
/// first.
pub fn of_incident(
    conn: &mut AnyConnection,
    incident: i64,
    kinds: Kinds,
    before: Option<Before>,
) -> Result<Vec<Entry>> {
    let shown = with_merged(conn, incident)?;
    let alone = shown.len() == 1;
    let mut query = history::table.filter(history::parent.is_null()).limit(PAGE).select(Row::as_select()).into_boxed();
    query = if alone {
        // In one incident both orders are the same, and there is an index for this one.
        query.filter(history::incident_id.eq(incident)).order(history::revision.desc())
    } else {
        query.filter(history::incident_id.eq_any(shown)).order(history::id.desc())
    };
    query = match kinds {
        Kinds::All => query,
        Kinds::Comments => query.filter(history::kind.eq(COMMENT)),
        Kinds::Changes => query.filter(history::kind.ne(COMMENT)).filter(history::alert_id.is_null()),
        Kinds::Alerts => query.filter(history::kind.eq_any(ALERT_KINDS).or(history::alert_id.is_not_null())),
    };
    if let Some(before) = before {
        query = query.filter(history::id.lt(entry_at(conn, incident, before)?));
    }
    let rows: Vec<Row> = query.load(conn)?;
    complete(conn, rows)
}

fn entry_at(conn: &mut AnyConnection, incident: i64, before: Before) -> Result<i64> {
    let revision = match before {
        Before::Entry(id) => return Ok(id),
        Before::Revision(revision) => revision,
    };
    let entry: Option<i64> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.ge(revision))
        .order(history::revision)
        .select(history::id)
        .first(conn)
        .optional()?;
    Ok(entry.unwrap_or(i64::MAX))
}

/// What happened in an incident after `revision`, oldest first: what a stream sends.
pub fn after(conn: &mut AnyConnection, incident: i64, revision: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.gt(revision))
        .filter(history::parent.is_null())
        .order(history::revision)
        .limit(PAGE)
        .select(Row::as_select())
        .load(conn)?;
    complete(conn, rows)
}

/// An alert's own history, newest first, through all the incidents it has been in.
pub fn of_alert(conn: &mut AnyConnection, alert: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(history::alert_revision.is_not_null())
        .order(history::id.desc())
        .limit(PAGE)
        .select(Row::as_select())
        .load(conn)?;
    complete(conn, rows)
}

/// The id of an alert's newest entry, 0 without any.
pub fn newest_of_alert(conn: &mut AnyConnection, alert: i64) -> Result<i64> {
    let newest: Option<i64> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(history::alert_revision.is_not_null())
        .order(history::id.desc())
        .select(history::id)
        .first(conn)
        .optional()?;
    Ok(newest.unwrap_or(0))
}

/// What happened to an alert after entry `id`, oldest first.
pub fn of_alert_after(conn: &mut AnyConnection, alert: i64, id: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(history::alert_revision.is_not_null())
        .filter(history::id.gt(id))
        .order(history::id)
        .limit(PAGE)
        .select(Row::as_select())
        .load(conn)?;
    complete(conn, rows)
}

/// How many entries and comments an incident has, with those merged into it, for the tab's count.
pub fn count(conn: &mut AnyConnection, incident: i64) -> Result<i64> {
    let shown = with_merged(conn, incident)?;
    Ok(history::table
        .filter(history::incident_id.eq_any(shown))
        .filter(history::parent.is_null())
        .count()
        .get_result(conn)?)
}

/// Adds alert titles, the number of folded changes, and what can be undone.
fn complete(conn: &mut AnyConnection, rows: Vec<Row>) -> Result<Vec<Entry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut entries: Vec<Entry> = rows.into_iter().map(Entry::from).collect();
    let ids: Vec<i64> = entries.iter().filter_map(|entry| entry.alert_id).collect();
    let titles: HashMap<i64, String> = alerts::table
        .filter(alerts::id.eq_any(ids))
        .select((alerts::id, alerts::title))
        .load::<(i64, String)>(conn)?
        .into_iter()
        .collect();
    let folded = folded(conn, &entries)?;
    let operations: BTreeSet<i64> = entries.iter().filter_map(|entry| entry.operation).collect();
    let operations: Vec<i64> = operations.into_iter().collect();
    let known = operation_log::shown(conn, &operations)?;
    let newest = newest_of_each(&entries);
    for entry in &mut entries {
        entry.alert_title = entry.alert_id.and_then(|id| titles.get(&id).cloned());
        entry.followed_by = folded.get(&(entry.incident_id, entry.revision)).copied().unwrap_or(0);
        let operation = entry.operation.and_then(|id| known.get(&id));
        entry.undoes = operation.is_some_and(|operation| operation.kind() == Some(Kind::Undo));
        entry.undoable = operation
            .filter(|operation| operation.can_be_undone() && newest.contains(&entry.id))
            .map(|operation| (operation.id, operation.total));
    }
    Ok(entries)
}

/// The newest entry of each operation in each incident: the one that carries the Undo button.
fn newest_of_each(entries: &[Entry]) -> HashSet<i64> {
    let mut newest: HashMap<(i64, i64), i64> = HashMap::new();
    // People look for the button at their own entry, not at what followed automatically.
    for entry in entries.iter().filter(|entry| !entry.nested).filter(|entry| decided_by::carries_undo(entry)) {
        if let Some(operation) = entry.operation {
            let id = newest.entry((operation, entry.incident_id)).or_insert(entry.id);
            *id = entry.id.max(*id);
        }
    }
    newest.into_values().collect()
}

/// How many alerts have changes folded under each entry, by incident and revision.
fn folded(conn: &mut AnyConnection, entries: &[Entry]) -> Result<HashMap<(i64, i64), i64>> {
    let parents = || entries.iter().filter(|entry| entry.alert_id.is_none());
    let within: BTreeSet<i64> = parents().map(|entry| entry.incident_id).collect();
    let revisions: BTreeSet<i64> = parents().map(|entry| entry.revision).collect();
    let rows: Vec<(i64, Option<i64>, i64)> = history::table
        .filter(history::incident_id.eq_any(within))
        .filter(history::parent.eq_any(revisions))
        .group_by((history::incident_id, history::parent))
        .select((history::incident_id, history::parent, diesel::dsl::count(history::alert_id).aggregate_distinct()))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(incident, parent, count)| parent.map(|parent| ((incident, parent), count)))
        .collect())
}
