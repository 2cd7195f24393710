//! An edit of many alerts as it was read and checked, and what it changes in one of them.

use crate::db::AnyConnection;
use crate::error::{FieldErrors, Result};
use crate::model::alert::Alert;
use crate::model::change::Change;
use crate::model::field::Field;
use crate::model::planned_change::PlannedChange;
use crate::operations::alert_fields::{AlertFields, TypedFields};
use crate::operations::bulk_alerts::edit::AlertsEdit;
use crate::operations::comment;

/// Why an alert is left alone: it is so already.
pub const SO_ALREADY: &str = "Already set";

/// An edit of many alerts, read and checked.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    fields: AlertFields,
    pub comment: Option<Change>,
}

impl AlertsEdit {
    /// Reads the edit, with a message at each field that cannot be taken.
    pub(super) fn plan(&self, conn: &mut AnyConnection) -> Result<Plan> {
        let mut errors = FieldErrors::default();
        let typed = TypedFields {
            status: self.status.as_deref(),
            classification: self.classification.as_deref(),
            determination: self.determination.as_deref().filter(|_| self.classification.is_some()),
            assigned_to: self.assigned_to.as_deref(),
        };
        if self.determination.is_some() && self.classification.is_none() {
            errors.add("determination", "Choose a classification for this determination.");
        }
        let fields = AlertFields::read(conn, typed, None, &mut errors)?;
        let comment = comment::typed(&self.comment, &mut errors)?;
        errors.into_result()?;
        Ok(Plan { fields, comment })
    }
}

impl Plan {
    /// Whether it changes nothing.
    pub fn is_nothing(&self) -> bool {
        self.fields.is_nothing() && self.comment.is_none()
    }

    pub fn sets(&self, field: Field) -> bool {
        self.fields.sets(field)
    }

    /// Decides one alert, which others may have changed since the person looked; the error is why it is left
    /// alone. Where only a comment was typed, no alert changes, and none is left alone for being so already.
    pub fn decide(&self, alert: &Alert, changed_by: Option<&str>) -> std::result::Result<Vec<PlannedChange>, String> {
        let changes = self.fields.changes(alert);
        if changes.is_empty() && !self.fields.is_nothing() {
            return Err(SO_ALREADY.to_owned());
        }
        match changed_by.filter(|_| !changes.is_empty()) {
            Some(who) => Err(format!("Changed by {who} since you opened the list")),
            None => Ok(changes),
        }
    }
}
