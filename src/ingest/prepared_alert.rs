//! An alert prepared for correlation: its entities and what it can be linked by.

use crate::correlation::index::AlertToPlace;
use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::hash::sha256_hex;
use crate::history::new_alert::{NewAlert, Reporter};
use crate::ingest::entity_resolver::EntityResolver;
use crate::ingest::occurrences::settings::is_sensor;
use crate::model::alert::detection;
use crate::model::entity::{EvidenceKind, Resolved};
use crate::model::episode::Episode;
use crate::model::incoming::{IncomingAlert, IncomingEvidence};
use crate::model::linked_by::LinkedBy;
use crate::model::linking::{can_link, is_public};
use crate::model::meaningless::is_meaningless_name;

/// What is computed once for each alert of the batch.
pub(crate) struct PreparedAlert {
    /// One for each piece of evidence.
    pub(crate) entities: Vec<Resolved>,
    /// What others find it by: its distinctive entities, and its detection from their source.
    pub(crate) own_keys: Vec<LinkKey>,
    /// What it finds others by: the same, and the mailboxes of its users and users of its mailboxes.
    pub(crate) link_keys: Vec<LinkKey>,
    pub(crate) detection: String,
    /// What the detection is about beside its assets: what the source says, and the direction of a flow.
    pub(crate) subject: String,
    pub(crate) hash: String,
}

impl PreparedAlert {
    /// The alert under an id, as its source reports it and not placed yet.
    pub(super) fn as_reported<'r>(
        &self,
        id: i64,
        (alert, payload): (&'r IncomingAlert, &'r str),
        reporter: &Reporter,
    ) -> NewAlert<'r> {
        NewAlert {
            id,
            alert,
            payload,
            payload_hash: self.hash.clone(),
            reporter: reporter.clone(),
            detection: self.detection.clone(),
            subject: self.subject.clone(),
            entities: self.entities.clone(),
            linked_by: LinkedBy::default(),
            routine: false,
            occurrences: alert.occurrences.max(1),
            episode: Episode::FIRST,
            first_activity: alert.first_activity,
            last_activity: alert.last_activity,
        }
    }
}

/// Prepares an alert whose evidence is these entities.
pub(super) fn prepare(resolver: &EntityResolver, alert: &IncomingAlert, payload: &str, ids: &[i64]) -> PreparedAlert {
    let entities: Vec<Resolved> = ids.iter().filter_map(|id| resolver.resolved(*id)).collect();
    let subject = subject(alert);
    let detection = detection(&alert.source, &alert.title, &subject);
    let own_keys = own_keys(alert, &entities, &detection);
    let mut link_keys = own_keys.clone();
    for other in resolver.counterparts(&alert.evidence) {
        push_entity(&mut link_keys, &other);
    }
    PreparedAlert { entities, own_keys, link_keys, detection, subject, hash: sha256_hex(payload.as_bytes()) }
}

/// What the alert's detection is about: two are the same only where that is (R21).
fn subject(alert: &IncomingAlert) -> String {
    match (alert.subject.as_str(), direction(&alert.evidence)) {
        (subject, "") => subject.to_owned(),
        ("", direction) => direction.to_owned(),
        // What was stored with it.
        (subject, direction) if subject.ends_with(direction) => subject.to_owned(),
        (subject, direction) => format!("{subject}, {direction}"),
    }
}

/// Whether a flow comes from outside or goes there.
fn direction(evidence: &[IncomingEvidence]) -> &'static str {
    let outside = |role: &str| {
        let mut ends =
            evidence.iter().filter(|item| item.kind == EvidenceKind::Ip && item.roles.iter().any(|its| its == role));
        ends.find_map(|item| item.name.parse().ok()).map(is_public)
    };
    match (outside("source"), outside("destination")) {
        (Some(true), Some(false)) => "inbound",
        (Some(false), Some(true)) => "outbound",
        _ => "",
    }
}

pub(super) fn alert_to_place<'t>(
    alert: &'t IncomingAlert,
    detection: &'t str,
    link_keys: &'t [LinkKey],
    within: Option<i64>,
) -> AlertToPlace<'t> {
    AlertToPlace {
        first: alert.first_activity,
        last: alert.last_activity,
        category: &alert.category,
        severity: alert.severity_or_medium(),
        detection,
        link_keys,
        within,
    }
}

fn own_keys(alert: &IncomingAlert, entities: &[Resolved], detection: &str) -> Vec<LinkKey> {
    // Of a product that tells what belongs together, one detection on several assets is as many alerts.
    let mut keys: Vec<LinkKey> = is_sensor(&alert.source).then(|| LinkKey::outbreak(detection)).into_iter().collect();
    for (item, entity) in alert.evidence.iter().zip(entities) {
        if can_link(item) {
            push_entity(&mut keys, entity);
        }
        let is_source = entity.kind == EvidenceKind::Ip && item.roles.iter().any(|role| role == "source");
        if is_source && !is_meaningless_name(entity.kind, &entity.name) {
            push(&mut keys, LinkKey::same_source(detection, entity.id, &entity.name));
        }
    }
    keys
}

fn push_entity(keys: &mut Vec<LinkKey>, entity: &Resolved) {
    if entity.links {
        push(keys, LinkKey { id: entity.id, kind: LinkKind::Entity(entity.kind), name: entity.name.clone() });
    }
}

fn push(keys: &mut Vec<LinkKey>, key: LinkKey) {
    if !keys.iter().any(|known| known.id == key.id) {
        keys.push(key);
    }
}
