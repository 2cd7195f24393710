//! Incidents become one (R11, R12): the survivor takes alerts, custom tags, assignee, classification and the
//! earliest follow-up date; the others are redirected to it. Their comments and history stay where they were
//! written and are shown in the survivor's.

use std::collections::BTreeMap;

use crate::correlation::merge_exclusions;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::Claimed;
use crate::history::commit::commit;
use crate::history::incident_changes::IncidentChanges;
use crate::history::{claim, operation_log};
use crate::incidents::joining::Joining;
use crate::incidents::merge_record::{Merge, MergeOptions, Merged};
use crate::model::actor::Actor;
use crate::model::operation::Kind;

/// Claims all and merges the others, each with the reason for it, into `kept`, which takes owner and classification
/// where it has none. `reason` is that of the whole. Returns the operation.
pub fn merge(tx: &mut Tx<'_>, actor: &Actor, kept: i64, gone: &[(i64, String)], reason: &str) -> Result<i64> {
    let ids = gone.iter().map(|(id, _)| *id).chain([kept]).collect();
    let mut claimed: BTreeMap<i64, Claimed> =
        claim::claim_all(tx, ids)?.into_iter().map(|one| (one.incident().id, one)).collect();
    let into = claimed.remove(&kept).ok_or(Error::NotFound)?;
    let others: Vec<(Claimed, String)> =
        gone.iter().filter_map(|(id, why)| Some((claimed.remove(id)?, why.clone()))).collect();
    let around = tx.operation;
    let kind = if others.len() == 1 { Kind::Merge } else { Kind::Merges };
    let operation = operation_log::begin(tx, actor, kind, &())?;
    let options = MergeOptions { operation, reason, comment: "", takes_over: true };
    let mut merged = Merged { kept, by_correlation: true, ..Merged::default() };
    merged.merges = join(tx, actor, &options, into, others)?;
    for merge in &merged.merges {
        merged.apart.extend(merge_exclusions::inherit_exclusions(tx, kept, merge.gone)?);
    }
    match merged.merges.as_slice() {
        [only] => operation_log::set_detail(tx, operation, only)?,
        _ => operation_log::set_detail(tx, operation, &merged)?,
    }
    tx.operation = around;
    Ok(operation)
}

/// Merges incidents into one, each with the reason for it, as one commit of an operation. Several are one entry of
/// the survivor (R20).
pub(crate) fn join(
    tx: &mut Tx<'_>,
    actor: &Actor,
    options: &MergeOptions<'_>,
    into: Claimed,
    others: Vec<(Claimed, String)>,
) -> Result<Vec<Merge>> {
    let mut joining = Joining::new(tx, *options, into.incident(), others.len() == 1)?;
    let mut commits = Vec::with_capacity(others.len() + 1);
    for (from, why) in others {
        joining.take_in(tx, from.incident(), &why)?;
        let changes = joining.leave(from.incident(), why);
        commits.push(IncidentChanges::new(from, changes));
    }
    let merges = joining.merges.clone();
    let into = IncidentChanges::new(into, joining.changes());
    commits.insert(0, into);
    commit(tx, actor, commits)?;
    Ok(merges)
}
