//! Jobs: operations on more incidents than one transaction takes, stored with their items and run in the
//! background.

use diesel::prelude::*;
use serde::Serialize;

use crate::db::{AnyConnection, Tx};
use crate::error::{Error, Result};
use crate::history::operation_log;
use crate::model::actor::Actor;
use crate::model::operation::{Kind, State};
use crate::operations::items;
use crate::schema::incidents as table;

/// Most incidents that one transaction changes; more are a job.
pub const AT_ONCE: usize = 200;

/// Most alerts that these may have together; with more they are a job.
const ALERTS_AT_ONCE: i64 = 500;

/// Most alerts that an edit of one incident changes, which is one transaction however many there are.
pub const ALERTS_OF_ONE: usize = 10_000;

/// Most jobs of one person that have not ended: each leaves work that is done even after a restart.
const UNFINISHED: i64 = 20;

/// Whether an act on incidents is a job.
pub fn is_needed(conn: &mut AnyConnection, incidents: &[i64]) -> Result<bool> {
    if incidents.len() > AT_ONCE {
        return Ok(true);
    }
    let counts: Vec<i64> = table::table.filter(table::id.eq_any(incidents)).select(table::alert_count).load(conn)?;
    Ok(incidents.len() > 1 && counts.iter().sum::<i64>() > ALERTS_AT_ONCE)
}

/// Whether an act on some alerts of incidents is a job. Those of one incident are one transaction in any case.
pub fn is_needed_for(incidents: usize, alerts: usize) -> bool {
    incidents > AT_ONCE || (incidents > 1 && i64::try_from(alerts).unwrap_or(i64::MAX) > ALERTS_AT_ONCE)
}

/// Stores a job with its items. [`job_runner`](super::job_runner) starts it once this transaction has committed.
pub fn start(tx: &mut Tx<'_>, actor: &Actor, kind: Kind, detail: &impl Serialize, incidents: &[i64]) -> Result<i64> {
    if items::count_unfinished(tx.conn, actor)? >= UNFINISHED {
        let field = match kind {
            Kind::Undo => "operation",
            Kind::AlertsEdit => "alerts",
            _ => "ids",
        };
        return Err(Error::at_field(
            field,
            format!("{UNFINISHED} of your bulk changes are still running. Try again when one has finished."),
        ));
    }
    let total = i64::try_from(incidents.len()).unwrap_or(i64::MAX);
    let id = operation_log::insert(tx, actor, kind, detail, State::Running, total)?;
    items::insert(tx, id, incidents)?;
    Ok(id)
}
