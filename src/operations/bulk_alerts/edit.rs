//! What a person asks of many alerts at once, and what is stored of it. Its JSON format must not change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::operation::DecidedBefore;

/// The edit as typed. Nothing typed leaves a field as each alert has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AlertsEdit {
    pub status: Option<String>,
    /// A classification's value, or "classification:determination". Alone it leaves a determination that goes
    /// with it.
    pub classification: Option<String>,
    /// A determination that goes with the classification, where that does not say its own.
    pub determination: Option<String>,
    /// A user name; an empty one takes the owner away.
    pub assigned_to: Option<String>,
    /// Written once in each incident of which alerts change.
    pub comment: String,
    /// The id of the newest history entry when the list was made: alerts that others changed since are left
    /// alone.
    pub seen: Option<i64>,
    /// The form's idempotency key: sent twice, it is done once. Empty where it has none.
    #[serde(skip)]
    pub form: String,
}

/// What is stored with the operation, for its undo and for continuing it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Detail {
    pub edit: AlertsEdit,
    /// The alerts of a job, by the incident that each was in when it was started.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub alerts: BTreeMap<i64, Vec<i64>>,
    /// Noted for the undo as far as the edit has come.
    pub decided: DecidedBefore,
}
