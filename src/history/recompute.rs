//! Computing an incident's derived values from all its alerts: counts, times, scope, entities, facets, and, as
//! long as they are automatic, its name and severity. Done in the transaction that changed the alerts.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::history::alert_facts::{AlertFacts, detections};
use crate::history::derive::Added;
use crate::history::{derive, entity_rows, facet_rows};
use crate::model::alert::AlertStatus;
use crate::model::entity::Resolved;
use crate::model::incident::{Incident, Scope};
use crate::model::planned_change::PlannedChange;
use crate::model::priority;
use crate::model::severity::Severity;
use crate::model::titles::Titles;
use crate::schema::{alerts, incidents};
use crate::text::folded;

/// Rows a statement.
const BATCH: usize = 500;

/// The columns of an incident that follow from its alerts.
#[derive(AsChangeset)]
#[diesel(table_name = incidents)]
struct DerivedRow {
    alert_count: i64,
    open_alert_count: i64,
    device_count: i64,
    user_count: i64,
    mailbox_count: i64,
    scope: String,
    first_activity: i64,
    last_activity: i64,
    priority: i64,
}

impl DerivedRow {
    fn of(incident: &Incident) -> Result<Self> {
        Ok(Self {
            alert_count: incident.alert_count,
            open_alert_count: incident.open_alert_count,
            device_count: incident.device_count,
            user_count: incident.user_count,
            mailbox_count: incident.mailbox_count,
            scope: serde_json::to_string(&incident.scope)?,
            first_activity: incident.first_activity,
            last_activity: incident.last_activity,
            priority: priority::of(incident).score,
        })
    }
}

/// Recomputes and stores everything that follows from an incident's alerts. Returns the incident
/// afterwards, and the changes of its automatic name and severity, which are still to be applied.
pub(super) fn recompute(tx: &mut Tx<'_>, incident_id: i64) -> Result<(Incident, Vec<PlannedChange>)> {
    let mut incident: Incident = incidents::table.find(incident_id).select(Incident::as_select()).first(tx.conn)?;
    let rows = alerts_of(tx.conn, incident_id)?;
    let entities = entity_rows::from_evidence(tx.conn, &incident)?;
    entity_rows::replace(tx.conn, incident_id, &entities)?;
    let detections = detections(tx.conn, &rows)?;
    let titles = &incident.scope.titles;
    let added: Vec<Added<'_>> =
        rows.iter().zip(&detections).map(|(row, (hash, elsewhere))| added(row, hash, *elsewhere, titles)).collect();
    facet_rows::replace(tx.conn, &incident, &added)?;
    incident.scope = Scope::default();
    [incident.alert_count, incident.open_alert_count] = [0; 2];
    [incident.device_count, incident.user_count, incident.mailbox_count] = [0; 3];
    let entities: Vec<&Resolved> = entities.iter().map(|stored| &stored.entity).collect();
    derive::add(&mut incident, &added, &entities);
    // An incident without alerts keeps its last name and severity.
    let highest = Severity::of_alerts(rows.iter().map(|alert| alert.severity));
    let changes =
        highest.map(|highest| derive::set_automatic_name_and_severity(&mut incident, highest)).unwrap_or_default();
    diesel::update(incidents::table.find(incident_id)).set(DerivedRow::of(&incident)?).execute(tx.conn)?;
    Ok((incident, changes))
}

fn alerts_of(conn: &mut AnyConnection, incident_id: i64) -> Result<Vec<AlertFacts>> {
    Ok(alerts::table
        .filter(alerts::incident_id.eq(incident_id))
        .order((alerts::first_activity, alerts::id))
        .select(AlertFacts::as_select())
        .load(conn)?)
}

/// What an alert adds. The title that the incident is named by stays as rare as it was when it joined, so that the name
/// does not change for what was seen elsewhere since.
fn added<'a>(row: &'a AlertFacts, detection: &'a str, elsewhere: i64, before: &Titles) -> Added<'a> {
    let added = row.added(detection, elsewhere);
    Added { rarity: before.rarity_of(added.title).unwrap_or(added.rarity), ..added }
}

/// Updates a stored incident to what it is after alerts were added up to it, with its new revision.
pub(super) fn store_added_up(tx: &mut Tx<'_>, incident: &Incident, now: i64) -> Result<()> {
    diesel::update(incidents::table.find(incident.id))
        .set((
            incidents::revision.eq(incident.revision),
            incidents::updated_at.eq(now),
            incidents::name.eq(&incident.name),
            incidents::name_key.eq(folded(&incident.name)),
            incidents::severity.eq(incident.severity.as_str()),
            incidents::severity_rank.eq(incident.severity.rank()),
            DerivedRow::of(incident)?,
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Counts the open alerts of incidents.
pub(super) fn count_open_alerts(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    let mut by_count: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for ids in ids.chunks(BATCH) {
        let counts: Vec<(i64, i64)> = alerts::table
            .filter(alerts::incident_id.eq_any(ids))
            .filter(alerts::status.ne(AlertStatus::Resolved.as_str()))
            .group_by(alerts::incident_id)
            .select((alerts::incident_id, diesel::dsl::count_star()))
            .load(tx.conn)?;
        let counts: HashMap<i64, i64> = counts.into_iter().collect();
        for id in ids {
            by_count.entry(counts.get(id).copied().unwrap_or(0)).or_default().push(*id);
        }
    }
    for (count, ids) in by_count {
        for ids in ids.chunks(BATCH) {
            diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
                .set(incidents::open_alert_count.eq(count))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}

/// The automatic name that an incident would have, to return to it (R5).
pub fn automatic_name(conn: &mut AnyConnection, incident: &Incident) -> Result<String> {
    let mut incident = incident.clone();
    if incident.scope.titles.is_empty() {
        let rows = alerts_of(conn, incident.id)?;
        for (row, (hash, elsewhere)) in rows.iter().zip(detections(conn, &rows)?) {
            incident.scope.titles.note(&row.added(&hash, elsewhere).title());
        }
    }
    Ok(derive::name(&incident))
}
