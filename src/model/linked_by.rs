//! Why an alert is in its incident.

use serde::{Deserialize, Serialize};

use crate::model::linking::is_weakness;
use crate::text::humanise;

/// Why an alert is in its incident: shown as "Linked by". Stored as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedBy {
    /// Graph's correlation reasons, such as "sameAsset".
    pub reasons: Vec<String>,
    /// The same in words, with names and times.
    #[serde(rename = "sentence")]
    pub explanation: String,
    /// Which other incidents were considered and why the alert is not in them, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub considered: Vec<String>,
    /// Within which time a house rule lets it link, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<i64>,
}

/// Graph's reason for a routine detection.
pub const REPEATED: &str = "repeatedAlertOccurrence";

impl LinkedBy {
    /// Of an alert that is in its provider's incident.
    pub fn provider() -> Self {
        Self {
            reasons: vec![PROVIDER.to_owned()],
            explanation: "The provider grouped it into this incident.".to_owned(),
            ..Self::default()
        }
    }

    /// Whether a provider, a house rule or a person put it there, so that the machine leaves it there.
    pub fn is_fixed(&self) -> bool {
        self.reasons.iter().any(|reason| [PROVIDER, MANUAL, BY_RULE, ALONE].contains(&reason.as_str()))
    }

    /// Whether it was placed as a routine detection, which links nothing.
    pub fn is_routine(&self) -> bool {
        self.reasons.iter().any(|reason| reason == REPEATED)
    }

    /// Its reasons as people read them, a few words each.
    pub fn reasons_in_words(&self) -> Vec<String> {
        let label = |reason: &String| match reason.as_str() {
            "sameAsset" => "Same asset".to_owned(),
            "sharedIndicators" => "Shared indicators".to_owned(),
            "temporalProximity" => "Close in time".to_owned(),
            "eventSequence" => "Event sequence".to_owned(),
            REPEATED => "Recurring detection".to_owned(),
            PROVIDER => "Provider's incident".to_owned(),
            MANUAL => "Moved manually".to_owned(),
            BY_RULE => "Rule".to_owned(),
            ALONE => "Kept separate by a rule".to_owned(),
            other => humanise(other),
        };
        self.reasons.iter().map(label).collect()
    }
}

impl TryFrom<String> for LinkedBy {
    type Error = serde_json::Error;

    fn try_from(text: String) -> std::result::Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

/// In an alert's [`LinkedBy::reasons`]: its provider had it in this incident.
const PROVIDER: &str = "sameThreatSource";

/// The same: a person moved it.
pub const MANUAL: &str = "manual";

/// The same: a rule placed it.
pub const BY_RULE: &str = "houseRule";

/// The same: a rule keeps it alone, so that its evidence links nothing.
pub const ALONE: &str = "houseRuleAlone";

/// Whether an alert of this category that is placed so links nothing: it is routine, a weakness or kept alone.
pub fn links_nothing(linked_by: &LinkedBy, category: &str) -> bool {
    linked_by.is_routine() || is_alone(linked_by) || is_weakness(category)
}

/// Whether a rule keeps the alert alone.
pub fn is_alone(linked_by: &LinkedBy) -> bool {
    linked_by.reasons.iter().any(|reason| reason == ALONE)
}
