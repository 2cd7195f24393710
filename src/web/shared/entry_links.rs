//! The links of an entry of Comments and history.

use crate::history::entry::Entry;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::web::shared::{paths, query};

/// Where an entry leads.
#[derive(Debug, Clone)]
pub struct EntryLinks {
    /// The page that shows this entry alone.
    pub entry: String,
    /// Of a comment: where it is quoted, and where its author edits it.
    pub quote: Option<String>,
    pub edit: Option<String>,
}

impl EntryLinks {
    /// For people who may change something or not; `reader` is none where several people read the same.
    pub fn new(entry: &Entry, may_change: bool, reader: Option<&Actor>) -> Self {
        let history = paths::incident_tab(entry.incident_id, "history");
        let id = entry.id.to_string();
        let to = |name: &str| query::link(&history, [(name, id.as_str())]);
        let can_answer = may_change && matches!(entry.change, Change::Commented { .. });
        let is_own = reader.is_some_and(|reader| entry.is_by(reader));
        Self {
            entry: to("of"),
            quote: can_answer.then(|| format!("{}#c-body", to("quote"))),
            edit: (can_answer && is_own).then(|| format!("{}#edit-comment", to("edit"))),
        }
    }
}
