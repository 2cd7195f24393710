//! Ingest (R14): known alerts are updated, occurrences counted, new alerts placed, every touched
//! incident stored once. One call is one transaction, so that a kill loses a batch or nothing.

use crate::db::Tx;
use crate::error::Result;
use crate::ingest::batch::Batch;
use crate::ingest::result::IngestResult;
use crate::model::actor::Actor;
use crate::model::incoming::Incoming;
use crate::permissions::{Action, require};
use crate::rules::rule_set::RuleSet;

/// Takes a batch of records, in order.
pub fn ingest(tx: &mut Tx<'_>, actor: &Actor, records: &[Incoming]) -> Result<Vec<IngestResult>> {
    let rules = RuleSet::load(tx.conn)?;
    ingest_with_rules(tx, actor, records, rules)
}

/// The same under given house rules.
pub(crate) fn ingest_with_rules(
    tx: &mut Tx<'_>,
    actor: &Actor,
    records: &[Incoming],
    rules: RuleSet,
) -> Result<Vec<IngestResult>> {
    require(actor, Action::Ingest)?;
    // Two batches at once take turns on this row; both may want the same new entity.
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
    // An incident that was merged within the batch is spoken of as the one it became.
    for one in &mut results {
        one.incident_id = one.incident_id.map(|id| batch.current_incident(id));
    }
    Ok(results)
}
