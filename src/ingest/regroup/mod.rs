//! Grouping stored alerts otherwise, when later or late ones show how they belong together: a detection turns out to
//! be routine, an asset to be busier than it was known to be, a pause to be filled. So the grouping depends on the
//! alerts' times, not on their order (R21).
//!
//! Only incidents that are open and that no person has touched are regrouped. What moves is told in the history of
//! both incidents and can be undone.
//!
//! Reading order: `queue` (which incidents wait), `stored` (what is known of one), `plan` (what is to change),
//! `settle` (changing it).

mod plan;
pub mod queue;
mod settle;
mod stored;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::db::{Db, Tx};
use crate::error::Result;

/// How long a transaction regroups while others wait; the incident that exceeds it is the last.
const STEP: Duration = Duration::from_millis(50);

/// How often an incident is looked at in one transaction. Two looks are enough; the limit lets the queue end even if
/// two incidents kept queueing each other by mistake.
const LOOKS: usize = 10;

/// Regroups all incidents that wait.
pub fn run(tx: &mut Tx<'_>) -> Result<()> {
    step(tx, Duration::MAX).map(drop)
}

/// Regroups all incidents that wait, in transactions that are soon done. Returns whether there were any.
pub fn run_in_steps(db: &Db) -> Result<bool> {
    if !db.read_now(queue::waits)? {
        return Ok(false);
    }
    while db.write_in_turn(|tx| step(tx, STEP))? {}
    Ok(true)
}

/// Regroups for some time; returns whether incidents are left.
fn step(tx: &mut Tx<'_>, time: Duration) -> Result<bool> {
    let begun = Instant::now();
    // Takes turns with the batches of ingest.
    tx.take_ids("alert", 0)?;
    let mut looks: HashMap<i64, usize> = HashMap::new();
    while let Some(incident) = queue::take(tx)? {
        let looks = looks.entry(incident).or_default();
        *looks += 1;
        if *looks <= LOOKS {
            settle::settle(tx, incident)?;
        }
        if begun.elapsed() >= time {
            return queue::waits(tx.conn);
        }
    }
    Ok(false)
}
