//! Storing a provider's update of a stored alert (R14).

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::history::entity_texts::EntityTexts;
use crate::history::evidence_rows::{ASSETS_SHOWN, assets, evidence_row, insert_evidence_rows};
use crate::history::new_alert::NewAlert;
use crate::history::{payloads, search_index};
use crate::model::alert::{Alert, Assets, Texts};
use crate::model::change::Change;
use crate::model::incoming::{IncomingComment, IncomingEvidence, SEVERITY_IN_SOURCE};
use crate::model::linking::can_link;
use crate::schema::{alert_details, alert_occurrences, alerts, evidence, history};
use crate::text::folded;

/// A provider's update of a stored alert.
#[derive(Debug)]
pub struct AlertUpdate<'a> {
    /// The alert as it is stored.
    pub known: Alert,
    /// The same as it is reported now.
    pub reported: NewAlert<'a>,
    /// The severity stays as it is stored, because none is given now or the source no longer decides it.
    pub keeps_severity: bool,
    /// The entities of its stored evidence.
    known_entities: BTreeSet<i64>,
}

impl<'a> AlertUpdate<'a> {
    /// Reads the stored evidence of the alert.
    pub fn new(conn: &mut AnyConnection, known: Alert, reported: NewAlert<'a>, keeps_severity: bool) -> Result<Self> {
        let known_entities: Vec<i64> =
            evidence::table.filter(evidence::alert_id.eq(known.id)).select(evidence::entity_id).load(conn)?;
        Ok(Self { known, reported, keeps_severity, known_entities: known_entities.into_iter().collect() })
    }

    /// How many pieces of evidence are new.
    pub fn new_evidence(&self) -> usize {
        let reported: BTreeSet<i64> = self.reported.entities.iter().map(|entity| entity.id).collect();
        reported.difference(&self.known_entities).count()
    }
}

/// Stores the update; what a person decided stays (R14).
pub(super) fn apply(tx: &mut Tx<'_>, update: &AlertUpdate<'_>) -> Result<()> {
    let (known, reported) = (&update.known, &update.reported);
    let alert = reported.alert;
    let added = insert_evidence(tx, update)?;
    diesel::update(alerts::table.find(known.id))
        .set((
            alerts::first_activity.eq(alert.first_activity.min(known.first_activity)),
            alerts::last_activity.eq(alert.last_activity.max(known.last_activity)),
            alerts::provider_updated_at.eq(alert.provider_updated_at.or(known.provider_updated_at)),
            alerts::payload_hash.eq(&reported.payload_hash),
            alerts::severity_given.eq(known.severity_given || alert.severity.is_some()),
            // Of nobody so far: it is the token's that reports it first.
            alerts::reported_by.eq(known.reported_by.or(reported.reporter.token)),
        ))
        .execute(tx.conn)?;
    if alert.occurrences > 0 {
        update_count(tx, known, alert.occurrences)?;
    }
    if alert.has_own_title() {
        update_texts(tx, update)?;
    }
    if added > 0 {
        let assets = joined(&known.assets, &assets(&alert.evidence, &reported.entities));
        diesel::update(alerts::table.find(known.id))
            .set(alerts::assets.eq(serde_json::to_string(&assets)?))
            .execute(tx.conn)?;
    }
    payloads::replace(tx, known.id, reported)
}

