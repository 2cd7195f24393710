//! Operations: what a person or correlation did at once, and whether it can be undone.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schema::operations;

crate::text_enum! {
    /// What was done.
    pub enum Kind {
        Edit = "edit" / "Edit",
        AlertEdit = "alertEdit" / "Alert edit",
        Bulk = "bulk" / "Managing incidents",
        Move = "move" / "Moving alerts",
        /// Of two incidents, by correlation.
        Merge = "merge" / "Merge",
        /// By a person.
        Merges = "merges" / "Merging incidents",
        /// By the machine, because its sources had resolved all alerts.
        ResolveBySource = "resolveBySource" / "Resolved at the source",
        /// By a rule, because rules had resolved all alerts.
        ResolveByRule = "resolveByRule" / "Resolved by a rule",
        Undo = "undo" / "Undo",
    }
}

crate::text_enum! {
    /// Whether it is still running.
    pub enum State {
        Running = "running" / "Running",
        Done = "done" / "Done",
    }
}

/// An operation as it is stored. Times are microseconds UTC.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = operations)]
pub struct Operation {
    pub id: i64,
    pub kind: String,
    /// What its undo, or continuing it, needs beside the history: JSON, by kind.
    pub detail: String,
    pub at: i64,
    pub undone_at: Option<i64>,
    pub actor_id: Option<i64>,
    pub actor_name: String,
    pub state: String,
    pub undo_of: Option<i64>,
    pub undone_by: Option<i64>,
    /// Items, 0 where it has none.
    pub total: i64,
    pub ended_at: Option<i64>,
    pub resumed_at: Option<i64>,
}

impl Operation {
    pub fn kind(&self) -> Option<Kind> {
        Kind::parse(&self.kind)
    }

    pub fn is_running(&self) -> bool {
        self.state == State::Running.as_str()
    }

    /// Whether an Undo button has anything to do.
    pub fn can_be_undone(&self) -> bool {
        !self.is_running() && self.undone_at.is_none() && self.kind().is_some_and(|kind| kind != Kind::Undo)
    }
}

/// What the undo of an alert's edit needs beside the history.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AlertFlags {
    pub alert: i64,
    /// Whether a person had decided its status, and its classification, before.
    pub status_by_person: bool,
    pub classified_by_person: bool,
}
