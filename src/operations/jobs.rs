//! Jobs: operations on more incidents than one transaction takes, stored with their items and run in the
//! background.

use serde::Serialize;

use crate::db::Tx;
use crate::error::Result;
use crate::history::operation_log;
use crate::model::actor::Actor;
use crate::model::operation::{Kind, State};
use crate::operations::items;

/// Most incidents that one transaction changes; more are a job.
pub const AT_ONCE: usize = 200;

/// Stores a job with its items. [`job_worker`](super::job_worker) starts it once this transaction has committed.
pub fn start(tx: &mut Tx<'_>, actor: &Actor, kind: Kind, detail: &impl Serialize, incidents: &[i64]) -> Result<i64> {
    let total = i64::try_from(incidents.len()).unwrap_or(i64::MAX);
    let id = operation_log::insert(tx, actor, kind, detail, State::Running, total)?;
    items::insert(tx, id, incidents)?;
    Ok(id)
}
