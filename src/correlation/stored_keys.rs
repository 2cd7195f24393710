//! What stored alerts are linked by.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;

use crate::correlation::link_key::{LinkKey, LinkKind, kind_without_entity};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::entity::EvidenceKind;
use crate::schema::{alerts, entities, evidence, link_points};

/// Values in one statement.
const LISTED: usize = 500;

/// The keys of alerts, by alert.
pub type KeysOfAlerts = HashMap<i64, Vec<LinkKey>>;

/// What each alert of an incident is linked by.
pub fn of_incident(conn: &mut AnyConnection, incident: i64) -> Result<KeysOfAlerts> {
    let rows = link_points::table
        .inner_join(alerts::table)
        .filter(alerts::incident_id.eq(incident))
        .select((link_points::alert_id, link_points::key))
        .distinct()
        .order((link_points::alert_id, link_points::key))
        .load(conn)?;
    named(conn, rows)
}

/// How many link points the alerts of an incident have.
pub fn count_of_incident(conn: &mut AnyConnection, incident: i64) -> Result<i64> {
    Ok(link_points::table
        .inner_join(alerts::table)
        .filter(alerts::incident_id.eq(incident))
        .count()
        .get_result(conn)?)
}

/// What an alert is linked by.
pub fn of_alert(conn: &mut AnyConnection, alert: i64) -> Result<KeysOfAlerts> {
    let rows = link_points::table
        .filter(link_points::alert_id.eq(alert))
        .select((link_points::alert_id, link_points::key))
        .distinct()
        .order((link_points::alert_id, link_points::key))
        .load(conn)?;
    named(conn, rows)
}

fn named(conn: &mut AnyConnection, rows: Vec<(i64, i64)>) -> Result<KeysOfAlerts> {
    let ids: BTreeSet<i64> = rows.iter().map(|(_, key)| *key).filter(|key| *key > 0).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut named: HashMap<i64, (String, String)> = HashMap::new();
    for ids in ids.chunks(LISTED) {
        let found: Vec<(i64, String, String)> = entities::table
            .filter(entities::id.eq_any(ids))
            .select((entities::id, entities::kind, entities::name))
            .load(conn)?;
        named.extend(found.into_iter().map(|(id, kind, name)| (id, (kind, name))));
    }
    let mut keys = KeysOfAlerts::new();
    for (alert, id) in rows {
        let key = match (kind_without_entity(id), named.get(&id)) {
            (Some(kind), _) => LinkKey { id, kind, name: String::new() },
            (None, Some((kind, name))) => {
                LinkKey { id, kind: LinkKind::Entity(EvidenceKind::parse(kind)), name: name.clone() }
            }
            (None, None) => continue,
        };
        keys.entry(alert).or_default().push(key);
    }
    Ok(keys)
}

/// Names the addresses of keys of one detection from one address. `detections` are the hashes by alert.
pub fn name_sources(
    conn: &mut AnyConnection,
    keys: &mut KeysOfAlerts,
    detections: &BTreeMap<i64, String>,
) -> Result<()> {
    let has_source = |(_, keys): &(&i64, &Vec<LinkKey>)| keys.iter().any(|key| key.kind == LinkKind::SameSource);
    let ids: Vec<i64> = keys.iter().filter(has_source).map(|(alert, _)| *alert).collect();
    let mut addresses: BTreeMap<i64, Vec<(i64, String)>> = BTreeMap::new();
    for ids in ids.chunks(LISTED) {
        let rows: Vec<(i64, i64, String)> = evidence::table
            .inner_join(entities::table)
            .filter(evidence::alert_id.eq_any(ids))
            // Not by the index of kinds: SQLite would read every address that is stored.
            .filter(entities::kind.concat("").eq(EvidenceKind::Ip.as_str()))
            .select((evidence::alert_id, entities::id, entities::name))
            .load(conn)?;
        for (alert, entity, name) in rows {
            addresses.entry(alert).or_default().push((entity, name));
        }
    }
    for (alert, addresses) in addresses {
        let (Some(keys), Some(detection)) = (keys.get_mut(&alert), detections.get(&alert)) else { continue };
        let sources: Vec<LinkKey> =
            addresses.iter().map(|(entity, name)| LinkKey::same_source(detection, *entity, name)).collect();
        for key in keys {
            if let Some(named) = sources.iter().find(|source| source.id == key.id) {
                key.name.clone_from(&named.name);
            }
        }
    }
    Ok(())
}
