//! Opening an incident: the row with what it starts with; its history begins with its first commit.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Result;
use crate::history::claim::Claimed;
use crate::history::{claim, search_index};
use crate::model::change::{Act, Change};
use crate::model::incident::{Incident, NameSource, Scope, Status};
use crate::model::outcome::Outcome;
use crate::model::priority;
use crate::model::severity::{Severity, SeveritySource};
use crate::schema::incidents;
use crate::{clock, each};

/// Rows a statement.
const BATCH: usize = 500;

/// What a new incident starts with; everything derived follows from its alerts.
#[derive(Debug, Clone)]
pub struct NewIncident {
    pub name: String,
    pub name_source: NameSource,
    pub status: Status,
    /// `None`: the highest of its alerts.
    pub severity: Option<Severity>,
    pub outcome: Outcome,
    pub resolving_note: Option<String>,
    pub related_to: Option<i64>,
    pub created_at: i64,
    pub provider_key: Option<String>,
    pub provider_updated_at: Option<i64>,
}

impl NewIncident {
    /// The first entry of its history; what it began with is filled in when it is committed.
    pub fn opened(&self, note: String) -> Act {
        Act::incident(Change::Opened {
            name: self.name.clone(),
            severity: Severity::default(),
            status: self.status,
            outcome: self.outcome,
            note,
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
        }
    }

    /// The incident that it becomes under `id`, without alerts yet.
    pub fn incident(&self, id: i64, automatic_names: bool) -> Incident {
        let now = clock::now();
        let numbered = self.name_source == NameSource::Automatic && !automatic_names;
        Incident {
            id,
            revision: 0,
            name: if numbered { format!("Incident {id}") } else { self.name.clone() },
            name_source: if numbered { NameSource::Numbered } else { self.name_source },
            status: self.status,
            status_before: None,
            severity: self.severity.unwrap_or_default(),
            severity_source: if self.severity.is_some() { SeveritySource::Imported } else { SeveritySource::Automatic },
            classification: self.outcome.classification,
            determination: self.outcome.determination,
            assigned_to: None,
            resolving_note: self.resolving_note.clone(),
            redirect_to: None,
            related_to: self.related_to,
            created_at: self.created_at,
            updated_at: now,
            first_activity: now,
            last_activity: now,
            resolved_at: (self.status == Status::Resolved).then_some(now),
            alert_count: 0,
            open_alert_count: 0,
            device_count: 0,
            user_count: 0,
            mailbox_count: 0,
            scope: Scope::default(),
            provider_key: self.provider_key.clone(),
            provider_updated_at: self.provider_updated_at,
            priority: 0,
        }
    }
}

/// Inserts an incident and claims it. The caller commits its `Opened` entry with its first alerts.
pub fn open_incident(tx: &mut Tx<'_>, new: &NewIncident) -> Result<Claimed> {
    let id = tx.take_ids("incident", 1)?;
    let incident = new.incident(id, tx.automatic_names);
    insert(tx, &[&incident])?;
    claim::claim(tx, id)
}

#[derive(Insertable)]
#[diesel(table_name = incidents, treat_none_as_default_value = false)]
struct Row<'a> {
    id: i64,
    revision: i64,
    name: &'a str,
    name_key: String,
    name_source: &'static str,
    status: &'static str,
    status_before: Option<String>,
    severity: &'static str,
    severity_rank: i64,
    severity_source: &'static str,
    classification: &'static str,
    determination: &'static str,
    assigned_to: Option<i64>,
    resolving_note: Option<String>,
    redirect_to: Option<i64>,
    related_to: Option<i64>,
    created_at: i64,
    updated_at: i64,
    first_activity: i64,
    last_activity: i64,
    resolved_at: Option<i64>,
    alert_count: i64,
    open_alert_count: i64,
    device_count: i64,
    user_count: i64,
    mailbox_count: i64,
    scope: String,
    provider_key: Option<String>,
    provider_updated_at: Option<i64>,
    is_open: bool,
    owner_key: String,
    priority: i64,
}

/// Inserts incidents as they are.
pub(super) fn insert(tx: &mut Tx<'_>, new: &[&Incident]) -> Result<()> {
    let mut rows = Vec::with_capacity(new.len());
    for incident in new {
        rows.push(Row {
            id: incident.id,
            revision: incident.revision,
            name: &incident.name,
            name_key: incident.name.to_lowercase(),
            name_source: incident.name_source.as_str(),
            status: incident.status.as_str(),
            status_before: incident.status_before.clone(),
            severity: incident.severity.as_str(),
            severity_rank: incident.severity.rank(),
            severity_source: incident.severity_source.as_str(),
            classification: incident.classification.as_str(),
            determination: incident.determination.as_str(),
            assigned_to: incident.assigned_to,
            resolving_note: incident.resolving_note.clone(),
            redirect_to: incident.redirect_to,
            related_to: incident.related_to,
            created_at: incident.created_at,
            updated_at: incident.updated_at,
            first_activity: incident.first_activity,
            last_activity: incident.last_activity,
            resolved_at: incident.resolved_at,
            alert_count: incident.alert_count,
            open_alert_count: incident.open_alert_count,
            device_count: incident.device_count,
            user_count: incident.user_count,
            mailbox_count: incident.mailbox_count,
            scope: serde_json::to_string(&incident.scope)?,
            provider_key: incident.provider_key.clone(),
            provider_updated_at: incident.provider_updated_at,
            is_open: incident.is_open(),
            owner_key: search_index::owner_key(tx, incident.assigned_to)?,
            priority: priority::of(incident).score,
        });
    }
    search_index::note_names(tx, new.iter().map(|incident| incident.name.as_str()))?;
    for rows in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(incidents::table).values(rows).execute(inner))?;
    }
    Ok(())
}
