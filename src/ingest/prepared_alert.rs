//! An alert prepared for correlation: its entities and what it can be linked by.

use crate::correlation::index::{AlertToPlace, LinkKey};
use crate::hash::sha256_hex;
use crate::history::new_alert::{NewAlert, Reporter};
use crate::ingest::entity_resolver::EntityResolver;
use crate::model::alert::detection;
use crate::model::entity::Resolved;
use crate::model::episode::Episode;
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::LinkedBy;
use crate::model::linking::can_link;

/// What is computed once for each alert of the batch.
pub(crate) struct PreparedAlert {
    /// One for each piece of evidence.
    pub(crate) entities: Vec<Resolved>,
    /// What it can be linked by: its distinctive entities, and the mailboxes of its users and users of its mailboxes.
    pub(crate) link_keys: Vec<LinkKey>,
    pub(crate) detection: String,
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
    let mut link_keys = own_link_keys(alert, &entities);
    for other in resolver.counterparts(&alert.evidence) {
        push(&mut link_keys, &other);
    }
    PreparedAlert {
        entities,
        link_keys,
        detection: detection(&alert.source, &alert.title),
        hash: sha256_hex(payload.as_bytes()),
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

pub(super) fn own_link_keys(alert: &IncomingAlert, entities: &[Resolved]) -> Vec<LinkKey> {
    let mut link_keys = Vec::new();
    for (item, entity) in alert.evidence.iter().zip(entities) {
        if can_link(item) {
            push(&mut link_keys, entity);
        }
    }
    link_keys
}

fn push(link_keys: &mut Vec<LinkKey>, entity: &Resolved) {
    if entity.links && !link_keys.iter().any(|key| key.id == entity.id) {
        link_keys.push(LinkKey { id: entity.id, kind: entity.kind, name: entity.name.clone() });
    }
}
