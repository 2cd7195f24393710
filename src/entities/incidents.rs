//! The incidents of an entity: open ones first, the newest first.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::incident::Incident;
use crate::model::user::User;
use crate::schema::{incident_entities, incidents};

/// Incidents on one page.
pub const PAGE: i64 = 25;

/// An incident with what of it is about the entity.
#[derive(Debug, Clone)]
pub struct IncidentOfEntity {
    pub incident: Incident,
    pub owner: Option<User>,
    /// Its alerts that name the entity.
    pub alerts: i64,
    /// When they saw it first and last, in microseconds UTC.
    pub first_seen: i64,
    pub last_seen: i64,
}

/// A place in the list: after this incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    pub is_open: bool,
    pub incident: i64,
}

impl After {
    /// As the address has it: "open-12" or "closed-12".
    pub fn parse(text: &str) -> Option<Self> {
        let (half, incident) = text.split_once('-')?;
        let is_open = match half {
            "open" => true,
            "closed" => false,
            _ => return None,
        };
        Some(Self { is_open, incident: incident.parse().ok()? })
    }

    pub fn as_text(self) -> String {
        format!("{}-{}", if self.is_open { "open" } else { "closed" }, self.incident)
    }
}

/// A page of the incidents of an entity, and where the next one begins.
pub fn page(
    conn: &mut AnyConnection,
    entity: i64,
    after: Option<After>,
) -> Result<(Vec<IncidentOfEntity>, Option<After>)> {
    let mut found: Vec<(i64, bool)> = Vec::new();
    for is_open in [true, false] {
        let below = match after {
            Some(after) if after.is_open == is_open => after.incident,
            Some(after) if !after.is_open && is_open => continue,
            _ => i64::MAX,
        };
        let room = PAGE + 1 - i64::try_from(found.len()).unwrap_or(i64::MAX);
        let ids: Vec<i64> = incident_entities::table
            .filter(incident_entities::entity_id.eq(entity).and(incident_entities::is_open.eq(is_open)))
            .filter(incident_entities::incident_id.lt(below))
            .order(incident_entities::incident_id.desc())
            .limit(room)
            .select(incident_entities::incident_id)
            .load(conn)?;
        found.extend(ids.into_iter().map(|id| (id, is_open)));
    }
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > size;
    found.truncate(size);
    let next =
        found.last().filter(|_| more).map(|(incident, is_open)| After { is_open: *is_open, incident: *incident });
    let ids: Vec<i64> = found.into_iter().map(|(id, _)| id).collect();
    Ok((rows(conn, entity, &ids)?, next))
}

fn rows(conn: &mut AnyConnection, entity: i64, ids: &[i64]) -> Result<Vec<IncidentOfEntity>> {
    let people = users::names(conn)?;
    let rows: Vec<(Incident, i64, i64, i64)> = incidents::table
        .inner_join(incident_entities::table)
        .filter(incident_entities::entity_id.eq(entity).and(incidents::id.eq_any(ids)))
        .select((
            Incident::as_select(),
            incident_entities::alert_count,
            incident_entities::first_seen,
            incident_entities::last_seen,
        ))
        .load(conn)?;
    let mut by_id: HashMap<i64, IncidentOfEntity> = rows
        .into_iter()
        .map(|(incident, alerts, first_seen, last_seen)| {
            let owner = incident.assigned_to.and_then(|owner| people.get(&owner).cloned());
            (incident.id, IncidentOfEntity { incident, owner, alerts, first_seen, last_seen })
        })
        .collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}
