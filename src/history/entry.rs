//! An entry of Comments and history, as it is stored and as it is read.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::user::User;
use crate::schema::history;

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

/// A text that a comment had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentText {
    pub body: String,
    /// When it was written, in microseconds UTC.
    pub at: i64,
}

/// Gives a comment that was written at a time the newest of its texts. Returns the earlier ones, the first one first, and
/// when it got the newest.
pub fn apply_edits(body: &mut String, mut written: i64, edits: Vec<CommentText>) -> (Vec<CommentText>, i64) {
    let mut earlier = Vec::with_capacity(edits.len());
    for edit in edits {
        let before = std::mem::replace(body, edit.body);
        earlier.push(CommentText { body: before, at: written });
        written = edit.at;
    }
    (earlier, written)
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
    /// The names of incidents that it names, where the sentence has them.
    pub incident_names: HashMap<i64, String>,
    /// The alerts whose changes are folded under it (R20).
    pub parts: Parts,
    /// The revision of the entry that it followed from and is folded under.
    pub parent: Option<i64>,
    /// The operation that it is part of.
    pub operation: Option<i64>,
    /// Set on the newest entry of an operation that can be undone: the operation, and how many incidents
    /// it is about where that is noted.
    pub undoable: Option<(i64, i64)>,
    /// Of a comment that was edited: its earlier texts, the first one first, and when it got the present one.
    pub earlier: Vec<CommentText>,
    pub edited: Option<i64>,
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
            incident_names: HashMap::new(),
            parts: Parts::default(),
            parent: row.parent,
            operation,
            undoable: None,
            earlier: Vec::new(),
            edited: None,
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
    /// Whether it followed from another entry and is folded under it.
    pub fn is_nested(&self) -> bool {
        self.parent.is_some()
    }

    /// Whether somebody did it.
    pub fn is_by(&self, actor: &Actor) -> bool {
        self.actor_kind == actor.kind() && self.actor_id == actor.id()
    }
}

/// The alerts of an entry, in ascending id.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// How many there are.
    pub total: usize,
    /// How many come before those listed.
    pub skipped: usize,
    pub listed: Vec<Part>,
}

/// An alert, and what happened to it.
#[derive(Debug, Clone)]
pub struct Part {
    pub alert: i64,
    /// Its title today.
    pub title: String,
    /// Empty where the entry only names the alert.
    pub changes: Vec<Change>,
}
