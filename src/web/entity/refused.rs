//! A form of the page of an entity that was refused.

use crate::web::shared::form::Submitted;

/// What a form of the page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Note,
    Tags,
    Comment,
    /// The edit of a comment.
    Edit(i64),
}

/// A form that was refused, and why.
pub(super) struct Refused {
    pub act: Act,
    pub form: Submitted,
    pub error: String,
}
