//! Setting the severity of an incident by a person, and going back to the automatic one, which
//! `Severity::of_alerts` gives (R6).

use crate::model::change::Change;
use crate::model::incident::Incident;
use crate::model::planned_change::PlannedChange;
use crate::model::severity::{Severity, SeveritySource};

/// A form's choice of a severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeverityEdit {
    Set(Severity),
    Automatic,
}

/// Decides; `highest` is that of the incident's alerts.
pub fn set(incident: &Incident, edit: SeverityEdit, highest: Severity) -> Vec<PlannedChange> {
    let (to, to_source) = match edit {
        // The picker offers "Automatic" beside the four steps, so choosing the step that the alerts
        // give just now is a decision to stay there.
        SeverityEdit::Set(severity)
            if severity == incident.severity && incident.severity_source != SeveritySource::Automatic =>
        {
            return Vec::new();
        }
        SeverityEdit::Set(severity) => (severity, SeveritySource::Custom),
        SeverityEdit::Automatic => (highest, SeveritySource::Automatic),
    };
    if (to, to_source) == (incident.severity, incident.severity_source) {
        return Vec::new();
    }
    vec![PlannedChange::incident(Change::SeveritySet {
        from: incident.severity,
        from_source: incident.severity_source,
        to,
        to_source,
    })]
}
