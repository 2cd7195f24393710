//! What the summary of an incident tells beside its own values: its evidence by verdict, and other incidents with its
//! assets.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::incidents::similar::{self, Similar};
use crate::model::importance;
use crate::model::incident::Incident;
use crate::model::verdict;
use crate::schema::{alerts, entities, evidence, incident_entities, incidents};

/// Similar incidents, and open ones with the same assets, that the summary shows.
const SHOWN: usize = 4;
/// Assets whose other incidents are looked up: those with the most alerts.
const ASSETS: i64 = 20;
/// Open incidents of each asset that are looked at, the newest.
const OF_ASSET: i64 = 50;

/// What the summary tells beside the incident's own values.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// How many entities have each verdict as the worst that is said of them, the worst first; empty for unknown.
    pub verdicts: Vec<(String, usize)>,
    /// Resolved incidents with the most in common.
    pub similar: Vec<Similar>,
    /// Other open incidents, with the number of assets that they share.
    pub open: Vec<(Incident, i64)>,
}

pub fn load(conn: &mut AnyConnection, incident: i64) -> Result<Summary> {
    let mut similar = similar::load(conn, incident)?;
    similar.truncate(SHOWN);
    Ok(Summary { verdicts: verdicts(conn, incident)?, similar, open: open_with_its_assets(conn, incident)? })
}

fn verdicts(conn: &mut AnyConnection, incident: i64) -> Result<Vec<(String, usize)>> {
    let said: Vec<(i64, String)> = evidence::table
        .inner_join(alerts::table)
        .filter(alerts::incident_id.eq(incident))
        .group_by((evidence::entity_id, evidence::verdict))
        .select((evidence::entity_id, evidence::verdict))
        .load(conn)?;
    let mut worst: HashMap<i64, String> = HashMap::new();
    for (entity, verdict) in said {
        let known = worst.entry(entity).or_insert_with(|| verdict.clone());
        if verdict::rank(&verdict) < verdict::rank(known) {
            *known = verdict;
        }
    }
    let mut counts: BTreeMap<(u8, String), usize> = BTreeMap::new();
    for verdict in worst.into_values() {
        // "Unknown" and no verdict are the same.
        let rank = verdict::rank(&verdict);
        let verdict = if verdict::label(&verdict).is_empty() { String::new() } else { verdict };
        *counts.entry((rank, verdict)).or_default() += 1;
    }
    Ok(counts.into_iter().map(|((_, verdict), count)| (verdict, count)).collect())
}

fn open_with_its_assets(conn: &mut AnyConnection, incident: i64) -> Result<Vec<(Incident, i64)>> {
    let assets: Vec<i64> = incident_entities::table
        .inner_join(entities::table)
        .filter(incident_entities::incident_id.eq(incident))
        .filter(incident_entities::kind.eq_any(importance::ASSETS))
        .filter(entities::links)
        .order((incident_entities::alert_count.desc(), entities::id))
        .limit(ASSETS)
        .select(entities::id)
        .load(conn)?;
    let mut shared: BTreeMap<i64, i64> = BTreeMap::new();
    for asset in assets {
        let found: Vec<i64> = incident_entities::table
            .filter(incident_entities::entity_id.eq(asset).and(incident_entities::is_open.eq(true)))
            .order(incident_entities::incident_id.desc())
            .limit(OF_ASSET)
            .select(incident_entities::incident_id)
            .load(conn)?;
        for other in found.into_iter().filter(|other| *other != incident) {
            *shared.entry(other).or_default() += 1;
        }
    }
    let mut best: Vec<(i64, i64)> = shared.into_iter().collect();
    best.sort_by_key(|(id, count)| (-count, -id));
    best.truncate(SHOWN);
    let ids: Vec<i64> = best.iter().map(|(id, _)| *id).collect();
    let found: Vec<Incident> =
        incidents::table.filter(incidents::id.eq_any(&ids)).select(Incident::as_select()).load(conn)?;
    let mut by_id: HashMap<i64, Incident> = found.into_iter().map(|one| (one.id, one)).collect();
    Ok(best.into_iter().filter_map(|(id, count)| Some((by_id.remove(&id)?, count))).collect())
}
