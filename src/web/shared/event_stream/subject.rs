//! What a stream is about, as the page of an incident or alert describes it.

use serde::Serialize;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::timeline::Page;

/// An incident or alert that a stream follows, as it was when the stream was opened.
#[derive(Clone, Copy)]
pub struct Subject {
    pub id: i64,
    /// The incident whose history is shown; none on the page of an alert.
    pub shown_in: Option<i64>,
    /// The incident that it is or that it is in.
    pub incident: i64,
    /// Its last event.
    pub newest: i64,
    /// Returns the incident whose wake-ups to wait for, and the entries after the last one that was sent.
    pub entries: fn(&mut AnyConnection, id: i64, after: i64) -> Result<(i64, Page)>,
    pub state: fn(&mut AnyConnection, id: i64) -> Result<LiveState>,
}

impl Subject {
    /// What tells subjects apart: the page of an alert and that of an incident with the same id are two.
    pub(super) fn key(&self) -> Key {
        (self.id, self.shown_in)
    }
}

pub(super) type Key = (i64, Option<i64>);

/// The state of an incident or alert, with which scripts update a page or pane: texts and form values.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveState {
    pub revision: i64,
    /// The incident that this one was merged into.
    pub redirect_to: Option<i64>,
    pub text: Vec<(&'static str, String)>,
    pub fields: Vec<(&'static str, String)>,
    pub tags: Vec<String>,
    /// Score and reasons as HTML; empty for an alert.
    pub priority: String,
    /// Why an alert is in its incident, as short labels.
    pub reasons: Vec<String>,
}
