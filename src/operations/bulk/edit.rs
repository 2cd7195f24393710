//! What a person asks of many incidents at once. Stored with the operation, so its JSON format must not change.

use serde::{Deserialize, Serialize};

/// The edit as typed. Nothing typed leaves a field as each incident has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BulkEdit {
    pub status: Option<String>,
    pub resolving_note: Option<String>,
    /// A severity's value, or "automatic".
    pub severity: Option<String>,
    /// A classification's value, or "classification:determination". Alone it leaves a determination
    /// that goes with it.
    pub classification: Option<String>,
    /// A determination that goes with the classification, where that does not say its own.
    pub determination: Option<String>,
    /// A user name; an empty one takes the owner away.
    pub assigned_to: Option<String>,
    /// A date: "2026-11-28".
    pub follow_up_at: Option<String>,
    /// Takes the follow-up date away.
    pub clear_follow_up: bool,
    pub add_tags: String,
    pub remove_tags: String,
    pub comment: String,
    /// The id of the newest history entry when the page was made: incidents that others changed since
    /// are left alone. A time would miss what was committed late.
    pub seen: Option<i64>,
    /// The form's idempotency key: sent twice, it is done once. Empty where it has none.
    #[serde(skip)]
    pub form: String,
}
