//! Reading Comments and history: of an incident, of an alert, since a revision, filtered.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::User;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::Change;
use crate::schema::{alerts, history};

/// Entries a page of history shows.
pub const PAGE: i64 = 100;

crate::words! {
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
    pub at: i64,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        // An entry of a later version is shown as far as this one understands it, never dropped.
        let change = serde_json::from_str(&row.detail)
            .unwrap_or(Change::AlertUpdated { title: String::new(), what: vec!["an entry of a newer version".into()] });
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
            // Whoever sent the record could write any name into it.
            (None, "import", "") => "Somebody (imported)".to_owned(),
            (None, "import", name) => format!("{name} (imported)"),
            (None, _, label) => label.to_owned(),
        }
    }
}

const COMMENT: &str = "commented";
const ALERT_KINDS: [&str; 6] =
    ["alertAdded", "alertUpdated", "alertStatusSet", "alertMovedIn", "alertMovedOut", "alertSeveritySet"];

/// A page of an incident's history, newest first; `before` is the oldest revision already shown.
pub fn of_incident(conn: &mut AnyConnection, incident: i64, kinds: Kinds, before: Option<i64>) -> Result<Vec<Entry>> {
    let mut query = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::parent.is_null())
        .order(history::revision.desc())
        .limit(PAGE)
        .select(Row::as_select())
        .into_boxed();
    query = match kinds {
        Kinds::All => query,
        Kinds::Comments => query.filter(history::kind.eq(COMMENT)),
        Kinds::Changes => query.filter(history::kind.ne(COMMENT)).filter(history::alert_id.is_null()),
        Kinds::Alerts => query.filter(history::kind.eq_any(ALERT_KINDS).or(history::alert_id.is_not_null())),
    };
    if let Some(before) = before {
        query = query.filter(history::revision.lt(before));
    }
    let rows: Vec<Row> = query.load(conn)?;
    complete(conn, rows)
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

/// How many entries and comments an incident has, for the tab's count.
pub fn count(conn: &mut AnyConnection, incident: i64) -> Result<i64> {
    Ok(history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::parent.is_null())
        .count()
        .get_result(conn)?)
}

/// Adds alert titles and the number of folded changes.
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
    let parents: Vec<i64> =
        entries.iter().filter(|entry| entry.alert_id.is_none()).map(|entry| entry.revision).collect();
    let folded: HashMap<i64, i64> = match entries.first() {
        None => HashMap::new(),
        Some(first) => history::table
            .filter(history::incident_id.eq(first.incident_id))
            .filter(history::parent.eq_any(parents))
            .group_by(history::parent)
            .select((history::parent, diesel::dsl::count(history::id)))
            .load::<(Option<i64>, i64)>(conn)?
            .into_iter()
            .filter_map(|(parent, count)| parent.map(|parent| (parent, count)))
            .collect(),
    };
    for entry in &mut entries {
        entry.alert_title = entry.alert_id.and_then(|id| titles.get(&id).cloned());
        entry.followed_by = folded.get(&entry.revision).copied().unwrap_or(0);
    }
    Ok(entries)
}