/// Takes over what the source counts; the repeats that were counted here stay beside it.
fn update_count(tx: &mut Tx<'_>, known: &Alert, counted: i64) -> Result<()> {
    let repeats = match known.counted_by_source {
        Some(before) => known.occurrences.saturating_sub(before.max(1)),
        None => alert_occurrences::table
            .filter(alert_occurrences::alert_id.eq(known.id))
            .count()
            .get_result::<i64>(tx.conn)?,
    };
    diesel::update(alerts::table.find(known.id))
        .set((
            alerts::occurrences.eq(counted.saturating_add(repeats.max(0))),
            alerts::counted_by_source.eq(Some(counted)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Updates the alert's own texts; a partial report changes only those that it has.
fn update_texts(tx: &mut Tx<'_>, update: &AlertUpdate<'_>) -> Result<()> {
    let (known, alert) = (&update.known, update.reported.alert);
    let techniques = serde_json::to_string(&Texts(alert.techniques.clone()))?;
    let row = alerts::table.find(known.id);
    if alert.title != known.title {
        search_index::note_titles(tx, [alert.title.as_str()])?;
    }
    diesel::update(row)
        .set((alerts::title.eq(&alert.title), alerts::title_key.eq(folded(&alert.title))))
        .execute(tx.conn)?;
    if !alert.partial || !alert.category.is_empty() {
        diesel::update(row).set(alerts::category.eq(&alert.category)).execute(tx.conn)?;
    }
    if !alert.partial || !alert.techniques.is_empty() {
        diesel::update(row).set(alerts::techniques.eq(techniques)).execute(tx.conn)?;
    }
    if !alert.partial || !alert.description.is_empty() {
        let facts = facts_with_severity(tx, update)?;
        diesel::update(alert_details::table.find(known.id))
            .set((
                alert_details::description.eq(&alert.description),
                alert_details::recommended_actions.eq(&alert.recommended_actions),
                alert_details::facts.eq(serde_json::to_string(&facts)?),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// The facts that are reported now. What the source said of the severity stays as long as the severity does.
fn facts_with_severity(tx: &mut Tx<'_>, update: &AlertUpdate<'_>) -> Result<Vec<(String, String)>> {
    let mut facts = update.reported.alert.facts.clone();
    if update.keeps_severity {
        let stored: String = alert_details::table.find(update.known.id).select(alert_details::facts).first(tx.conn)?;
        let stored: Vec<(String, String)> = serde_json::from_str(&stored)?;
        facts.retain(|(label, _)| label != SEVERITY_IN_SOURCE);
        facts.extend(stored.into_iter().filter(|(label, _)| label == SEVERITY_IN_SOURCE));
    }
    Ok(facts)
}

/// The comments of a source that the alert's history does not have yet.
pub fn new_comments<'a>(
    tx: &mut Tx<'_>,
    alert: i64,
    reported: &'a [IncomingComment],
) -> Result<Vec<&'a IncomingComment>> {
    if reported.is_empty() {
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
    Ok(reported.iter().filter(|comment| !has(comment)).collect())
}

fn insert_evidence(tx: &mut Tx<'_>, update: &AlertUpdate<'_>) -> Result<usize> {
    let (alert, reported) = (update.known.id, &update.reported);
    let mut fresh: BTreeSet<i64> = BTreeSet::new();
    let mut rows = Vec::new();
    for (item, entity) in reported.alert.evidence.iter().zip(&reported.entities) {
        if update.known_entities.contains(&entity.id) {
            update_evidence(tx, alert, entity.id, item)?;
        } else if fresh.insert(entity.id) {
            let linking = !reported.routine && entity.links && can_link(item);
            rows.push(evidence_row(alert, entity.id, item, reported.alert.first_activity, linking)?);
        }
    }
    let count = rows.len();
    insert_evidence_rows(tx, rows)?;
    Ok(count)
}

/// Updates the name, verdict, remediation, roles and facts of stored evidence.
fn update_evidence(tx: &mut Tx<'_>, alert: i64, entity: i64, item: &IncomingEvidence) -> Result<()> {
    let facts = serde_json::to_string(&item.facts)?;
    let mut texts = EntityTexts::default();
    texts.note(entity, &item.name, &facts);
    texts.store(tx)?;
    diesel::update(evidence::table)
        .filter(evidence::alert_id.eq(alert))
        .filter(evidence::entity_id.eq(entity))
        .set((
            evidence::verdict.eq(&item.verdict),
            evidence::remediation.eq(&item.remediation),
            evidence::roles.eq(serde_json::to_string(&item.roles)?),
            evidence::facts.eq(facts),
            evidence::name.eq(&item.name),
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
