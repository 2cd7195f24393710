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
    /// In the history of the incident `shown`, which another may have been merged into; none in that of an alert, where
    /// no comment is quoted: the form is the incident's. `may_change` is whether there are forms at all, and `reader`
    /// is none where several people read the same.
    pub fn new(entry: &Entry, shown: Option<i64>, may_change: bool, reader: Option<&Actor>) -> Self {
        let history = paths::incident_tab(shown.unwrap_or(entry.incident_id), "history");
        let id = entry.id.to_string();
        let to = |name: &str| query::link(&history, [(name, id.as_str())]);
        let can_answer = may_change && matches!(entry.change, Change::Commented { .. });
        let is_own = reader.is_some_and(|reader| entry.is_by(reader));
        Self {
            entry: to("of"),
            quote: (can_answer && shown.is_some()).then(|| format!("{}#c-body", to("quote"))),
            edit: (can_answer && is_own).then(|| format!("{}#edit-comment", to("edit"))),
        }
    }
}
