//! Episodes: a finding that goes on after a person resolved it is a further alert of the same id (R16).

use serde::{Deserialize, Serialize};

use crate::model::outcome::Outcome;

/// The alert that the next episode of its finding goes on from, as it was then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EarlierEpisode {
    pub alert: i64,
    pub incident: i64,
    /// How the incident was classified; the alert itself where the incident was not.
    pub outcome: Outcome,
}

/// Which alert of its id a new alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Episode {
    /// 1 for the first.
    pub number: i64,
    pub earlier: Option<EarlierEpisode>,
}

impl Episode {
    pub const FIRST: Self = Self { number: 1, earlier: None };
}

/// What makes an alert unique within its source: the provider's id, and a line with the number of the episode
/// from the second on. An id has no line ends.
pub fn identity_key(provider_alert_id: &str, episode: i64) -> String {
    match episode {
        ..=1 => provider_alert_id.to_owned(),
        _ => format!("{provider_alert_id}\n{episode}"),
    }
}
