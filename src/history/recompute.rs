//! What follows from an incident's alerts: counts, times, scope, who and what it touches, and, as
//! long as they are automatic, its name and severity. Recomputed in the transaction that changed
//! the alerts, so that nothing is ever left behind by a move.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::history::derive::{self, Added};
use crate::history::detection_counts::DetectionCounts;
use crate::history::search_index;
use crate::model::alert::AlertStatus;
use crate::model::change::Act;
use crate::model::entity::{EvidenceKind, Resolved};
use crate::model::importance::Importance;
use crate::model::incident::{Incident, Scope};
use crate::model::severity::Severity;
use crate::model::{naming, priority};
use crate::schema::{alerts, entities, evidence, incident_entities, incident_facets, incidents};
use crate::text::one_line;

const BATCH: usize = 500;

#[derive(Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub(super) struct AlertFacts {
    pub incident_id: i64,
    source: String,
    title: String,
    #[diesel(deserialize_as = String)]
    severity: Severity,
    #[diesel(deserialize_as = String)]
    status: AlertStatus,
    category: String,
    #[diesel(deserialize_as = String)]
    techniques: crate::model::alert::Texts,
    service_source: String,
    detection_source: String,
    product: String,
    first_activity: i64,
    pub last_activity: i64,
}

/// What is stored of an entity in an incident. Times are microseconds UTC.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = incident_entities, treat_none_as_default_value = false)]
pub struct EntityRow {
    pub incident_id: i64,
    pub entity_id: i64,
    pub kind: String,
    pub alert_count: i64,
    pub first_seen: i64,
    pub last_seen: i64,
    pub link_first: Option<i64>,
    pub link_last: Option<i64>,
    pub first_alert: Option<i64>,
    pub last_alert: Option<i64>,
    pub is_open: bool,
}

impl EntityRow {
    /// Takes in another span of activity, and one of linking activity with the alerts at its ends.
    pub(super) fn seen(&mut self, span: (i64, i64), link: Option<((i64, i64), [Option<i64>; 2])>) {
        (self.first_seen, self.last_seen) = (self.first_seen.min(span.0), self.last_seen.max(span.1));
        let Some(((first, last), [first_alert, last_alert])) = link else { return };
        if self.link_first.is_none_or(|known| first < known) {
            (self.link_first, self.first_alert) = (Some(first), first_alert);
        }
        if self.link_last.is_none_or(|known| last > known) {
            (self.link_last, self.last_alert) = (Some(last), last_alert);
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = incident_facets, treat_none_as_default_value = false)]
pub(super) struct FacetRow {
    pub incident_id: i64,
    pub facet: &'static str,
    pub value: String,
    pub is_open: bool,
}

impl AlertFacts {
    /// The hash of its detection.
    pub fn detection(&self) -> String {
        crate::model::alert::detection(&self.source, &self.title)
    }

