//! The result of ingesting one record.

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestResult {
    pub created: usize,
    pub updated: usize,
    /// Of its first alert.
    pub alert_id: Option<i64>,
    pub incident_id: Option<i64>,
    /// Alerts that a house rule ignores: counted there, not stored.
    pub ignored: usize,
    /// The name of the first such rule.
    pub ignored_by: Option<String>,
    /// Why alerts of it were refused, one sentence each.
    pub rejected: Vec<String>,
}

impl IngestResult {
    /// Why nothing of the record was taken, where a rule says so.
    pub fn skipped(&self) -> Option<String> {
        let rule = self.ignored_by.as_ref().filter(|_| self.created + self.updated == 0)?;
        Some(format!("Ignored by rule \"{rule}\"."))
    }

    /// Whether alerts of it were refused and nothing else became of it.
    pub fn is_rejected(&self) -> bool {
        !self.rejected.is_empty() && self.created + self.updated + self.ignored == 0
    }

    /// The result for an alert that its sender may not report.
    pub(super) fn rejected(why: &str) -> Self {
        Self { rejected: vec![why.to_owned()], ..Self::default() }
    }

    /// Adds the result of another alert.
    pub(super) fn add(&mut self, one: Self) {
        self.created += one.created;
        self.updated += one.updated;
        self.ignored += one.ignored;
        self.rejected.extend(one.rejected);
        self.alert_id = self.alert_id.or(one.alert_id);
        self.incident_id = self.incident_id.or(one.incident_id);
        self.ignored_by = self.ignored_by.take().or(one.ignored_by);
    }
}
