//! Which incidents' histories are shown in another's, because they were merged into it.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::incident::Status;
use crate::schema::{history, incidents};

/// The incident and every incident that was merged into it, over however many merges, and is still
/// (R11). One whose alerts a person moved here has a history of its own.
pub fn with_merged(conn: &mut AnyConnection, incident: i64) -> Result<Vec<i64>> {
    let mut shown = BTreeSet::from([incident]);
    let mut newest = vec![incident];
    while !newest.is_empty() {
        let redirected: Vec<i64> = incidents::table
            .filter(incidents::redirect_to.eq_any(&newest))
            .filter(incidents::status.eq(Status::Redirected.as_str()))
            .select(incidents::id)
            .load(conn)?;
        newest = merged_among(conn, &redirected)?.into_iter().filter(|id| shown.insert(*id)).collect();
    }
    Ok(shown.into_iter().collect())
}

/// Those of some redirected incidents that are so by a merge: it is the last that happened to them.
fn merged_among(conn: &mut AnyConnection, redirected: &[i64]) -> Result<HashSet<i64>> {
    let mut merged = HashSet::new();
    if redirected.is_empty() {
        return Ok(merged);
    }
    let turns: Vec<(i64, String)> = history::table
        .filter(history::incident_id.eq_any(redirected))
        .filter(history::kind.eq_any(["mergedInto", "restored"]))
        .order(history::id)
        .select((history::incident_id, history::kind))
        .load(conn)?;
    for (incident, kind) in turns {
        if kind == "mergedInto" {
            merged.insert(incident)
        } else {
            merged.remove(&incident)
        };
    }
    Ok(merged)
}
