//! Bringing back what a rule hid: each alert is ingested as if it came now and the rule did not exist. It leaves the
//! rule in the same transaction, so that doing it twice does nothing more.

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::ingest::pipeline::ingest_all;
use crate::ingest::tally::Tally;
use crate::ingest::{regroup, sources};
use crate::model::actor::Actor;
use crate::model::incoming::Incoming;
use crate::permissions::{Action, require};
use crate::rules::hidden::list;
use crate::rules::rule_set::RuleSet;
use crate::rules::store;

/// Alerts in one transaction.
const BATCH: usize = 100;

/// What became of alerts that were brought back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BroughtBack {
    /// Alerts that were stored, or were stored already.
    pub ingested: usize,
    /// Alerts that another rule hides.
    pub hidden: usize,
}

/// Brings back alerts of a rule, one transaction a batch, on the calling thread. Those that are not kept any more are
/// left out.
pub fn bring_back(db: &Db, actor: &Actor, rule: i64, ids: &[i64]) -> Result<BroughtBack> {
    require(actor, Action::ApproveRule)?;
    let mut sum = BroughtBack::default();
    for batch in ids.chunks(BATCH) {
        let one = db.write_in_turn(|tx| bring_back_batch(tx, actor, rule, batch))?;
        sum.ingested += one.ingested;
        sum.hidden += one.hidden;
    }
    regroup::run_in_steps(db)?;
    Ok(sum)
}

fn bring_back_batch(tx: &mut Tx<'_>, actor: &Actor, rule: i64, ids: &[i64]) -> Result<BroughtBack> {
    let taken = list::take(tx, rule, ids)?;
    if taken.is_empty() {
        return Ok(BroughtBack::default());
    }
    let records: Vec<Incoming> =
        taken.into_iter().map(|(alert, payload)| Incoming::Alert(Box::new(alert), payload)).collect();
    let others = store::in_force(tx.conn)?.into_iter().filter(|other| other.id != rule).collect();
    let results = ingest_all(tx, actor, &records, RuleSet::from_rules(others))?;
    sources::record(tx, &Tally::of(&records, &results), None)?;
    let mut sum = BroughtBack::default();
    for result in &results {
        sum.ingested += result.created + result.updated;
        sum.hidden += result.ignored;
    }
    Ok(sum)
}
