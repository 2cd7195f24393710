//! Storing what ingest brings: new alerts with their evidence, and what a source's repeat changes.
//! It stands beside `commit` because only history writes alerts; the entries are the caller's acts.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::alerts::entities::{self, Resolved};
use crate::alerts::incoming::{IncomingAlert, IncomingComment, IncomingEvidence};
use crate::alerts::{Alert, Assets, LinkedBy, Texts};
use crate::clock;
use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::Change;
use crate::schema::{alert_details, alert_payloads, alerts, evidence, history, incident_entities};

const ASSETS_SHOWN: usize = 3;

/// An alert that has been placed, ready to be stored.
pub struct Arrival<'a> {
    pub alert: &'a IncomingAlert,
    pub payload: &'a str,
    pub payload_hash: &'a str,
    pub entities: &'a [Resolved],
    pub incident: i64,
    pub linked_by: &'a LinkedBy,
}

/// Stores a new alert and its evidence; returns its id.
pub fn insert(tx: &mut Tx<'_>, arrival: &Arrival<'_>) -> Result<i64> {
    let Arrival { alert, .. } = arrival;
    let id = tx.take_ids("alert", 1)?;
    let now = clock::now();
    diesel::insert_into(alerts::table)
        .values((
            alerts::id.eq(id),
            alerts::incident_id.eq(arrival.incident),
            alerts::revision.eq(0),
            alerts::source.eq(&alert.source),
            alerts::provider_alert_id.eq(&alert.provider_alert_id),
            alerts::title.eq(&alert.title),
            alerts::title_key.eq(alert.title.to_lowercase()),
            alerts::severity.eq(alert.severity.as_str()),
            alerts::status.eq(&alert.status),
            alerts::status_by_person.eq(false),
            alerts::classified_by_person.eq(false),
            alerts::classification.eq(&alert.classification),
            alerts::determination.eq(&alert.determination),
            alerts::category.eq(&alert.category),
            alerts::techniques.eq(serde_json::to_string(&Texts(alert.techniques.clone()))?),
            alerts::service_source.eq(&alert.service_source),
            (
                alerts::detection_source.eq(&alert.detection_source),
                alerts::product.eq(&alert.product),
                alerts::first_activity.eq(alert.first_activity),
                alerts::last_activity.eq(alert.last_activity),
                alerts::created_at.eq(alert.created_at),
                alerts::received_at.eq(now),
                alerts::updated_at.eq(now),
                alerts::resolved_at.eq((alert.status == "resolved").then_some(now)),
                alerts::occurrences.eq(1),
                alerts::linked_by.eq(serde_json::to_string(arrival.linked_by)?),
                alerts::assets.eq(serde_json::to_string(&assets(arrival.entities))?),
                alerts::provider_updated_at.eq(alert.provider_updated_at),
                alerts::payload_hash.eq(arrival.payload_hash),
            ),
        ))
        .execute(tx.conn)?;
    diesel::insert_into(alert_details::table)
        .values((
            alert_details::alert_id.eq(id),
            alert_details::description.eq(&alert.description),
            alert_details::recommended_actions.eq(&alert.recommended_actions),
            alert_details::facts.eq(serde_json::to_string(&alert.facts)?),
        ))
        .execute(tx.conn)?;
    diesel::insert_into(alert_payloads::table)
        .values((
            alert_payloads::alert_id.eq(id),
            alert_payloads::received_at.eq(now),
            alert_payloads::payload.eq(arrival.payload),
        ))
        .execute(tx.conn)?;
    insert_evidence(tx, id, alert, arrival.entities)?;
    note_entities(tx, arrival)?;
    Ok(id)
}

