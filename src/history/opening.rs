//! Opening an incident: the row with what it starts with; its history begins with its first commit.

use diesel::prelude::*;

use crate::clock;
use crate::db::Tx;
use crate::error::Result;
use crate::history::{Act, Change};
use crate::incidents::claim::{self, Claimed};
use crate::incidents::{NameSource, Outcome, Scope, SeveritySource, Status};
use crate::schema::incidents;
use crate::severity::Severity;

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
}

/// Inserts an incident and claims it. The caller commits its `Opened` entry with its first alerts.
pub fn open_incident(tx: &mut Tx<'_>, new: &NewIncident) -> Result<Claimed> {
    let id = tx.take_ids("incident", 1)?;
    let now = clock::now();
    let numbered = new.name_source == NameSource::Automatic && !tx.automatic_names;
    let name_source = if numbered { NameSource::Numbered } else { new.name_source };
    let name = if numbered { format!("Incident {id}") } else { new.name.clone() };
    let severity = new.severity.unwrap_or_default();
    let severity_source = if new.severity.is_some() { SeveritySource::Imported } else { SeveritySource::Automatic };
    diesel::insert_into(incidents::table)
        .values((
            incidents::id.eq(id),
            incidents::revision.eq(0),
            incidents::name.eq(&name),
            incidents::name_key.eq(name.to_lowercase()),
            incidents::name_source.eq(name_source.as_str()),
            incidents::status.eq(new.status.as_str()),
            incidents::severity.eq(severity.as_str()),
            incidents::severity_rank.eq(severity.rank()),
            incidents::severity_source.eq(severity_source.as_str()),
            incidents::classification.eq(new.outcome.classification.as_str()),
            incidents::determination.eq(new.outcome.determination.as_str()),
            incidents::resolving_note.eq(&new.resolving_note),
            incidents::related_to.eq(new.related_to),
            incidents::created_at.eq(new.created_at),
            incidents::updated_at.eq(now),
            (
                incidents::first_activity.eq(now),
                incidents::last_activity.eq(now),
                incidents::resolved_at.eq((new.status == Status::Resolved).then_some(now)),
                incidents::alert_count.eq(0),
                incidents::open_alert_count.eq(0),
                incidents::device_count.eq(0),
                incidents::user_count.eq(0),
                incidents::mailbox_count.eq(0),
                incidents::scope.eq(serde_json::to_string(&Scope::default())?),
                incidents::provider_key.eq(&new.provider_key),
                incidents::provider_updated_at.eq(new.provider_updated_at),
            ),
        ))
        .execute(tx.conn)?;
    claim::claim(tx, id)
}
