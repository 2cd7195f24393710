//! When an alert's activity was.

/// When an alert's activity was: every time filled in from the others.
pub(crate) struct ActivityTimes {
    pub first: i64,
    pub last: i64,
    pub created: i64,
}

impl ActivityTimes {
    /// `None` when no time is given at all.
    pub fn new(first: Option<i64>, last: Option<i64>, created: Option<i64>) -> Option<Self> {
        let begin = first.or(created).or(last)?;
        let end = last.unwrap_or(begin);
        Some(Self { first: begin.min(end), last: begin.max(end), created: created.unwrap_or(begin.min(end)) })
    }
}
