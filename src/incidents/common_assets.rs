//! What incidents that are to be merged have in common.

use std::collections::BTreeMap;

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::model::importance;
use crate::schema::{entities, incident_entities};

/// Most assets that are counted.
const ASSETS: i64 = 1_000;

/// How many devices, users and mailboxes each of these incidents has in common with at least one of the others.
pub fn counts(conn: &mut AnyConnection, ids: &[i64]) -> Result<BTreeMap<i64, i64>> {
    let shared: Vec<i64> = incident_entities::table
        .inner_join(entities::table)
        .filter(entities::links)
        .filter(incident_entities::incident_id.eq_any(ids))
        .filter(incident_entities::kind.eq_any(importance::ASSETS))
        .group_by(incident_entities::entity_id)
        .having(count_star().gt(1))
        .select(incident_entities::entity_id)
        .limit(ASSETS)
        .load(conn)?;
    let mut counts = BTreeMap::new();
    for shared in shared.chunks(LISTED) {
        let found: Vec<(i64, i64)> = incident_entities::table
            .filter(incident_entities::incident_id.eq_any(ids))
            .filter(incident_entities::entity_id.eq_any(shared))
            .group_by(incident_entities::incident_id)
            .select((incident_entities::incident_id, count_star()))
            .load(conn)?;
        for (incident, count) in found {
            *counts.entry(incident).or_insert(0) += count;
        }
    }
    Ok(counts)
}
