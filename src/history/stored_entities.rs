//! What is stored already of the entities of new alerts.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Result;
use crate::history::entity_rows::{BATCH, IncidentEntityRow};
use crate::history::incident_changes::IncidentChanges;
use crate::schema::incident_entities;

/// What is stored of entities in incidents, by incident and entity.
pub(super) type StoredEntities = BTreeMap<(i64, i64), IncidentEntityRow>;

/// The entities of new alerts that their incidents have already, by incident and entity.
pub(super) fn load(tx: &mut Tx<'_>, changes: &[IncidentChanges<'_>]) -> Result<StoredEntities> {
    let mut incidents = Vec::new();
    let mut wanted: HashSet<i64> = HashSet::new();
    for one in changes.iter().filter(|one| one.new.is_none() && !one.new_alerts.is_empty()) {
        incidents.push(one.claimed.incident().id);
        wanted.extend(one.new_alerts.iter().flat_map(|new| new.entities.iter().map(|entity| entity.id)));
    }
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let mut known = BTreeMap::new();
    for incidents in incidents.chunks(BATCH) {
        for wanted in wanted.chunks(BATCH) {
            let rows: Vec<IncidentEntityRow> = incident_entities::table
                .filter(incident_entities::incident_id.eq_any(incidents))
                .filter(incident_entities::entity_id.eq_any(wanted))
                .select(IncidentEntityRow::as_select())
                .load(tx.conn)?;
            known.extend(rows.into_iter().map(|row| ((row.incident_id, row.entity_id), row)));
        }
    }
    Ok(known)
}