/// Stores what a source's repeat of a known alert changed; a person's decisions stay (R14).
/// Returns the number of new pieces of evidence.
pub fn update(tx: &mut Tx<'_>, known: &Alert, arrival: &Arrival<'_>) -> Result<usize> {
    let alert = arrival.alert;
    let added = insert_evidence(tx, known.id, alert, arrival.entities)?;
    diesel::update(alerts::table.find(known.id))
        .set((
            alerts::title.eq(&alert.title),
            alerts::title_key.eq(alert.title.to_lowercase()),
            alerts::category.eq(&alert.category),
            alerts::techniques.eq(serde_json::to_string(&Texts(alert.techniques.clone()))?),
            alerts::first_activity.eq(alert.first_activity.min(known.first_activity)),
            alerts::last_activity.eq(alert.last_activity.max(known.last_activity)),
            alerts::occurrences.eq(alerts::occurrences + 1),
            alerts::provider_updated_at.eq(alert.provider_updated_at.or(known.provider_updated_at)),
            alerts::payload_hash.eq(arrival.payload_hash),
        ))
        .execute(tx.conn)?;
    if added > 0 {
        diesel::update(alerts::table.find(known.id))
            .set(alerts::assets.eq(serde_json::to_string(&joined(&known.assets, &assets(arrival.entities)))?))
            .execute(tx.conn)?;
    }
    diesel::update(alert_details::table.find(known.id))
        .set((
            alert_details::description.eq(&alert.description),
            alert_details::recommended_actions.eq(&alert.recommended_actions),
            alert_details::facts.eq(serde_json::to_string(&alert.facts)?),
        ))
        .execute(tx.conn)?;
    diesel::update(alert_payloads::table.find(known.id))
        .set((alert_payloads::received_at.eq(clock::now()), alert_payloads::payload.eq(arrival.payload)))
        .execute(tx.conn)?;
    note_entities(tx, arrival)?;
    Ok(added)
}

/// Marks what of an alert a person has decided, so that its source no longer does (R14).
pub fn decided_by_person(tx: &mut Tx<'_>, alert: i64, status: bool, classification: bool) -> Result<()> {
    if status {
        diesel::update(alerts::table.find(alert)).set(alerts::status_by_person.eq(true)).execute(tx.conn)?;
    }
    if classification {
        diesel::update(alerts::table.find(alert)).set(alerts::classified_by_person.eq(true)).execute(tx.conn)?;
    }
    Ok(())
}

/// The comments of a source that the alert's history does not have yet.
pub fn new_comments<'a>(tx: &mut Tx<'_>, alert: i64, told: &'a [IncomingComment]) -> Result<Vec<&'a IncomingComment>> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<String> = history::table
        .filter(history::alert_id.eq(alert))
        .filter(history::kind.eq("commented"))
        .filter(history::actor_kind.eq("import"))
        .select(history::detail)
        .load(tx.conn)?;
    let known: Vec<Change> = known.iter().filter_map(|detail| serde_json::from_str(detail).ok()).collect();
    let has = |comment: &IncomingComment| {
        known.iter().any(|change| matches!(change, Change::Commented { body, .. } if *body == comment.body))
    };
    Ok(told.iter().filter(|comment| !has(comment)).collect())
}

#[derive(Insertable)]
#[diesel(table_name = evidence)]
struct EvidenceRow {
    id: i64,
    alert_id: i64,
    entity_id: i64,
    roles: String,
    verdict: String,
    remediation: String,
    facts: String,
    first_seen: i64,
}

