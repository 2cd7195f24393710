//! What an edit of many incidents or alerts did.

use crate::operations::items::ItemOutcome;

/// What an edit did; `O` tells what became of each thing that it was of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done<O = Vec<ItemOutcome>> {
    /// Nothing: it changes nothing, or everything is so already.
    Nothing(O),
    /// It changed something.
    Now { operation: i64, outcomes: O },
    /// A job that runs in the background.
    Started { operation: i64 },
    /// The same form was sent before.
    Before { operation: i64 },
}

impl<O> Done<O> {
    /// The job that was started.
    pub fn job(&self) -> Option<i64> {
        match self {
            Self::Started { operation } => Some(*operation),
            Self::Nothing(_) | Self::Now { .. } | Self::Before { .. } => None,
        }
    }
}
