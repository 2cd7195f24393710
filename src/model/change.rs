//! Everything that can happen to an incident or an alert, with old and new value. Stored as kind and JSON,
//! put into words by `history::wording`, applied by `history::commit`.

use serde::{Deserialize, Serialize};

use crate::model::alert::{AlertClosing, AlertStatus};
use crate::model::episode::EarlierEpisode;
use crate::model::incident::{Closing, NameSource, Status};
use crate::model::incoming::IncomingComment;
use crate::model::linked_by::LinkedBy;
use crate::model::outcome::Outcome;
use crate::model::severity::{Severity, SeveritySource};
use crate::model::user::Owner;

/// The format of the stored JSON; raised when a variant's fields change their meaning.
pub const VERSION: i32 = 1;

/// One thing that happened. People and incidents are kept by id; names are looked up when shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[strum(serialize_all = "camelCase")]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Change {
    /// The incident began; `note` says why, `related` names an earlier one it continues (R4).
    Opened {
        name: String,
        severity: Severity,
        status: Status,
        outcome: Outcome,
        note: String,
        related: Option<i64>,
    },
    Renamed {
        from: String,
        from_source: NameSource,
        to: String,
        to_source: NameSource,
    },
    SeveritySet {
        from: Severity,
        from_source: SeveritySource,
        to: Severity,
        to_source: SeveritySource,
    },
    StatusSet {
        from: Status,
        to: Status,
        note: Option<String>,
        /// The note and time of the status before, for undoing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Closing>,
        /// When it was resolved, where an undo restores that; else now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resolved_at: Option<i64>,
    },
    ResolvingNoteSet {
        from: Option<String>,
        to: Option<String>,
    },
    /// Of an incident, or of an alert when the entry names one.
    Classified {
        from: Outcome,
        to: Outcome,
    },
    /// Of an incident, or of an alert when the entry names one.
    Assigned {
        from: Option<i64>,
        to: Option<i64>,
    },
    /// The date of coming back to the incident, midnight UTC of it.
    FollowUpSet {
        from: Option<i64>,
        to: Option<i64>,
    },
    Tagged {
        tag: String,
        system: bool,
    },
    Untagged {
        tag: String,
        system: bool,
    },
    /// A comment is an entry like any other. `at` is its own time when it was imported.
    Commented {
        body: String,
        at: Option<i64>,
    },
    /// The author of a comment changed its text; `comment` is the comment's entry, which stays as it was.
    CommentEdited {
        comment: i64,
        body: String,
    },
    /// A file was attached. Its content can be read until it is removed.
    Attached {
        attachment: i64,
        name: String,
        /// In bytes.
        size: i64,
        sha256: String,
        /// Whether it may harm whoever opens it, so that it is handed on as an encrypted zip.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        risky: bool,
    },
    /// An attached file was removed with its content; name and hash stay here.
    AttachmentRemoved {
        attachment: i64,
        name: String,
        sha256: String,
    },
    /// An alert came in and was placed here.
    AlertAdded {
        title: String,
        linked_by: LinkedBy,
        /// What it goes on from, where it is a further episode (R16).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        earlier: Option<EarlierEpisode>,
    },
    /// The finding went on after a person had resolved this alert: its next episode (R16).
    AlertContinued {
        title: String,
        alert: i64,
        incident: i64,
    },
    /// The source reported the alert again, changed; `what` names what is new.
    AlertUpdated {
        title: String,
        what: Vec<String>,
    },
    /// `with_incident` when it was closed or reopened because its incident was (R3).
    AlertStatusSet {
        from: AlertStatus,
        to: AlertStatus,
        with_incident: bool,
        /// The note and time of the status before, for undoing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<AlertClosing>,
        /// The details of a resolved status that an undo restores.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restores: Option<AlertClosing>,
    },
    AlertSeveritySet {
        from: Severity,
        to: Severity,
    },
    /// Recorded in the incident it left ...
    AlertMovedOut {
        title: String,
        to: i64,
        reason: String,
        comment: String,
        /// Why it was linked here, for undoing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        linked_by: Option<LinkedBy>,
    },
    /// ... and in the one it joined (R7).
    AlertMovedIn {
        title: String,
        from: i64,
        reason: String,
        comment: String,
        linked_by: LinkedBy,
    },
    /// Several alerts left by one act; the entry of each is folded under it (R20). `to` names where they
    /// went, each incident once; `alerts` is their number.
    AlertsMovedOut {
        to: Vec<i64>,
        alerts: usize,
        reason: String,
        comment: String,
    },
    /// Several alerts joined by one act, likewise. Only this entry has the comment.
    AlertsMovedIn {
        from: Vec<i64>,
        alerts: usize,
        reason: String,
        comment: String,
    },
    /// Several alerts were changed by one act; what changed of each is folded under it (R20). Names what was set
    /// of them, or nothing where an undo restored what each had.
    AlertsChanged {
        alerts: usize,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<AlertStatus>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome: Option<Outcome>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<Owner>,
    },
    /// The last alert left, or it was merged: the incident leads to another (R10).
    Redirected {
        to: i64,
        status: Status,
    },
    /// Alerts moved back.
    Restored {
        status: Status,
    },
    /// The same detection on the same assets came again; `occurrences` is the count so far.
    AlertRepeated {
        title: String,
        occurrences: i64,
    },
    /// An alert turned out to be a repeat of another, which counts it and its occurrences now.
    AlertFolded {
        title: String,
        gone: i64,
        into: i64,
        occurrences: i64,
    },
    /// Another incident's alerts came here, and its tags and comments with them (R11, R12).
    Merged {
        from: i64,
        why: String,
        alerts: Vec<i64>,
        operation: i64,
    },
    /// Several incidents were merged into this one; what came from each is folded under it (R20). `from`
    /// names each once; `alerts` is the number of their alerts; `why` is the reason of correlation, empty where a
    /// person merged them.
    IncidentsMerged {
        from: Vec<i64>,
        alerts: usize,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
        comment: String,
    },
    /// This incident's alerts went to another; it is redirected next.
    MergedInto {
        to: i64,
        why: String,
        alerts: Vec<i64>,
        operation: i64,
        /// Left out where the history is shown in the other incident's, which has it (R20).
        #[serde(default, skip_serializing_if = "String::is_empty")]
        comment: String,
    },
    /// A merge with `other` was undone; `back` are the alerts that returned to their incident.
    MergeUndone {
        other: i64,
        back: Vec<i64>,
    },
    /// The provider updated its own incident that this one was imported from.
    ProviderSeen {
        key: String,
        updated_at: Option<i64>,
    },
}

impl Change {
    /// A comment that came along with an imported alert or incident.
    pub fn imported_comment(comment: &IncomingComment) -> Self {
        Self::Commented { body: comment.body.clone(), at: Some(comment.at) }
    }

    /// The stored kind: the JSON's own tag.
    pub fn kind(&self) -> &'static str {
        self.into()
    }
}
