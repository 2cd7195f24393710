//! Whether a person decided something, or only a source or the machine: what entries say of who did it. A
//! token that brings alerts in speaks for their sources.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::history::entry::{Entry, Row};
use crate::model::actor::Scope;
use crate::model::change::Change;
use crate::model::incident::Status;
use crate::schema::{alerts, api_tokens, history, incidents};

/// Changes of status that are read to find the last time an incident was resolved.
const READ: i64 = 20;
/// Whether somebody at work here made an entry: a person, or a program that edits for one.
pub fn is_by_person(row: &Row, ingest_tokens: &[i64]) -> bool {
    match row.actor_kind.as_str() {
        "person" => true,
        "token" => !row.actor_id.is_some_and(|id| ingest_tokens.contains(&id)),
        _ => false,
    }
}

/// The tokens that bring alerts in.
pub fn ingest_tokens(conn: &mut AnyConnection) -> Result<Vec<i64>> {
    Ok(api_tokens::table.filter(api_tokens::scope.eq(Scope::Ingest.as_str())).select(api_tokens::id).load(conn)?)
}

/// Whether an entry is an automatic name or severity: nobody's decision.
pub fn is_automatic(entry: &Entry) -> bool {
    entry.actor_kind == "system" && matches!(entry.change, Change::Renamed { .. } | Change::SeveritySet { .. })
}

/// Whether an entry may carry the Undo button of its operation. Of what the machine did, only what it decided does,
/// not what followed. No comment and no attachment does: an undo keeps them.
pub(super) fn carries_undo(entry: &Entry) -> bool {
    let is_kept = matches!(
        entry.change,
        Change::Commented { .. }
            | Change::CommentEdited { .. }
            | Change::Attached { .. }
            | Change::AttachmentRemoved { .. }
    );
    if is_kept {
        return false;
    }
    let decides = matches!(
        entry.change,
        Change::StatusSet { .. }
            | Change::IncidentsMerged { .. }
            | Change::AlertsMovedIn { .. }
            | Change::AlertsMovedOut { .. }
            | Change::AlertMovedIn { .. }
            | Change::AlertMovedOut { .. }
    ) || entry.change.operation().is_some();
    entry.actor_kind != "system" || decides
}

/// Whether a person resolved the incident last, or has done anything in it since its source or the machine
/// resolved it.
pub fn resolved_by_person(conn: &mut AnyConnection, incident: i64) -> Result<bool> {
    let since = last_resolved(conn, incident)?.unwrap_or(0);
    touched_since(conn, incident, since)
}

/// Whether a person has done anything in the incident.
pub fn touched_by_person(conn: &mut AnyConnection, incident: i64) -> Result<bool> {
    touched_since(conn, incident, 0)
}

/// Whether a person has done anything in the incident or in one that was merged into it.
pub fn touched_by_person_or_merged(conn: &mut AnyConnection, incident: i64) -> Result<bool> {
    let mut ids = BTreeSet::from([incident]);
    let mut last = vec![incident];
    while !last.is_empty() {
        for id in &last {
            if touched_by_person(conn, *id)? {
                return Ok(true);
            }
        }
        let into: Vec<i64> =
            incidents::table.filter(incidents::redirect_to.eq_any(&last)).select(incidents::id).load(conn)?;
        last = into.into_iter().filter(|id| ids.insert(*id)).collect();
    }
    Ok(false)
}

/// The revision by which the incident was resolved last; none where it was opened as resolved.
fn last_resolved(conn: &mut AnyConnection, incident: i64) -> Result<Option<i64>> {
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::kind.eq("statusSet"))
        .order(history::revision.desc())
        .limit(READ)
        .select(Row::as_select())
        .load(conn)?;
    let resolves = |entry: &Entry| matches!(entry.change, Change::StatusSet { to: Status::Resolved, .. });
    Ok(rows.into_iter().map(Entry::from).find(resolves).map(|entry| entry.revision))
}

/// Whether a person has done anything to the alert.
pub fn alert_touched_by_person(conn: &mut AnyConnection, alert: i64) -> Result<bool> {
    let tokens = ingest_tokens(conn)?;
    let found: Option<i64> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(by_person(tokens))
        .select(history::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Those of some resolved alerts that a house rule resolved and that no person has done anything to.
pub fn resolved_by_rule(conn: &mut AnyConnection, resolved: &[i64]) -> Result<HashSet<i64>> {
    let tokens = ingest_tokens(conn)?;
    let mut found = HashSet::new();
    for ids in resolved.chunks(LISTED) {
        // What a source resolves is not decided here.
        let decided: Vec<i64> = alerts::table
            .filter(alerts::id.eq_any(ids))
            .filter(alerts::status_by_person.eq(true))
            .select(alerts::id)
            .load(conn)?;
        let touched: Vec<Option<i64>> = history::table
            .filter(history::alert_id.eq_any(ids))
            .filter(by_person(tokens.clone()))
            .select(history::alert_id)
            .distinct()
            .load(conn)?;
        found.extend(decided.into_iter().filter(|id| !touched.contains(&Some(*id))));
    }
    Ok(found)
}

fn touched_since(conn: &mut AnyConnection, incident: i64, revision: i64) -> Result<bool> {
    let tokens = ingest_tokens(conn)?;
    let found: Option<i64> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.ge(revision))
        .filter(by_person(tokens))
        .select(history::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Entries as [`is_by_person`] takes them, for a statement.
#[diesel::dsl::auto_type]
fn by_person(ingest_tokens: Vec<i64>) -> _ {
    history::actor_kind
        .eq("person")
        .or(history::actor_kind.eq("token").and(history::actor_id.assume_not_null().ne_all(ingest_tokens)))
}
