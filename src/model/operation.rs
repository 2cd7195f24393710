//! Operations: what a person or correlation did at once, and whether it can be undone.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::schema::operations;

crate::text_enum! {
    /// What was done.
    pub enum Kind {
        Edit = "edit" / "Edit",
        AlertEdit = "alertEdit" / "Alert edit",
        Bulk = "bulk" / "Managing incidents",
        AlertsEdit = "alertsEdit" / "Managing alerts",
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

/// The alerts whose status, and whose classification, a person had decided before an edit (R14).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DecidedBefore {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub status: BTreeSet<i64>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub classification: BTreeSet<i64>,
}

impl DecidedBefore {
    pub fn is_empty(&self) -> bool {
        self.status.is_empty() && self.classification.is_empty()
    }

    /// Adds the alerts of another.
    pub fn add(&mut self, other: Self) {
        self.status.extend(other.status);
        self.classification.extend(other.classification);
    }
}

impl From<AlertFlags> for DecidedBefore {
    fn from(flags: AlertFlags) -> Self {
        let only_if = |decided: bool| decided.then_some(flags.alert).into_iter().collect();
        Self { status: only_if(flags.status_by_person), classification: only_if(flags.classified_by_person) }
    }
}
