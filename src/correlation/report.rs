//! Why a stored alert is with others, by what is known when it is read.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::correlation::candidate::SharedKey;
use crate::correlation::explanation;
use crate::correlation::index::{AlertToPlace, CorrelationIndex, KeysToLoad};
use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::correlation::reach::ROUTINE_HOURS;
use crate::correlation::{reach, stored_keys};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::alert::{Alert, detection};
use crate::model::entity::EvidenceKind;
use crate::schema::{entities, evidence};
use crate::text::capitalised;

/// Most neighbours that are named.
const NEIGHBOURS: usize = 5;

/// What links an alert to the others of its incident, and how far that reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LinkReport {
    /// The nearest alerts, by what each has in common with this one.
    pub neighbours: Vec<Neighbour>,
    /// How common its assets and its detection are, a sentence each.
    pub notes: Vec<String>,
}

/// An alert of the same incident that links to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    pub alert: i64,
    pub title: String,
    /// "Same device web-01 and user ana"
    pub same: String,
    /// "14 minutes after"
    pub when: String,
}

impl Neighbour {
    /// The alert with which these keys are shared.
    fn of(shared: &[SharedKey]) -> Option<Self> {
        let near = shared.iter().map(|one| &one.near).min_by_key(|near| near.after.abs())?;
        Some(Self {
            alert: near.alert,
            title: near.title.trim().to_owned(),
            same: capitalised(&explanation::same(shared)),
            when: explanation::distance(near.after),
        })
    }
}

/// What is known of an alert's links now.
pub fn of_alert(conn: &mut AnyConnection, alert: &Alert) -> Result<LinkReport> {
    let detection = detection(&alert.source, &alert.title, &alert.subject);
    let mut keys = stored_keys::of_alert(conn, alert.id)?;
    stored_keys::name_sources(conn, &mut keys, &BTreeMap::from([(alert.id, detection.clone())]))?;
    let keys = keys.remove(&alert.id).unwrap_or_default();
    let assets = assets(conn, alert.id)?;
    let mut all = keys.clone();
    all.extend(assets.iter().filter(|asset| !keys.iter().any(|key| key.id == asset.id)).cloned());
    let as_placed = AlertToPlace {
        first: alert.first_activity,
        last: alert.last_activity,
        category: &alert.category,
        severity: alert.severity,
        detection: &detection,
        link_keys: &all,
        within: alert.linked_by.within,
    };
    let mut to_load = KeysToLoad::default();
    to_load.add(&as_placed);
    let index = CorrelationIndex::load(conn, &to_load)?;
    let is_gathered = |kind: LinkKind| keys.iter().any(|key| key.kind == kind);
    if is_gathered(LinkKind::Routine) {
        let hours = assets.iter().map(|asset| (index.other_hours(asset, &as_placed), asset));
        let most = hours.max_by_key(|(hours, asset)| (*hours, std::cmp::Reverse(asset.name.clone())));
        // Of one that is routine by its address, the assets have little to tell.
        let most = most.filter(|(hours, _)| *hours >= ROUTINE_HOURS);
        let notes = most.map(|(hours, asset)| explanation::routine_hours(hours, &asset.name)).into_iter().collect();
        return Ok(LinkReport { neighbours: Vec::new(), notes });
    }
    if is_gathered(LinkKind::Weakness) {
        return Ok(LinkReport::default());
    }
    let nearest = index.neighbours(&as_placed, (alert.incident_id, alert.id), &keys, NEIGHBOURS);
    Ok(LinkReport {
        neighbours: nearest.iter().filter_map(|shared| Neighbour::of(shared)).collect(),
        notes: keys.iter().filter_map(|key| shortened(&index, key, &as_placed)).collect(),
    })
}

/// "web-01 had 62 detections ..., so only alerts within 2 hours are linked", where the reach is shorter than that of
/// an asset with few.
fn shortened(index: &CorrelationIndex, key: &LinkKey, of: &AlertToPlace<'_>) -> Option<String> {
    let LinkKind::Entity(kind) = key.kind else { return None };
    // A house rule says how far it reaches, which the explanation tells.
    if of.within.is_some() {
        return None;
    }
    let (usual, reach) = index.usual_and_reach(key, of);
    match reach {
        Some(reach) if reach >= reach::longest(kind) => None,
        reach => Some(explanation::shortened(&key.name, usual, reach)),
    }
}

fn assets(conn: &mut AnyConnection, alert: i64) -> Result<Vec<LinkKey>> {
    let rows: Vec<(i64, String, String)> = evidence::table
        .inner_join(entities::table)
        .filter(evidence::alert_id.eq(alert))
        .filter(entities::links.eq(true))
        .filter(entities::kind.concat("").eq_any(["device", "user", "mailbox"]))
        .select((entities::id, entities::kind, entities::name))
        .load(conn)?;
    let key = |(id, kind, name): (i64, String, String)| LinkKey {
        id,
        kind: LinkKind::Entity(EvidenceKind::parse(&kind)),
        name,
    };
    Ok(rows.into_iter().map(key).collect())
}
