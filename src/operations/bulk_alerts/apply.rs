//! Carrying out an edit of many alerts: some at once, all or none; many as a job.

use std::collections::BTreeMap;

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::commit::commit;
use crate::history::operation_log;
use crate::model::actor::Actor;
use crate::model::operation::{Kind, Operation};
use crate::operations::bulk_alerts::decide::{Decided, Outcomes, decide_all};
use crate::operations::bulk_alerts::edit::{AlertsEdit, Detail};
use crate::operations::bulk_alerts::selected;
use crate::operations::done::Done;
use crate::operations::items::ItemOutcome;
use crate::operations::{items, jobs};
use crate::permissions::{Action, require};

/// Most alerts that one edit takes.
pub const LIMIT: usize = 100_000;

/// Edits alerts: some at once, all or none; many as a job, which the caller runs.
pub fn edit_alerts(tx: &mut Tx<'_>, actor: &Actor, ids: &[i64], edit: &AlertsEdit) -> Result<Done<Outcomes>> {
    require(actor, Action::Work)?;
    let form = operation_log::form_key(&edit.form, &(edit, ids));
    if let Some(before) = operation_log::done_before(tx.conn, actor, &form)? {
        return Ok(Done::Before { operation: before.id });
    }
    let plan = edit.plan(tx.conn)?;
    if plan.is_nothing() {
        return Ok(Done::Nothing(Outcomes::default()));
    }
    check_number(ids)?;
    let alerts = selected::by_incident(tx.conn, ids)?;
    if jobs::is_needed_for(alerts.len(), ids.len()) {
        let operation = start_with(tx, actor, edit, alerts)?;
        operation_log::note_form(tx, operation, &form)?;
        return Ok(Done::Started { operation });
    }
    let Decided { changing, items, outcomes, before } = decide_all(tx, actor, (&plan, edit.seen), &alerts)?;
    if changing.is_empty() {
        return Ok(Done::Nothing(outcomes));
    }
    let detail = Detail { edit: edit.clone(), decided: before, ..Detail::default() };
    let operation = operation_log::begin(tx, actor, Kind::AlertsEdit, &detail)?;
    operation_log::note_form(tx, operation, &form)?;
    operation_log::set_total(tx, operation, items.len())?;
    commit(tx, actor, changing)?;
    items::insert_all(tx, operation, &items)?;
    Ok(Done::Now { operation, outcomes })
}

/// Whether an edit takes so many alerts.
pub(super) fn check_number(ids: &[i64]) -> Result<()> {
    if ids.len() > LIMIT {
        return Err(Error::at_field("alerts", "You can manage at most 100,000 alerts at once. Narrow the filter."));
    }
    Ok(())
}

/// Stores a job that edits alerts, however few.
pub fn start(tx: &mut Tx<'_>, actor: &Actor, ids: &[i64], edit: &AlertsEdit) -> Result<i64> {
    let alerts = selected::by_incident(tx.conn, ids)?;
    start_with(tx, actor, edit, alerts)
}

fn start_with(tx: &mut Tx<'_>, actor: &Actor, edit: &AlertsEdit, alerts: BTreeMap<i64, Vec<i64>>) -> Result<i64> {
    let incidents: Vec<i64> = alerts.keys().copied().collect();
    let detail = Detail { edit: edit.clone(), alerts, ..Detail::default() };
    jobs::start(tx, actor, Kind::AlertsEdit, &detail, &incidents)
}

/// Edits the alerts of the next incidents of a job.
pub fn work(tx: &mut Tx<'_>, actor: &Actor, job: &Operation, ids: &[i64]) -> Result<Vec<ItemOutcome>> {
    let mut detail: Detail = serde_json::from_str(&job.detail)?;
    let plan = detail.edit.plan(tx.conn)?;
    let alerts: BTreeMap<i64, Vec<i64>> =
        ids.iter().filter_map(|id| Some((*id, detail.alerts.get(id)?.clone()))).collect();
    let Decided { changing, items, before, .. } = decide_all(tx, actor, (&plan, detail.edit.seen), &alerts)?;
    commit(tx, actor, changing)?;
    if !before.is_empty() {
        detail.decided.add(before);
        operation_log::set_detail(tx, job.id, &detail)?;
    }
    Ok(items)
}
