//! The rows of incidents' entities: how many alerts of the incident name an entity, and when.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::model::entity::{EvidenceKind, Resolved};
use crate::model::importance::Importance;
use crate::model::incident::Incident;
use crate::schema::{alerts, entities, evidence, incident_entities};

/// Rows a statement.
pub(super) const BATCH: usize = 500;

/// What is stored of an entity in an incident. Times are microseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, Queryable, Selectable)]
#[diesel(table_name = incident_entities, treat_none_as_default_value = false)]
pub struct IncidentEntityRow {
    pub incident_id: i64,
    pub entity_id: i64,
    pub kind: String,
    pub alert_count: i64,
    pub first_seen: i64,
    pub last_seen: i64,
    pub is_open: bool,
}

impl IncidentEntityRow {
    /// An entity that no alert is counted for yet, active within `span`.
    pub(super) fn new(incident: &Incident, entity: &Resolved, span: (i64, i64)) -> Self {
        Self {
            incident_id: incident.id,
            entity_id: entity.id,
            kind: entity.kind.as_str().to_owned(),
            alert_count: 0,
            first_seen: span.0,
            last_seen: span.1,
            is_open: incident.is_open(),
        }
    }

    /// Of an incident one of whose alerts has the entity.
    pub(super) fn of_one(incident: &Incident, entity: &Resolved, span: (i64, i64)) -> Self {
        Self { alert_count: 1, ..Self::new(incident, entity, span) }
    }

    /// Takes in another span of activity.
    pub(super) fn widen(&mut self, span: (i64, i64)) {
        (self.first_seen, self.last_seen) = (self.first_seen.min(span.0), self.last_seen.max(span.1));
    }
}

/// An entity of an incident's alerts, with what is stored of it in the incident.
pub(super) struct StoredEntity {
    pub entity: Resolved,
    row: IncidentEntityRow,
}

/// The entities of an incident's alerts, in the order in which they came.
pub(super) fn from_evidence(conn: &mut AnyConnection, incident: &Incident) -> Result<Vec<StoredEntity>> {
    let rows: Vec<(i64, i64, i64)> = evidence::table
        .inner_join(alerts::table)
        .filter(alerts::incident_id.eq(incident.id))
        .order(evidence::id)
        .select((evidence::entity_id, alerts::first_activity, alerts::last_activity))
        .load(conn)?;
    let ids: BTreeSet<i64> = rows.iter().map(|(entity, ..)| *entity).collect();
    let mut unplaced = resolved(conn, &ids.into_iter().collect::<Vec<_>>())?;
    let mut found: Vec<StoredEntity> = Vec::with_capacity(unplaced.len());
    let mut place: HashMap<i64, usize> = HashMap::with_capacity(unplaced.len());
    for (entity, first, last) in rows {
        let index = if let Some(index) = place.get(&entity) {
            *index
        } else {
            let Some(entity) = unplaced.remove(&entity) else { continue };
            place.insert(entity.id, found.len());
            let row = IncidentEntityRow::new(incident, &entity, (first, last));
            found.push(StoredEntity { entity, row });
            found.len() - 1
        };
        if let Some(StoredEntity { row, .. }) = found.get_mut(index) {
            row.alert_count += 1;
            row.widen((first, last));
        }
    }
    Ok(found)
}

/// Entities by id.
fn resolved(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, Resolved>> {
    let mut known = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(BATCH) {
        let found: Vec<(i64, String, String, bool, String)> = entities::table
            .filter(entities::id.eq_any(ids))
            .select((entities::id, entities::kind, entities::name, entities::links, entities::importance))
            .load(conn)?;
        known.extend(found.into_iter().map(|(id, kind, name, links, importance)| {
            let (kind, importance) = (EvidenceKind::parse(&kind), Importance::parse(&importance).unwrap_or_default());
            (id, Resolved { id, kind, name, links, importance })
        }));
    }
    Ok(known)
}

/// Replaces the rows of an incident. Those that stay as they are, most of a large one's, are not written again.
pub(super) fn replace(conn: &mut AnyConnection, incident_id: i64, entities: &[StoredEntity]) -> Result<()> {
    let stored: Vec<IncidentEntityRow> = incident_entities::table
        .filter(incident_entities::incident_id.eq(incident_id))
        .select(IncidentEntityRow::as_select())
        .load(conn)?;
    let mut stale: HashMap<i64, IncidentEntityRow> = stored.into_iter().map(|row| (row.entity_id, row)).collect();
    let mut rows = Vec::new();
    for StoredEntity { row, .. } in entities {
        if stale.get(&row.entity_id) == Some(row) {
            stale.remove(&row.entity_id);
        } else {
            rows.push(row.clone());
        }
    }
    let stale: Vec<i64> = stale.into_keys().collect();
    for stale in stale.chunks(BATCH) {
        diesel::delete(
            incident_entities::table
                .filter(incident_entities::incident_id.eq(incident_id))
                .filter(incident_entities::entity_id.eq_any(stale)),
        )
        .execute(conn)?;
    }
    for batch in rows.chunks(BATCH) {
        each!(conn, inner => diesel::insert_into(incident_entities::table).values(batch).execute(inner))?;
    }
    Ok(())
}

/// Inserts rows of one alert, or adds its count and its span to those that are stored already.
pub(super) fn count(tx: &mut Tx<'_>, rows: &[IncidentEntityRow]) -> Result<()> {
    use incident_entities as e;
    for rows in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(e::table)
            .values(rows)
            .on_conflict((e::incident_id, e::entity_id))
            .do_update()
            .set(e::alert_count.eq(e::alert_count + excluded(e::alert_count)))
            .execute(inner))?;
    }
    Ok(())
}

/// Inserts rows, or updates those that are stored already.
pub(super) fn upsert(tx: &mut Tx<'_>, rows: &[IncidentEntityRow]) -> Result<()> {
    use incident_entities as e;
    for rows in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(e::table)
            .values(rows)
            .on_conflict((e::incident_id, e::entity_id))
            .do_update()
            .set((
                e::alert_count.eq(excluded(e::alert_count)),
                e::first_seen.eq(excluded(e::first_seen)),
                e::last_seen.eq(excluded(e::last_seen)),
            ))
            .execute(inner))?;
    }
    Ok(())
}
