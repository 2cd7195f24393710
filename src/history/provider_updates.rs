//! Storing what a source tells anew of an alert that is known: R14.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::clock;
use crate::db::Tx;
use crate::error::Result;
use crate::history::new_alerts::{ASSETS_SHOWN, Arrival, assets, evidence_row, insert_evidence_rows};
use crate::model::alert::{Alert, Assets, Texts};
use crate::model::change::Change;
use crate::model::incoming::{IncomingAlert, IncomingComment, IncomingEvidence};
use crate::model::linking::is_telling;
use crate::schema::{alert_details, alert_payloads, alerts, evidence, history};

/// Stores what a source's repeat of a known alert changed; a person's decisions stay (R14).
/// Returns the number of new pieces of evidence.
pub fn update(tx: &mut Tx<'_>, known: &Alert, arrival: &Arrival<'_>) -> Result<usize> {
    let alert = arrival.alert;
    let added = insert_evidence(tx, known.id, arrival)?;
    diesel::update(alerts::table.find(known.id))
        .set((
            alerts::first_activity.eq(alert.first_activity.min(known.first_activity)),
            alerts::last_activity.eq(alert.last_activity.max(known.last_activity)),
            alerts::occurrences.eq(alerts::occurrences + 1),
            alerts::provider_updated_at.eq(alert.provider_updated_at.or(known.provider_updated_at)),
            alerts::payload_hash.eq(&arrival.payload_hash),
        ))
        .execute(tx.conn)?;
    if !alert.partial || !alert.title.is_empty() {
        retell(tx, known, alert)?;
    }
    if added > 0 {
        diesel::update(alerts::table.find(known.id))
            .set(alerts::assets.eq(serde_json::to_string(&joined(&known.assets, &assets(&arrival.entities)))?))
            .execute(tx.conn)?;
    }
    diesel::update(alert_payloads::table.find(known.id))
        .set((alert_payloads::received_at.eq(clock::now()), alert_payloads::payload.eq(arrival.payload)))
        .execute(tx.conn)?;
    Ok(added)
}

/// Takes over what a repeat says of the alert itself; a partial one only what it says at all.
fn retell(tx: &mut Tx<'_>, known: &Alert, alert: &IncomingAlert) -> Result<()> {
    let techniques = serde_json::to_string(&Texts(alert.techniques.clone()))?;
    let row = alerts::table.find(known.id);
    diesel::update(row)
        .set((alerts::title.eq(&alert.title), alerts::title_key.eq(alert.title.to_lowercase())))
        .execute(tx.conn)?;
    if !alert.partial || !alert.category.is_empty() {
        diesel::update(row).set(alerts::category.eq(&alert.category)).execute(tx.conn)?;
    }
    if !alert.partial || !alert.techniques.is_empty() {
        diesel::update(row).set(alerts::techniques.eq(techniques)).execute(tx.conn)?;
    }
    if !alert.partial || !alert.description.is_empty() {
        diesel::update(alert_details::table.find(known.id))
            .set((
                alert_details::description.eq(&alert.description),
                alert_details::recommended_actions.eq(&alert.recommended_actions),
                alert_details::facts.eq(serde_json::to_string(&alert.facts)?),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
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

/// Gives back who decided what of an alert, once an edit was undone; nothing where it stays.
pub fn as_decided_before(
    tx: &mut Tx<'_>,
    alert: i64,
    status: Option<bool>,
    classification: Option<bool>,
) -> Result<()> {
    if let Some(before) = status {
        diesel::update(alerts::table.find(alert)).set(alerts::status_by_person.eq(before)).execute(tx.conn)?;
    }
    if let Some(before) = classification {
        diesel::update(alerts::table.find(alert)).set(alerts::classified_by_person.eq(before)).execute(tx.conn)?;
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

fn insert_evidence(tx: &mut Tx<'_>, alert: i64, arrival: &Arrival<'_>) -> Result<usize> {
    let known: BTreeSet<i64> = evidence::table
        .filter(evidence::alert_id.eq(alert))
        .select(evidence::entity_id)
        .load::<i64>(tx.conn)?
        .into_iter()
        .collect();
    let mut fresh: BTreeSet<i64> = BTreeSet::new();
    let mut rows = Vec::new();
    for (item, entity) in arrival.alert.evidence.iter().zip(&arrival.entities) {
        if known.contains(&entity.id) {
            retell_evidence(tx, alert, entity.id, item)?;
        } else if fresh.insert(entity.id) {
            let linking = !arrival.routine && entity.links && is_telling(item);
            rows.push(evidence_row(alert, entity.id, item, arrival.alert.first_activity, linking)?);
        }
    }
    let count = rows.len();
    insert_evidence_rows(tx, rows)?;
    Ok(count)
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
