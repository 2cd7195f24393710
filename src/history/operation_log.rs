//! Operations: whatever a person does at once and can undo as a whole, and merges by correlation. What an
//! operation changed is in the history entries that carry its number, with old and new values.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serialize;

use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::model::actor::Actor;
use crate::model::operation::{Kind, Operation, State};
use crate::schema::{history, operations, operations as table};

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Operation> {
    Ok(operations::table.find(id).select(Operation::as_select()).first(conn)?)
}

/// Begins an operation: the entries that this transaction makes from now on are part of it. Called
/// after the incidents are claimed, so that its counter is taken after them by everybody.
pub fn begin(tx: &mut Tx<'_>, actor: &Actor, kind: Kind, detail: &impl Serialize) -> Result<i64> {
    let id = insert(tx, actor, kind, detail, State::Done, 0)?;
    tx.operation = Some(id);
    Ok(id)
}

/// Stores an operation in a state, with a number of items.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Kind,
    detail: &impl Serialize,
    state: State,
    total: i64,
) -> Result<i64> {
    let id = tx.take_ids("operation", 1)?;
    diesel::insert_into(operations::table)
        .values((
            operations::id.eq(id),
            operations::kind.eq(kind.as_str()),
            operations::detail.eq(serde_json::to_string(detail)?),
            operations::at.eq(clock::now()),
            operations::actor_id.eq(actor.person().map(|person| person.id)),
            operations::actor_name.eq(actor.label()),
            operations::state.eq(state.as_str()),
            operations::total.eq(total),
        ))
        .execute(tx.conn)?;
    Ok(id)
}

/// Notes how many incidents it is about.
pub fn set_total(tx: &mut Tx<'_>, id: i64, total: usize) -> Result<()> {
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    diesel::update(operations::table.find(id)).set(operations::total.eq(total)).execute(tx.conn)?;
    Ok(())
}

/// Stores the details that its undo needs, once they are known.
pub fn set_detail(tx: &mut Tx<'_>, id: i64, detail: &impl Serialize) -> Result<()> {
    diesel::update(operations::table.find(id))
        .set(operations::detail.eq(serde_json::to_string(detail)?))
        .execute(tx.conn)?;
    Ok(())
}

/// The idempotency key of a form with its content: the same form filled in differently is another
/// operation. Empty where the form has no key.
pub fn form_key(form: &str, content: &impl std::fmt::Debug) -> String {
    if form.is_empty() { String::new() } else { format!("{form}:{}", sha256_hex(format!("{content:?}").as_bytes())) }
}

/// The operation of the same form, sent before, unless it was undone.
pub fn done_before(conn: &mut AnyConnection, actor: &Actor, form: &str) -> Result<Option<Operation>> {
    Ok(of_form(conn, actor, form)?.filter(|operation| operation.undone_at.is_none()))
}

/// The operation of the same form of the same person, sent before.
pub fn of_form(conn: &mut AnyConnection, actor: &Actor, form: &str) -> Result<Option<Operation>> {
    if form.is_empty() {
        return Ok(None);
    }
    Ok(operations::table
        .filter(operations::form.eq(form))
        .filter(operations::actor_id.eq(actor.person().map(|person| person.id)))
        .select(Operation::as_select())
        .first(conn)
        .optional()?)
}

/// Notes the form that began an operation. Of two sent at the same moment the later transaction is tried
/// again, and then finds the operation of the first.
pub fn note_form(tx: &mut Tx<'_>, id: i64, form: &str) -> Result<()> {
    if form.is_empty() {
        return Ok(());
    }
    // An operation that was undone may be done again.
    let undone = operations::table.filter(operations::form.eq(form)).filter(operations::undone_at.is_not_null());
    diesel::update(undone).set(operations::form.eq(None::<String>)).execute(tx.conn)?;
    diesel::update(operations::table.find(id)).set(operations::form.eq(Some(form))).execute(tx.conn)?;
    Ok(())
}

/// Operations by id.
pub fn shown(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, Operation>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(500) {
        let rows: Vec<Operation> = operations::table
            .filter(operations::id.eq_any(ids))
            .select((
                operations::id,
                operations::kind,
                // The detail of a job can be long, and pages do not show it.
                "".into_sql::<diesel::sql_types::Text>(),
                operations::at,
                operations::undone_at,
                operations::actor_id,
                operations::actor_name,
                operations::state,
                operations::undo_of,
                operations::undone_by,
                operations::total,
                operations::ended_at,
                operations::resumed_at,
            ))
            .load(conn)?;
        found.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}

/// The incidents that an operation changed, in ascending id.
pub fn incidents_of(conn: &mut AnyConnection, id: i64) -> Result<Vec<i64>> {
    Ok(history::table
        .filter(history::operation_id.eq(id))
        .select(history::incident_id)
        .distinct()
        .order(history::incident_id)
        .load(conn)?)
}

/// How many alerts an operation changed.
pub fn count_alerts(conn: &mut AnyConnection, id: i64) -> Result<i64> {
    let count = diesel::dsl::count(history::alert_id).aggregate_distinct();
    Ok(history::table.filter(history::operation_id.eq(id)).select(count).first(conn)?)
}

/// Lets an undo that left something be tried again: the button stays until everything is undone.
pub(crate) fn leave_open(tx: &mut Tx<'_>, undone: i64) -> Result<()> {
    diesel::update(table::table.find(undone)).set(table::undone_at.eq(None::<i64>)).execute(tx.conn)?;
    Ok(())
}
