//! Acts that can be undone as a whole: what they did is kept until somebody takes it back.

use diesel::prelude::*;
use serde::Serialize;

use crate::accounts::Actor;
use crate::clock;
use crate::db::Tx;
use crate::each;
use crate::error::{Error, Result};
use crate::incidents::merging::{self, Merge};
use crate::permissions::{Action, require};
use crate::schema::{incidents_apart, operations};

/// Keeps what an operation did.
pub fn record(tx: &mut Tx<'_>, id: i64, kind: &str, detail: &impl Serialize) -> Result<()> {
    diesel::insert_into(operations::table)
        .values((
            operations::id.eq(id),
            operations::kind.eq(kind),
            operations::detail.eq(serde_json::to_string(detail)?),
            operations::at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Undoes an operation once. Returns the incident to show afterwards.
pub fn undo(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<i64> {
    require(actor, Action::Work)?;
    let first = diesel::update(operations::table.find(id).filter(operations::undone_at.is_null()))
        .set(operations::undone_at.eq(clock::now()))
        .execute(tx.conn)?;
    let (kind, detail): (String, String) =
        operations::table.find(id).select((operations::kind, operations::detail)).first(tx.conn)?;
    if first == 0 {
        return Err(Error::at_field("operation", "This was undone already."));
    }
    match kind.as_str() {
        "merge" => {
            let merge: Merge = serde_json::from_str(&detail)?;
            merging::unmerge(tx, actor, &merge)?;
            Ok(merge.gone)
        }
        _ => Err(Error::at_field("operation", "This cannot be undone.")),
    }
}

/// Notes that a person took two incidents apart: correlation leaves them so.
pub fn keep_apart(tx: &mut Tx<'_>, one: i64, other: i64) -> Result<()> {
    let row = (
        incidents_apart::one.eq(one.min(other)),
        incidents_apart::other.eq(one.max(other)),
        incidents_apart::at.eq(clock::now()),
    );
    each!(tx.conn, inner => diesel::insert_into(incidents_apart::table).values(row).on_conflict_do_nothing().execute(inner))?;
    Ok(())
}
