//! Resolving incidents whose sources have resolved all their alerts, as far as the switches of these sources say
//! so and no person has touched the incident (R19).

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::alerts::lookup::alert_states;
use crate::db::Tx;
use crate::error::Result;
use crate::history::claim::claim;
use crate::history::commit::commit_one;
use crate::history::{decided_by, operation_log};
use crate::incidents::status;
use crate::ingest::resolving_sources::{default_of, switches};
use crate::model::actor::Actor;
use crate::model::incident::Status;
use crate::model::operation::Kind;
use crate::schema::{alerts, incidents};

/// Who resolves them, as the history names it.
const ACTOR: Actor = Actor::System("Status by the source");
/// The resolving note: the reason.
const NOTE: &str = "All alerts were resolved at the source.";
/// Incidents a statement.
const LISTED: usize = 500;

/// Resolves those of some incidents to which it applies.
pub(super) fn resolve(tx: &mut Tx<'_>, changed: &BTreeSet<i64>) -> Result<()> {
    let changed: Vec<i64> = changed.iter().copied().collect();
    let mut settled: Vec<i64> = Vec::new();
    for ids in changed.chunks(LISTED) {
        let found: Vec<i64> = incidents::table
            .filter(incidents::id.eq_any(ids))
            .filter(incidents::all_alerts_resolved.eq(true))
            .filter(incidents::assigned_to.is_null())
            .select(incidents::id)
            .order(incidents::id)
            .load(tx.conn)?;
        settled.extend(found);
    }
    if settled.is_empty() {
        return Ok(());
    }
    let switches = switches(tx.conn)?;
    for incident in settled {
        let sources: Vec<String> =
            alerts::table.filter(alerts::incident_id.eq(incident)).select(alerts::source).distinct().load(tx.conn)?;
        let all_resolve =
            sources.iter().all(|source| switches.get(source).copied().unwrap_or_else(|| default_of(source)));
        if all_resolve && !decided_by::touched_by_person(tx.conn, incident)? {
            resolve_one(tx, incident)?;
        }
    }
    Ok(())
}

fn resolve_one(tx: &mut Tx<'_>, incident: i64) -> Result<()> {
    let claimed = claim(tx, incident)?;
    let states = alert_states(tx.conn, incident)?;
    let changes = status::set(claimed.incident(), &states, Status::Resolved, Some(NOTE));
    operation_log::begin(tx, &ACTOR, Kind::ResolveBySource, &())?;
    commit_one(tx, claimed, &ACTOR, changes)?;
    tx.operation = None;
    Ok(())
}
