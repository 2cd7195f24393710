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
use crate::error::{Error, Result};

/// How long a transaction regroups while others wait; the incident that exceeds it is the last.
const STEP: Duration = Duration::from_millis(50);

/// How long a body waits at most until alerts are regrouped; what is left waits for the next body.
const LONGEST: Duration = Duration::from_secs(10);

/// How often an incident is looked at in one run. Two looks are enough; the limit lets the queue end even if
/// two incidents kept queueing each other by mistake.
const LOOKS: usize = 10;

/// A run over the queue.
#[derive(Debug, Default)]
struct Run {
    looks: HashMap<i64, usize>,
    /// The incident that is looked at.
    at: Option<i64>,
}

/// Regroups all incidents that wait.
pub fn run(tx: &mut Tx<'_>) -> Result<()> {
    Run::default().step(tx, Duration::MAX).map(drop)
}

/// Regroups the incidents that wait, in transactions that are soon done. Returns whether there were any.
pub fn run_in_steps(db: &Db) -> Result<bool> {
    if !db.read_now(queue::waits)? {
        return Ok(false);
    }
    let (begun, mut run) = (Instant::now(), Run::default());
    while begun.elapsed() < LONGEST {
        let left = match (db.write_in_turn(|tx| run.step(tx, STEP)), run.at) {
            // One that cannot be regrouped must not keep the others waiting: its alerts stay where they are.
            (Err(Error::Internal(why)), Some(incident)) => {
                tracing::error!("incident {incident} cannot be regrouped: {why}");
                db.write_in_turn(|tx| queue::remove(tx, incident))?;
                true
            }
            (left, _) => left?,
        };
        if !left {
            break;
        }
    }
    Ok(true)
}

impl Run {
    /// Regroups for some time; returns whether incidents are left.
    fn step(&mut self, tx: &mut Tx<'_>, time: Duration) -> Result<bool> {
        let begun = Instant::now();
        // Takes turns with the batches of ingest.
        tx.take_ids("alert", 0)?;
        while let Some(incident) = queue::take(tx)? {
            self.at = Some(incident);
            let looks = self.looks.entry(incident).or_default();
            *looks += 1;
            if *looks <= LOOKS {
                settle::settle(tx, incident)?;
            }
            self.at = None;
            if begun.elapsed() >= time {
                return queue::waits(tx.conn);
            }
        }
        Ok(false)
    }
}
