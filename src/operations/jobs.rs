//! Jobs: operations on more incidents than one transaction takes, stored with their items and worked
//! off in the background.

use serde::Serialize;

use crate::db::Tx;
use crate::error::Result;
use crate::history::operation_log;
use crate::model::actor::Actor;
use crate::model::operation::{Kind, State};
use crate::operations::items;

/// From here on it is worked off in the background, some at a time.
pub const AT_ONCE: usize = 200;

/// Stores a job with its items. [`job_worker`](super::job_worker) sets it going once this transaction has committed.
pub fn start(tx: &mut Tx<'_>, actor: &Actor, kind: Kind, detail: &impl Serialize, incidents: &[i64]) -> Result<i64> {
    let total = i64::try_from(incidents.len()).unwrap_or(i64::MAX);
    let id = operation_log::insert(tx, actor, kind, detail, State::Running, total)?;
    items::insert(tx, id, incidents)?;
    Ok(id)
}
