//! What follows from a change: the field that it is of, and whether derived values have to be worked out again.

use crate::model::change::Change;
use crate::model::field::Field;

impl Change {
    /// The field that it changed, as far as people edit it (R13).
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::Renamed { .. } => Some(Field::Name),
            Self::SeveritySet { .. } => Some(Field::Severity),
            Self::StatusSet { .. } | Self::AlertStatusSet { .. } | Self::Redirected { .. } | Self::Restored { .. } => {
                Some(Field::Status)
            }
            Self::ResolvingNoteSet { .. } => Some(Field::ResolvingNote),
            Self::Classified { .. } => Some(Field::Classification),
            Self::Assigned { .. } => Some(Field::AssignedTo),
            Self::FollowUpSet { .. } => Some(Field::FollowUp),
            Self::Tagged { system: false, .. } | Self::Untagged { system: false, .. } => Some(Field::Tags),
            Self::Tagged { system: true, .. }
            | Self::Untagged { system: true, .. }
            | Self::Opened { .. }
            | Self::Commented { .. }
            | Self::CommentEdited { .. }
            | Self::Attached { .. }
            | Self::AttachmentRemoved { .. }
            | Self::AlertAdded { .. }
            | Self::AlertUpdated { .. }
            | Self::AlertContinued { .. }
            | Self::AlertSeveritySet { .. }
            | Self::AlertMovedOut { .. }
            | Self::AlertMovedIn { .. }
            | Self::AlertsMovedOut { .. }
            | Self::AlertsMovedIn { .. }
            | Self::AlertsChanged { .. }
            | Self::AlertRepeated { .. }
            | Self::AlertFolded { .. }
            | Self::Merged { .. }
            | Self::IncidentsMerged { .. }
            | Self::MergedInto { .. }
            | Self::MergeUndone { .. }
            | Self::ProviderSeen { .. } => None,
        }
    }

    /// Whether counts, times, scope, automatic name or automatic severity may follow from it.
    pub fn moves_derived_facts(&self) -> bool {
        matches!(
            self,
            Self::AlertAdded { .. }
                | Self::AlertUpdated { .. }
                | Self::AlertStatusSet { .. }
                | Self::AlertSeveritySet { .. }
                | Self::AlertMovedOut { .. }
                | Self::AlertMovedIn { .. }
                | Self::MergedInto { .. }
                | Self::MergeUndone { .. }
        )
    }
}
