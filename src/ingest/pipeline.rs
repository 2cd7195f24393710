//! Ingest (R14): known alerts are updated, occurrences counted, new alerts placed, every changed
//! incident stored once. One call is one transaction: after a crash its records are stored or none is.

use std::time::Duration;

use crate::db::Tx;
use crate::error::Result;
use crate::ingest::batch::Batch;
use crate::ingest::result::IngestResult;
use crate::ingest::{regroup, resolve_by_source, rule_marks};
use crate::model::actor::Actor;
use crate::model::incoming::Incoming;
use crate::permissions::{Action, require};
use crate::rules::rule_set::RuleSet;

/// How long merges may take in a transaction that others wait for; the one that exceeds it is the last.
const MERGING: Duration = Duration::from_millis(100);

/// Ingests all of some records, in order, and regroups what they show to belong together otherwise.
pub fn ingest(tx: &mut Tx<'_>, actor: &Actor, records: &[Incoming]) -> Result<Vec<IngestResult>> {
    let rules = RuleSet::load(tx.conn)?;
    let results = ingest_all(tx, actor, records, rules)?;
    regroup::run(tx)?;
    Ok(results)
}

/// Ingests the first of some records, in order, at least one: until the merges that they cause have taken their
/// share of a transaction. Returns the results of those; the others are for the next transaction.
pub fn ingest_share(tx: &mut Tx<'_>, actor: &Actor, records: &[Incoming]) -> Result<Vec<IngestResult>> {
    let rules = RuleSet::load(tx.conn)?;
    ingest_until(tx, actor, records, rules, MERGING)
}

/// Ingests all of some records, in order, by these house rules. The caller regroups, with [`regroup::run`] or
/// [`regroup::run_in_steps`].
pub(crate) fn ingest_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    records: &[Incoming],
    rules: RuleSet,
) -> Result<Vec<IngestResult>> {
    ingest_until(tx, actor, records, rules, Duration::MAX)
}

/// Ingests until merges have taken this long.
fn ingest_until(
    tx: &mut Tx<'_>,
    actor: &Actor,
    records: &[Incoming],
    rules: RuleSet,
    merging: Duration,
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
        if batch.merging >= merging {
            break;
        }
    }
    batch.write()?;
    rule_marks::apply(batch.tx, batch.rules.take_marks())?;
    resolve_by_source::resolve(batch.tx, &batch.changed)?;
    // An incident may have been merged into another later in the batch.
    for one in &mut results {
        one.incident_id = one.incident_id.map(|id| batch.current_incident(id));
    }
    Ok(results)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::accounts::setup::CONSOLE;
    use crate::db::{DatabaseUrl, Db};
    use crate::ingest::alert_on_devices::alert_on_devices;
    use crate::live::Hub;

    fn on(id: &str, devices: &[&str]) -> Incoming {
        alert_on_devices(id, devices).record.unwrap()
    }

    #[test]
    fn what_follows_a_merge_that_took_its_time_is_left_for_the_next_transaction() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::throw_away(folder.path().join("share.db")), Hub::default()).unwrap();
        db.migrate().unwrap();
        let records = [on("a", &["a"]), on("b", &["b"]), on("both", &["a", "b"]), on("c", &["c"])];
        let within = |records: &[Incoming], merging| {
            db.write_now(|tx| ingest_until(tx, &CONSOLE, records, RuleSet::default(), merging)).unwrap()
        };
        let first = within(&records, Duration::from_nanos(1));
        assert_eq!(first.len(), 3, "the alert that merges is the last");
        let incident = first[2].incident_id;
        assert_eq!((first[0].incident_id, first[1].incident_id), (incident, incident));
        let rest = within(&records[3..], Duration::from_nanos(1));
        assert_eq!((rest.len(), rest[0].created), (1, 1));
        assert_ne!(rest[0].incident_id, incident);
    }
}
