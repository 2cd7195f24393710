//! Inserting incidents that a commit opens.

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::search_index;
use crate::model::incident::Incident;
use crate::model::priority;
use crate::schema::incidents;
use crate::text::folded;

/// Rows a statement.
const BATCH: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = incidents, treat_none_as_default_value = false)]
struct IncidentRow<'a> {
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
        rows.push(IncidentRow {
            id: incident.id,
            revision: incident.revision,
            name: &incident.name,
            name_key: folded(&incident.name),
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
