//! Inserting new alerts with their evidence, and adding their entities and facets to their incidents.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::detection_counts::DetectionCounts;
use crate::history::entity_rows::IncidentEntityRow;
use crate::history::evidence_rows::{EvidenceRow, assets, evidence_row, insert_evidence_rows};
use crate::history::facet_rows::FacetRow;
use crate::history::incident_changes::IncidentChanges;
use crate::history::new_alert::NewAlert;
use crate::history::search_index::Facet;
use crate::history::stored_entities::StoredEntities;
use crate::history::{derive, entity_rows, facet_rows, search_index};
use crate::model::alert::AlertStatus;
use crate::model::entity::Resolved;
use crate::model::episode::identity_key;
use crate::model::incident::Incident;
use crate::model::linking::can_link;
use crate::model::outcome::{Classification, Determination};
use crate::schema::{alert_aliases, alert_details, alert_payloads, alerts, incidents};
use crate::text::folded;

/// Rows a statement.
pub(crate) const BATCH: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = alerts, treat_none_as_default_value = false)]
struct AlertRow<'a> {
    id: i64,
    incident_id: i64,
    revision: i64,
    source: &'a str,
    identity_key: String,
    provider_alert_id: &'a str,
    episode: i64,
    counted_by_source: Option<i64>,
    title: &'a str,
    subject: &'a str,
    title_key: String,
    severity: &'static str,
    status: &'a str,
    status_by_person: bool,
    classified_by_person: bool,
    classification: &'a str,
    determination: &'a str,
    assigned_to: Option<i64>,
    category: &'a str,
    techniques: String,
    service_source: &'a str,
    detection_source: &'a str,
    product: &'a str,
    first_activity: i64,
    last_activity: i64,
    created_at: i64,
    received_at: i64,
    updated_at: i64,
    resolved_at: Option<i64>,
    occurrences: i64,
    linked_by: String,
    assets: String,
    provider_updated_at: Option<i64>,
    payload_hash: &'a str,
    severity_given: bool,
    reported_by: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = alert_details)]
struct DetailRow<'a> {
    alert_id: i64,
    description: &'a str,
    recommended_actions: &'a str,
    facts: String,
}

#[derive(Insertable)]
#[diesel(table_name = alert_payloads)]
struct PayloadRow<'a> {
    alert_id: i64,
    received_at: i64,
    payload: &'a str,
    sender: &'a str,
}

/// How often the detections of new alerts were seen lately.
pub(super) fn count_detections(tx: &mut Tx<'_>, changes: &[IncidentChanges<'_>]) -> Result<DetectionCounts> {
    let new = changes.iter().flat_map(|one| &one.new_alerts);
    DetectionCounts::load(tx.conn, new.map(|new| (new.detection.as_str(), new.last_activity)))
}

/// Inserts new alerts with their details, payloads and evidence. `revisions` are how many entries each gets.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    changes: &[IncidentChanges<'_>],
    revisions: &HashMap<i64, i64>,
    known: &StoredEntities,
    now: i64,
) -> Result<()> {
    let mut rows = Rows::default();
    for one in changes {
        let incident = one.claimed.incident();
        for new in &one.new_alerts {
            rows.add(incident, new, revisions, now)?;
        }
        rows.assign(one);
        rows.note_multiple(incident);
    }
    rows.insert(tx, known)
}

fn alert_row<'l>(incident: &Incident, new: &'l NewAlert<'_>, revision: i64, now: i64) -> Result<AlertRow<'l>> {
    let alert = new.alert;
    Ok(AlertRow {
        id: new.id,
        incident_id: incident.id,
        revision,
        source: &alert.source,
        identity_key: identity_key(&alert.provider_alert_id, new.episode.number),
        provider_alert_id: &alert.provider_alert_id,
        episode: new.episode.number,
        counted_by_source: (alert.occurrences > 0).then_some(alert.occurrences),
        title: &alert.title,
        subject: &new.subject,
        title_key: folded(&alert.title),
        severity: alert.severity_or_medium().as_str(),
        // A partial report has no status or classification; the rest may come later.
        status: AlertStatus::parse(&alert.status).unwrap_or(AlertStatus::New).as_str(),
        status_by_person: false,
        classified_by_person: false,
        classification: Classification::parse(&alert.classification).unwrap_or_default().as_str(),
        determination: Determination::parse(&alert.determination).unwrap_or_default().as_str(),
        assigned_to: None,
        category: &alert.category,
        techniques: serde_json::to_string(&alert.techniques)?,
        service_source: &alert.service_source,
        detection_source: &alert.detection_source,
        product: &alert.product,
        first_activity: new.first_activity,
        last_activity: new.last_activity,
        created_at: alert.created_at,
        received_at: now,
        updated_at: now,
        resolved_at: (alert.status == "resolved").then_some(now),
        occurrences: new.occurrences,
        linked_by: serde_json::to_string(&new.linked_by)?,
        assets: serde_json::to_string(&assets(&alert.evidence, &new.entities))?,
        provider_updated_at: alert.provider_updated_at,
        payload_hash: &new.payload_hash,
        severity_given: alert.severity.is_some(),
        reported_by: new.reporter.token,
    })
}

