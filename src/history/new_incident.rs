//! Opening an incident: the row with what it starts with; its history begins with its first commit.

use crate::clock;
use crate::hash_chain::START;
use crate::model::change::Change;
use crate::model::incident::{Incident, NameSource, Scope, Status};
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;
use crate::model::severity::{Severity, SeveritySource};

/// What a new incident starts with; everything derived follows from its alerts.
#[derive(Debug, Clone)]
pub struct NewIncident {
    pub name: String,
    pub name_source: NameSource,
    pub status: Status,
    /// `None`: the highest of its alerts, medium without alerts.
    pub severity: Option<Severity>,
    pub outcome: Outcome,
    pub resolving_note: Option<String>,
    pub related_to: Option<i64>,
    pub created_at: i64,
    pub provider_key: Option<String>,
    pub provider_updated_at: Option<i64>,
    /// Its first and last activity; now where it is `None`. Microseconds UTC.
    pub active: Option<(i64, i64)>,
    /// Why it was opened, for the first entry of its history; empty where its first alert says it.
    pub note: String,
}

impl NewIncident {
    /// The first entry of its history; what it began with is filled in when it is committed.
    pub(super) fn opened(&self) -> PlannedChange {
        PlannedChange::incident(Change::Opened {
            name: self.name.clone(),
            severity: Severity::default(),
            status: self.status,
            outcome: self.outcome,
            note: self.note.clone(),
            related: self.related_to,
        })
    }

    /// An incident opened now, automatic in everything.
    pub fn automatic(name: String, related_to: Option<i64>) -> Self {
        Self {
            name,
            name_source: NameSource::Automatic,
            status: Status::Active,
            severity: None,
            outcome: Outcome::default(),
            resolving_note: None,
            related_to,
            created_at: clock::now(),
            provider_key: None,
            provider_updated_at: None,
            active: None,
            note: String::new(),
        }
    }

    /// The incident that it becomes under `id`, without alerts yet.
    pub fn incident(&self, id: i64, automatic_names: bool) -> Incident {
        let now = clock::now();
        let (first_activity, last_activity) = self.active.unwrap_or((now, now));
        let numbered = self.name_source == NameSource::Automatic && !automatic_names;
        Incident {
            id,
            revision: 0,
            name: if numbered { format!("Incident {id}") } else { self.name.clone() },
            name_source: if numbered { NameSource::Numbered } else { self.name_source },
            status: self.status,
            status_before: None,
            // Without a severity that is given or understood it is medium until its alerts say more (R18).
            severity: self.severity.unwrap_or(Severity::Medium),
            severity_source: if self.severity.is_some() { SeveritySource::Imported } else { SeveritySource::Automatic },
            classification: self.outcome.classification,
            determination: self.outcome.determination,
            assigned_to: None,
            resolving_note: self.resolving_note.clone(),
            redirect_to: None,
            related_to: self.related_to,
            created_at: self.created_at,
            updated_at: now,
            first_activity,
            last_activity,
            resolved_at: (self.status == Status::Resolved).then_some(now),
            alert_count: 0,
            open_alert_count: 0,
            device_count: 0,
            user_count: 0,
            mailbox_count: 0,
            scope: Scope::default(),
            provider_key: self.provider_key.clone(),
            provider_updated_at: self.provider_updated_at,
            follow_up_at: None,
            all_alerts_resolved: false,
            chain_head: START.to_owned(),
            priority: 0,
        }
    }
}
