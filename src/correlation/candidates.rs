//! Looks up which incidents share something with an alert: by index, bounded, whatever is stored.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::correlation::{self, ASSET_WINDOW, Candidate, Shared};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::incidents::Status;
use crate::schema::{alerts, entities, evidence, incident_entities, incidents};

/// Rows looked at: the latest of the busiest assets are enough to decide.
const LIMIT: i64 = 200;

/// When an alert was active, in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub first: i64,
    pub last: i64,
}

/// Incidents that share one of `entity_ids` within the widest window of `span`.
pub fn find(conn: &mut AnyConnection, entity_ids: &[i64], span: Span) -> Result<Vec<Candidate>> {
    if entity_ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, i64, String, String, i64, i64)> = incident_entities::table
        .inner_join(incidents::table)
        .inner_join(entities::table)
        .filter(incident_entities::entity_id.eq_any(entity_ids))
        .filter(incident_entities::last_seen.ge(span.first.saturating_sub(ASSET_WINDOW)))
        .filter(incident_entities::first_seen.le(span.last.saturating_add(ASSET_WINDOW)))
        .order((incident_entities::last_seen.desc(), incident_entities::incident_id.desc()))
        .limit(LIMIT)
        .select((
            incidents::id,
            incidents::status,
            entities::id,
            entities::kind,
            entities::name,
            incident_entities::first_seen,
            incident_entities::last_seen,
        ))
        .load(conn)?;
    let mut found: BTreeMap<i64, (Candidate, Vec<i64>)> = BTreeMap::new();
    for (incident, status, entity, kind, name, first, last) in rows {
        let status = Status::parse(&status);
        if status == Some(Status::Redirected) {
            continue;
        }
        let open = matches!(status, Some(Status::Active | Status::InProgress));
        let (candidate, ids) = found
            .entry(incident)
            .or_insert_with(|| (Candidate { incident, open, shared: Vec::new(), nearest: None }, Vec::new()));
        let gap = (first - span.last).max(span.first - last).max(0);
        candidate.shared.push(Shared { kind, name, gap });
        ids.push(entity);
    }
    let (mut candidates, ids): (Vec<Candidate>, Vec<Vec<i64>>) = found.into_values().unzip();
    // Only the one that is joined has to say which of its alerts is nearest.
    if let Some(winner) = correlation::winner(&candidates)
        && let (Some(candidate), Some(ids)) = (candidates.get_mut(winner), ids.get(winner))
    {
        candidate.nearest = nearest(conn, candidate.incident, ids, span.first)?;
    }
    Ok(candidates)
}

/// The alert of an incident nearest in time to `at` among those with one of the entities.
fn nearest(conn: &mut AnyConnection, incident: i64, ids: &[i64], at: i64) -> Result<Option<(String, i64)>> {
    let with_entity = || {
        alerts::table
            .filter(alerts::incident_id.eq(incident))
            .filter(diesel::dsl::exists(
                evidence::table.filter(evidence::alert_id.eq(alerts::id)).filter(evidence::entity_id.eq_any(ids)),
            ))
            .select((alerts::title, alerts::first_activity))
    };
    let before: Option<(String, i64)> = with_entity()
        .filter(alerts::first_activity.le(at))
        .order(alerts::first_activity.desc())
        .first(conn)
        .optional()?;
    let after: Option<(String, i64)> =
        with_entity().filter(alerts::first_activity.gt(at)).order(alerts::first_activity).first(conn).optional()?;
    Ok(before.into_iter().chain(after).map(|(title, first)| (title, at - first)).min_by_key(|(_, gap)| gap.abs()))
}