fn insert_evidence(tx: &mut Tx<'_>, alert: i64, incoming: &IncomingAlert, resolved: &[Resolved]) -> Result<usize> {
    let known: BTreeSet<i64> = evidence::table
        .filter(evidence::alert_id.eq(alert))
        .select(evidence::entity_id)
        .load::<i64>(tx.conn)?
        .into_iter()
        .collect();
    let mut fresh: BTreeSet<i64> = BTreeSet::new();
    let mut rows = Vec::new();
    for (item, entity) in incoming.evidence.iter().zip(resolved) {
        if known.contains(&entity.id) {
            retell_evidence(tx, alert, entity.id, item)?;
            continue;
        }
        if !fresh.insert(entity.id) {
            continue;
        }
        rows.push(EvidenceRow {
            id: 0,
            alert_id: alert,
            entity_id: entity.id,
            roles: serde_json::to_string(&item.roles)?,
            verdict: item.verdict.clone(),
            remediation: item.remediation.clone(),
            facts: serde_json::to_string(&item.facts)?,
            first_seen: incoming.first_activity,
        });
    }
    let first = tx.take_ids("evidence", i64::try_from(rows.len()).unwrap_or(i64::MAX))?;
    for (row, id) in rows.iter_mut().zip(first..) {
        row.id = id;
    }
    for batch in rows.chunks(500) {
        each!(tx.conn, inner => diesel::insert_into(evidence::table).values(batch).execute(inner))?;
    }
    Ok(rows.len())
}

/// What the source says now about a thing it named before: its verdict, what was done about it.
fn retell_evidence(tx: &mut Tx<'_>, alert: i64, entity: i64, item: &IncomingEvidence) -> Result<()> {
    diesel::update(evidence::table)
        .filter(evidence::alert_id.eq(alert))
        .filter(evidence::entity_id.eq(entity))
        .set((
            evidence::verdict.eq(&item.verdict),
            evidence::remediation.eq(&item.remediation),
            evidence::roles.eq(serde_json::to_string(&item.roles)?),
            evidence::facts.eq(serde_json::to_string(&item.facts)?),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Makes the alert's entities findable for the next placement in the same transaction; the
/// incident's refresh puts exact counts in their place.
fn note_entities(tx: &mut Tx<'_>, arrival: &Arrival<'_>) -> Result<()> {
    let (first, last) = (arrival.alert.first_activity, arrival.alert.last_activity);
    for entity in arrival.entities {
        let known: Option<(i64, i64)> = incident_entities::table
            .find((arrival.incident, entity.id))
            .select((incident_entities::first_seen, incident_entities::last_seen))
            .first(tx.conn)
            .optional()?;
        match known {
            Some((known_first, known_last)) => {
                diesel::update(incident_entities::table.find((arrival.incident, entity.id)))
                    .set((
                        incident_entities::first_seen.eq(known_first.min(first)),
                        incident_entities::last_seen.eq(known_last.max(last)),
                    ))
                    .execute(tx.conn)?;
            }
            None => {
                diesel::insert_into(incident_entities::table)
                    .values((
                        incident_entities::incident_id.eq(arrival.incident),
                        incident_entities::entity_id.eq(entity.id),
                        incident_entities::kind.eq(entity.kind.as_str()),
                        incident_entities::alert_count.eq(1),
                        incident_entities::first_seen.eq(first),
                        incident_entities::last_seen.eq(last),
                    ))
                    .execute(tx.conn)?;
            }
        }
    }
    Ok(())
}

fn assets(resolved: &[entities::Resolved]) -> Assets {
    use crate::alerts::incoming::EvidenceKind as Kind;
    let names = |kind: Kind| {
        let mut names: Vec<String> = Vec::new();
        for entity in resolved.iter().filter(|entity| entity.kind == kind && entity.links) {
            if names.len() < ASSETS_SHOWN && !names.contains(&entity.name) {
                names.push(entity.name.clone());
            }
        }
        names
    };
    Assets { devices: names(Kind::Device), users: names(Kind::User), mailboxes: names(Kind::Mailbox) }
}

fn joined(known: &Assets, more: &Assets) -> Assets {
    let join = |a: &[String], b: &[String]| {
        let mut names = a.to_vec();
        names.extend(b.iter().filter(|name| !a.contains(name)).cloned());
        names.truncate(ASSETS_SHOWN);
        names
    };
    Assets {
        devices: join(&known.devices, &more.devices),
        users: join(&known.users, &more.users),
        mailboxes: join(&known.mailboxes, &more.mailboxes),
    }
}