#[derive(Default)]
struct Rows<'l> {
    alerts: Vec<AlertRow<'l>>,
    details: Vec<DetailRow<'l>>,
    payloads: Vec<PayloadRow<'l>>,
    evidence: Vec<EvidenceRow>,
    entities: StoredEntities,
    facets: BTreeMap<i64, (bool, HashSet<Facet>)>,
    aliases: Vec<(String, i64)>,
    further_episodes: HashSet<i64>,
    /// Incidents and the earlier ones that their alerts go on from.
    related: BTreeMap<i64, i64>,
}

impl<'l> Rows<'l> {
    fn add(
        &mut self,
        incident: &Incident,
        new: &'l NewAlert<'_>,
        revisions: &HashMap<i64, i64>,
        now: i64,
    ) -> Result<()> {
        let (id, alert) = (new.id, new.alert);
        let revision = revisions.get(&id).copied().unwrap_or(0);
        self.alerts.push(alert_row(incident, new, revision, now)?);
        self.details.push(DetailRow {
            alert_id: id,
            description: &alert.description,
            recommended_actions: &alert.recommended_actions,
            facts: serde_json::to_string(&alert.facts)?,
        });
        self.payloads.push(PayloadRow {
            alert_id: id,
            received_at: now,
            payload: new.payload,
            sender: &new.reporter.name,
        });
        if let Some(earlier) = new.episode.earlier {
            self.further_episodes.insert(id);
            let has_other = incident.related_to.is_some() && incident.alert_count > 0;
            if earlier.incident != incident.id && !has_other {
                self.related.entry(incident.id).or_insert(earlier.incident);
            }
        }
        self.aliases.extend(alert.aliases.iter().map(|alias| (alias.clone(), id)));
        let (_, facets) = self.facets.entry(incident.id).or_insert_with(|| (incident.is_open(), HashSet::new()));
        derive::facets(&new.added(0), facets);
        let mut named = BTreeSet::new();
        for (item, entity) in alert.evidence.iter().zip(&new.entities) {
            if !named.insert(entity.id) {
                continue;
            }
            let linking = !new.routine && entity.links && can_link(item);
            self.evidence.push(evidence_row(id, entity.id, item, new.first_activity, linking)?);
            self.count_entity(incident, entity, new);
        }
        Ok(())
    }

    /// New alerts take their incident's owner (R2).
    fn assign(&mut self, changes: &IncidentChanges<'_>) {
        let (id, owner) = (changes.claimed.incident().id, changes.owner_of_new_alerts());
        self.alerts.iter_mut().filter(|alert| alert.incident_id == id).for_each(|alert| alert.assigned_to = owner);
    }

    /// Called once all new alerts of an incident are added.
    fn note_multiple(&mut self, incident: &Incident) {
        if let Some((_, facets)) = self.facets.get_mut(&incident.id) {
            search_index::note_multiple(facets, &incident.scope);
        }
    }

    fn count_entity(&mut self, incident: &Incident, entity: &Resolved, new: &NewAlert<'_>) {
        let span = (new.first_activity, new.last_activity);
        let row = self
            .entities
            .entry((incident.id, entity.id))
            .or_insert_with(|| IncidentEntityRow::new(incident, entity, span));
        row.alert_count += 1;
        row.widen(span);
    }

    fn insert(self, tx: &mut Tx<'_>, known: &StoredEntities) -> Result<()> {
        search_index::note_titles(tx, self.alerts.iter().map(|alert| alert.title))?;
        for rows in self.alerts.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(alerts::table).values(rows).execute(inner))?;
        }
        for rows in self.details.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(alert_details::table).values(rows).execute(inner))?;
        }
        for rows in self.payloads.chunks(BATCH) {
            each!(tx.conn, inner => diesel::insert_into(alert_payloads::table).values(rows).execute(inner))?;
        }
        for (alias, alert) in self.aliases {
            // Its providers' incidents speak of the latest episode of an alert.
            if self.further_episodes.contains(&alert) {
                diesel::delete(alert_aliases::table.find(&alias)).execute(tx.conn)?;
            }
            let row = (alert_aliases::alias.eq(alias), alert_aliases::alert_id.eq(alert));
            each!(tx.conn, inner => diesel::insert_into(alert_aliases::table).values(row).on_conflict_do_nothing().execute(inner))?;
        }
        for (incident, earlier) in self.related {
            diesel::update(incidents::table.find(incident))
                .set(incidents::related_to.eq(Some(earlier)))
                .execute(tx.conn)?;
        }
        insert_evidence_rows(tx, self.evidence)?;
        let entities: Vec<IncidentEntityRow> = self
            .entities
            .into_iter()
            .map(|(key, mut row)| {
                if let Some(stored) = known.get(&key) {
                    row.alert_count += stored.alert_count;
                    row.widen((stored.first_seen, stored.last_seen));
                }
                row
            })
            .collect();
        entity_rows::upsert(tx, &entities)?;
        let facets: Vec<FacetRow> = self
            .facets
            .into_iter()
            .flat_map(|(incident_id, (is_open, facets))| {
                facets.into_iter().map(move |(facet, value)| FacetRow { incident_id, facet, value, is_open })
            })
            .collect();
        facet_rows::add(tx, &facets)
    }
}
