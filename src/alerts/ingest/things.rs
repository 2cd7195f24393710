//! What of an alert the correlation looks at.

use crate::alerts::entities::{Resolved, is_telling};
use crate::alerts::incoming::IncomingAlert;
use crate::correlation::world::{Arriving, Thing};
use crate::secrets::sha256_hex;

/// The name under which a detection is remembered.
pub(super) fn detection(alert: &IncomingAlert) -> String {
    let mut hash = sha256_hex(format!("{}\n{}", alert.source, alert.title).as_bytes());
    hash.truncate(16);
    hash
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

pub(super) fn push(things: &mut Vec<Thing>, entity: &Resolved) {
    if entity.links && !things.iter().any(|thing| thing.id == entity.id) {
        things.push(Thing { id: entity.id, kind: entity.kind, name: entity.name.clone() });
    }
}
