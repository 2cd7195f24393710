//! The incidents, the alerts, the tag and the operation that a change names.

use crate::model::change::Change;

impl Change {
    /// Another incident that it names.
    pub fn other_incident(&self) -> Option<i64> {
        match self {
            Self::Opened { related, .. } => *related,
            Self::AlertAdded { earlier, .. } => earlier.map(|earlier| earlier.incident),
            Self::AlertContinued { incident, .. } => Some(*incident),
            Self::AlertMovedOut { to, .. } | Self::Redirected { to, .. } | Self::MergedInto { to, .. } => Some(*to),
            Self::AlertMovedIn { from, .. } | Self::Merged { from, .. } => Some(*from),
            Self::MergeUndone { other, .. } => Some(*other),
            _ => None,
        }
    }

    /// The incidents that several alerts were moved from or to, or that were merged into this one.
    pub fn moved_between(&self) -> &[i64] {
        match self {
            Self::AlertsMovedOut { to: others, .. }
            | Self::AlertsMovedIn { from: others, .. }
            | Self::IncidentsMerged { from: others, .. } => others,
            _ => &[],
        }
    }

    /// The alerts that it names itself.
    pub fn named_alerts(&self) -> &[i64] {
        match self {
            Self::Merged { alerts, .. } | Self::MergedInto { alerts, .. } | Self::MergeUndone { back: alerts, .. } => {
                alerts
            }
            _ => &[],
        }
    }

    /// The tag that it adds (`true`) or removes.
    pub fn tag(&self) -> Option<(&str, bool)> {
        match self {
            Self::Tagged { tag, .. } => Some((tag, true)),
            Self::Untagged { tag, .. } => Some((tag, false)),
            _ => None,
        }
    }

    /// The operation that it is part of, where that can be undone.
    pub fn operation(&self) -> Option<i64> {
        match self {
            Self::Merged { operation, .. } | Self::MergedInto { operation, .. } => Some(*operation),
            _ => None,
        }
    }
}