    /// What it adds with the hash of its detection, seen in `elsewhere` other alerts counts.
    pub fn added<'a>(&'a self, detection: &'a str, elsewhere: i64) -> Added<'a> {
        Added {
            techniques: &self.techniques.0,
            detection,
            elsewhere,
            title: &self.title,
            severity: self.severity,
            is_open: self.status != AlertStatus::Resolved,
            category: &self.category,
            service_source: &self.service_source,
            detection_source: &self.detection_source,
            product: &self.product,
            first_activity: self.first_activity,
            last_activity: self.last_activity,
        }
    }
}

/// The columns of an incident that follow from its alerts, whoever worked them out.
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
pub(super) fn recompute(tx: &mut Tx<'_>, incident_id: i64) -> Result<(Incident, Vec<Act>)> {
    let mut incident: Incident = incidents::table.find(incident_id).select(Incident::as_select()).first(tx.conn)?;
    let rows: Vec<AlertFacts> = alerts::table
        .filter(alerts::incident_id.eq(incident_id))
        .order((alerts::first_activity, alerts::id))
        .select(AlertFacts::as_select())
        .load(tx.conn)?;
    let touched = touched_entities(tx.conn, &incident)?;
    store_entities(tx.conn, incident_id, &touched)?;
    let detections = detections(tx.conn, &rows)?;
    let added: Vec<Added<'_>> =
        rows.iter().zip(&detections).map(|(row, (hash, elsewhere))| row.added(hash, *elsewhere)).collect();
    store_facets(tx.conn, &incident, &added)?;
    incident.scope = Scope::default();
    [incident.alert_count, incident.open_alert_count] = [0; 2];
    [incident.device_count, incident.user_count, incident.mailbox_count] = [0; 3];
    let newcomers: Vec<&Resolved> = touched.iter().map(|touched| &touched.entity).collect();
    derive::add(&mut incident, &added, &newcomers);
    // An emptied incident keeps its last name and severity: there is nothing to say it better from.
    let highest = rows.iter().map(|alert| alert.severity).max();
    let acts = highest.map(|highest| derive::name_and_grade(&mut incident, highest)).unwrap_or_default();
    diesel::update(incidents::table.find(incident_id)).set(DerivedRow::of(&incident)?).execute(tx.conn)?;
    Ok((incident, acts))
}

/// Updates a stored incident to what it is after alerts were added up to it, with its new revision.
pub(super) fn store_added_up(tx: &mut Tx<'_>, incident: &Incident, now: i64) -> Result<()> {
    diesel::update(incidents::table.find(incident.id))
        .set((
            incidents::revision.eq(incident.revision),
            incidents::updated_at.eq(now),
            incidents::name.eq(&incident.name),
            incidents::name_key.eq(incident.name.to_lowercase()),
            incidents::severity.eq(incident.severity.as_str()),
            incidents::severity_rank.eq(incident.severity.rank()),
            DerivedRow::of(incident)?,
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Counts the open alerts of incidents anew.
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

/// The detection of each alert of one incident, and in how many alerts of others it was seen lately.
pub(super) fn detections(conn: &mut AnyConnection, rows: &[AlertFacts]) -> Result<Vec<(String, i64)>> {
    let hashes: Vec<String> = rows.iter().map(AlertFacts::detection).collect();
    let at = || hashes.iter().map(String::as_str).zip(rows.iter().map(|row| row.last_activity));
    let mut counts = DetectionCounts::load(conn, at())?;
    for (hash, at) in at() {
        counts.leave_out(hash, at);
    }
    let elsewhere: Vec<i64> = at().map(|(hash, at)| counts.seen(hash, at)).collect();
    Ok(hashes.into_iter().zip(elsewhere).collect())
}

/// The priority of an incident whose alerts stayed as they are.
pub(super) fn score(tx: &mut Tx<'_>, incident_id: i64) -> Result<()> {
    let incident: Incident = incidents::table.find(incident_id).select(Incident::as_select()).first(tx.conn)?;
    diesel::update(incidents::table.find(incident_id))
        .set(incidents::priority.eq(priority::of(&incident).score))
        .execute(tx.conn)?;
    Ok(())
}

/// The automatic name that an incident would have, for giving it back (R5).
pub fn automatic_name(conn: &mut AnyConnection, incident: &Incident) -> Result<String> {
    let mut incident = incident.clone();
    if incident.scope.titles.is_empty() {
        let titles: Vec<String> = alerts::table
            .filter(alerts::incident_id.eq(incident.id))
            .order((alerts::first_activity, alerts::id))
            .select(alerts::title)
            .load(conn)?;
        for title in titles {
            naming::note_title(&mut incident.scope.titles, &one_line(&title));
        }
    }
    Ok(derive::name(&incident))
}

struct Touched {
    entity: Resolved,
    row: EntityRow,
}

/// The entities of an incident's alerts, in the order in which they came.
fn touched_entities(conn: &mut AnyConnection, incident: &Incident) -> Result<Vec<Touched>> {
    let incident_id = incident.id;
    let rows: Vec<(i64, bool, i64, i64, i64)> = evidence::table
        .inner_join(alerts::table)
        .filter(alerts::incident_id.eq(incident_id))
        .order(evidence::id)
        .select((evidence::entity_id, evidence::linking, alerts::id, alerts::first_activity, alerts::last_activity))
        .load(conn)?;
    let ids: BTreeSet<i64> = rows.iter().map(|(entity, ..)| *entity).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut known: HashMap<i64, Resolved> = HashMap::with_capacity(ids.len());
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
    let mut touched: Vec<Touched> = Vec::with_capacity(known.len());
    let mut place: HashMap<i64, usize> = HashMap::with_capacity(known.len());
    for (entity, linking, alert, first, last) in rows {
        let index = if let Some(index) = place.get(&entity) {
            *index
        } else {
            let Some(entity) = known.remove(&entity) else { continue };
            place.insert(entity.id, touched.len());
            let row = EntityRow {
                incident_id,
                entity_id: entity.id,
                kind: entity.kind.as_str().to_owned(),
                alert_count: 0,
                first_seen: first,
                last_seen: last,
                link_first: None,
                link_last: None,
                first_alert: None,
                last_alert: None,
                is_open: incident.is_open(),
            };
            touched.push(Touched { entity, row });
            touched.len() - 1
        };
        if let Some(Touched { row, .. }) = touched.get_mut(index) {
            row.alert_count += 1;
            row.seen((first, last), linking.then_some(((first, last), [Some(alert); 2])));
        }
    }
    Ok(touched)
}

fn store_entities(conn: &mut AnyConnection, incident_id: i64, touched: &[Touched]) -> Result<()> {
    diesel::delete(incident_entities::table.filter(incident_entities::incident_id.eq(incident_id))).execute(conn)?;
    let rows: Vec<EntityRow> = touched.iter().map(|touched| touched.row.clone()).collect();
    for batch in rows.chunks(BATCH) {
        each!(conn, inner => diesel::insert_into(incident_entities::table).values(batch).execute(inner))?;
    }
    Ok(())
}

fn store_facets(conn: &mut AnyConnection, incident: &Incident, added: &[Added<'_>]) -> Result<()> {
    let (incident_id, is_open) = (incident.id, incident.is_open());
    let mut facets: HashSet<(&'static str, String)> = HashSet::new();
    for alert in added {
        derive::facets(alert, &mut facets);
    }
    search_index::note_multiple(&mut facets, &Scope::default());
    diesel::delete(incident_facets::table.filter(incident_facets::incident_id.eq(incident_id))).execute(conn)?;
    let facets: Vec<FacetRow> =
        facets.into_iter().map(|(facet, value)| FacetRow { incident_id, facet, value, is_open }).collect();
    for batch in facets.chunks(BATCH) {
        each!(conn, inner => diesel::insert_into(incident_facets::table).values(batch).execute(inner))?;
    }
    Ok(())
}
