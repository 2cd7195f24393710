//! What of an alert the correlation looks at.

use crate::correlation::index::{Arriving, Thing};
use crate::hash::sha256_hex;
use crate::ingest::batch::Look;
use crate::ingest::entity_resolver::Resolver;
use crate::model::alert::detection;
use crate::model::entity::Resolved;
use crate::model::incoming::IncomingAlert;
use crate::model::linking::is_telling;

/// Looks at an alert whose evidence is these entities.
pub(super) fn look(resolver: &Resolver, alert: &IncomingAlert, payload: &str, ids: &[i64]) -> Look {
    let entities: Vec<Resolved> = ids.iter().filter_map(|id| resolver.resolved(*id)).collect();
    let mut things = own_things(alert, &entities);
    for other in resolver.counterparts(&alert.evidence) {
        push(&mut things, &other);
    }
    Look { entities, things, detection: detection(&alert.source, &alert.title), hash: sha256_hex(payload.as_bytes()) }
}

pub(super) fn arriving<'t>(
    alert: &'t IncomingAlert,
    detection: &'t str,
    things: &'t [Thing],
    within: Option<i64>,
) -> Arriving<'t> {
    Arriving {
        first: alert.first_activity,
        last: alert.last_activity,
        category: &alert.category,
        severity: alert.severity,
        detection,
        things,
        within,
    }
}

pub(super) fn own_things(alert: &IncomingAlert, entities: &[Resolved]) -> Vec<Thing> {
    let mut things = Vec::new();
    for (item, entity) in alert.evidence.iter().zip(entities) {
        if is_telling(item) {
            push(&mut things, entity);
        }
    }
    things
}

fn push(things: &mut Vec<Thing>, entity: &Resolved) {
    if entity.links && !things.iter().any(|thing| thing.id == entity.id) {
        things.push(Thing { id: entity.id, kind: entity.kind, name: entity.name.clone() });
    }
}
