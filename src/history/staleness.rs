//! Conflicts of two people (R13): which fields changed since the revision that a form was made from, and what
//! they held then.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::entry::{Entry, Row};
use crate::history::{decided_by, wording};
use crate::model::change::Change;
use crate::model::conflict::{Conflict, FieldChange};
use crate::model::field::Field;
use crate::model::follow_up::date;
use crate::model::severity::SeveritySource;
use crate::model::user::User;
use crate::schema::history;

/// What changed of the incident's own fields after `revision`, oldest first.
pub fn since(conn: &mut AnyConnection, incident: i64, revision: i64, people: &People) -> Result<Conflict> {
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.gt(revision))
        .filter(history::alert_id.is_null())
        .order(history::revision)
        .select(Row::as_select())
        .load(conn)?;
    Ok(conflict(rows, people, &decided_by::ingest_tokens(conn)?))
}

/// The same for an alert's fields, by the alert's own revision.
pub fn since_on_alert(conn: &mut AnyConnection, alert: i64, revision: i64, people: &People) -> Result<Conflict> {
    let rows: Vec<Row> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(history::alert_revision.gt(revision))
        .order(history::id)
        .select(Row::as_select())
        .load(conn)?;
    Ok(conflict(rows, people, &decided_by::ingest_tokens(conn)?))
}

type People = std::collections::HashMap<i64, User>;

fn conflict(rows: Vec<Row>, people: &People, ingest_tokens: &[i64]) -> Conflict {
    let mut first: BTreeMap<Field, String> = BTreeMap::new();
    let mut changes = Vec::new();
    for row in rows {
        let by_person = decided_by::is_by_person(&row, ingest_tokens);
        let entry = Entry::from(row);
        let Some(field) = entry.change.field() else {
            continue;
        };
        let before = first.entry(field).or_insert_with(|| form_value_before(&entry.change, people)).clone();
        changes.push(FieldChange {
            field,
            before,
            tag: entry.change.tag().map(|(tag, added)| (tag.to_owned(), added)),
            by_person,
            sentence: wording::sentence(&entry.change, people),
            who: entry.actor(people),
        });
    }
    Conflict { changes, moved: Vec::new() }
}

fn form_value_before(change: &Change, people: &People) -> String {
    match change {
        Change::Renamed { from, .. } => from.clone(),
        Change::SeveritySet { from_source: SeveritySource::Automatic, .. } => "automatic".to_owned(),
        Change::SeveritySet { from, .. } => from.as_str().to_owned(),
        Change::StatusSet { from, .. } => from.as_str().to_owned(),
        Change::AlertStatusSet { from, .. } => from.as_str().to_owned(),
        Change::Redirected { status, .. } => status.as_str().to_owned(),
        Change::ResolvingNoteSet { from, .. } => from.clone().unwrap_or_default(),
        Change::Classified { from, .. } => from.form_value(),
        Change::Assigned { from, .. } => {
            from.and_then(|id| people.get(&id)).map(|user| user.name.clone()).unwrap_or_default()
        }
        Change::FollowUpSet { from, .. } => from.map(date).unwrap_or_default(),
        Change::Restored { .. }
        | Change::Tagged { .. }
        | Change::Untagged { .. }
        | Change::Opened { .. }
        | Change::Commented { .. }
        | Change::CommentEdited { .. }
        | Change::Attached { .. }
        | Change::AttachmentRemoved { .. }
        | Change::AlertAdded { .. }
        | Change::AlertUpdated { .. }
        | Change::AlertContinued { .. }
        | Change::AlertSeveritySet { .. }
        | Change::AlertMovedOut { .. }
        | Change::AlertMovedIn { .. }
        | Change::AlertsMovedOut { .. }
        | Change::AlertsMovedIn { .. }
        | Change::AlertsChanged { .. }
        | Change::AlertRepeated { .. }
        | Change::AlertFolded { .. }
        | Change::Merged { .. }
        | Change::IncidentsMerged { .. }
        | Change::MergedInto { .. }
        | Change::MergeUndone { .. }
        | Change::ProviderSeen { .. } => String::new(),
    }
}
