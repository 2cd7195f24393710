//! `watchdesk verify`: reads every entry once, in the order of ids, and names what was changed, removed, added, moved or
//! reordered since it was written.

mod checkpoints;
mod gaps;
mod incidents;
mod one_chain;
pub mod problem;
mod suspects;

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::audit::AuditEntry;
use crate::db::{AnyConnection, Db};
use crate::entities::chain::{self, ChainedEntityEntry};
use crate::error::Result;
use crate::history::chain::ChainedEntry;
use crate::proof::checkpoint::Checkpoint;
use crate::proof::verify::checkpoints::Comparison;
use crate::proof::verify::incidents::{Incidents, Summary};
use crate::proof::verify::one_chain::OneChain;
use crate::proof::verify::problem::{Problem, Problems, Record, Wrong};
use crate::schema::{audit_log, counters, entity_entries, entity_redirects, history};

/// Rows read at once.
const PAGE: i64 = 5_000;

/// What is compared with.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Checkpoints that were written elsewhere.
    pub checkpoints: Vec<Checkpoint>,
    /// Keys that checkpoints are signed with; without one, each is believed to name its own.
    pub public_keys: Vec<String>,
}

/// What was read, and what is wrong.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub incidents: Summary,
    pub entity_entries: i64,
    pub audit_entries: i64,
    pub checkpoints: usize,
    pub problems: Problems,
}

/// Verifies everything from one snapshot. Progress is told as entries read, of how many.
pub fn run(db: &Db, asked: &Asked, progress: &mut dyn FnMut(i64, i64)) -> Result<Report> {
    db.read_now(|conn| {
        let mut problems = Problems::default();
        let last = last_given(conn, "checkpoint")?;
        let known = checkpoints::check(conn, &asked.checkpoints, (&asked.public_keys, last), &mut problems)?;
        let incidents = verify_incidents(conn, &known, &mut problems, progress)?;
        let entity_entries = verify_entities(conn, &known, &mut problems)?;
        let audit_entries = verify_audit(conn, &known, &mut problems)?;
        Ok(Report { incidents, entity_entries, audit_entries, checkpoints: known.len(), problems })
    })
}

fn verify_incidents(
    conn: &mut AnyConnection,
    known: &BTreeMap<i64, Checkpoint>,
    problems: &mut Problems,
    progress: &mut dyn FnMut(i64, i64),
) -> Result<Summary> {
    let (mut incidents, mut comparison) = (Incidents::new(conn)?, Comparison::new(known));
    let (total, mut after) = (last_given(conn, "entry")?, 0);
    loop {
        let rows: Vec<ChainedEntry> = history::table
            .filter(history::id.gt(after))
            .order(history::id)
            .limit(PAGE)
            .select(ChainedEntry::as_select())
            .load(conn)?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in rows {
            comparison.note(row.id, &row.hash, problems);
            incidents.check(row, problems);
        }
        progress(incidents.read.entries, total);
    }
    comparison.finish(problems);
    incidents.finish(conn, problems)
}

fn verify_entities(
    conn: &mut AnyConnection,
    known: &BTreeMap<i64, Checkpoint>,
    problems: &mut Problems,
) -> Result<i64> {
    let expected = known.values().map(|one| (one.last_entity_entry, one.clone(), one.entity_entries_hash.clone()));
    let mut checked = OneChain::new(Record::Entities, expected);
    let redirects: Vec<(i64, i64)> =
        entity_redirects::table.select((entity_redirects::entity_id, entity_redirects::to_entity)).load(conn)?;
    let redirects: HashMap<i64, i64> = redirects.into_iter().collect();
    let is_behind = chain::is_behind(conn)?;
    let mut after = 0;
    loop {
        let rows: Vec<ChainedEntityEntry> = entity_entries::table
            .filter(entity_entries::id.gt(after))
            .order(entity_entries::id)
            .limit(PAGE)
            .select(ChainedEntityEntry::as_select())
            .load(conn)?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in rows.iter().filter(|row| !(is_behind && row.hash.is_empty())) {
            checked.check(row.id, &row.hash, |before| row.hash_after(before), problems);
            let moved = row.written_entity.is_some_and(|written| redirects.get(&written) != Some(&row.entity_id));
            if moved {
                let what = "it was changed: it names another entity than the one it was written for.";
                problems.add(Problem::of_row(Wrong::Changed, Record::Entities, row.id, what));
            }
        }
    }
    let last = if is_behind { checked.last() } else { last_given(conn, "entity_entry")? };
    Ok(checked.finish(last, problems))
}

fn verify_audit(conn: &mut AnyConnection, known: &BTreeMap<i64, Checkpoint>, problems: &mut Problems) -> Result<i64> {
    let expected = known.values().map(|one| (one.last_audit_entry, one.clone(), one.audit_hash.clone()));
    let mut chain = OneChain::new(Record::Audit, expected);
    let mut after = 0;
    loop {
        let rows: Vec<AuditEntry> = audit_log::table
            .filter(audit_log::id.gt(after))
            .order(audit_log::id)
            .limit(PAGE)
            .select(AuditEntry::as_select())
            .load(conn)?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in rows {
            chain.check(row.id, &row.hash, |before| row.hash_after(before), problems);
        }
    }
    Ok(chain.finish(last_given(conn, "audit")?, problems))
}

/// The last number of a counter.
fn last_given(conn: &mut AnyConnection, name: &str) -> Result<i64> {
    Ok(counters::table.find(name).select(counters::value).first(conn)?)
}
