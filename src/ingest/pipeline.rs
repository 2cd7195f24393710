//! Ingest (R14): known alerts are updated, occurrences counted, new alerts placed, every changed
//! incident stored once. One call is one transaction: after a crash a batch is stored whole or not at all.

use crate::db::Tx;
use crate::error::Result;
use crate::ingest::batch::Batch;
use crate::ingest::resolve_by_source;
use crate::ingest::result::IngestResult;
use crate::model::actor::Actor;
use crate::model::incoming::Incoming;
use crate::permissions::{Action, require};
use crate::rules::rule_set::RuleSet;

/// Ingests a batch of records, in order.
pub fn ingest(tx: &mut Tx<'_>, actor: &Actor, records: &[Incoming]) -> Result<Vec<IngestResult>> {
    let rules = RuleSet::load(tx.conn)?;
    ingest_with_rules(tx, actor, records, rules)
}

/// Ingests a batch with the given house rules instead of the stored ones.
pub(crate) fn ingest_with_rules(
    tx: &mut Tx<'_>,
    actor: &Actor,
    records: &[Incoming],
    rules: RuleSet,
) -> Result<Vec<IngestResult>> {
    require(actor, Action::Ingest)?;
    // Concurrent batches take turns on this row, because both may create the same entity.
    tx.take_ids("alert", 0)?;
    let mut batch = Batch::load(tx, actor, records, rules)?;
    let mut results = Vec::with_capacity(records.len());
    for record in records {
        results.push(match record {
            Incoming::Alert(alert, payload) => batch.ingest_alert(alert, payload, None)?,
            Incoming::Incident(incident, alerts, _) => batch.ingest_incident(incident, alerts)?,
        });
    }
    batch.write()?;
    resolve_by_source::resolve(batch.tx, &batch.changed)?;
    // An incident may have been merged into another later in the batch.
    for one in &mut results {
        one.incident_id = one.incident_id.map(|id| batch.current_incident(id));
    }
    Ok(results)
}
