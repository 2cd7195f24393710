//! Acts that can be undone as a whole: what they did is kept until somebody takes it back.

use std::collections::HashSet;

use diesel::prelude::*;
use serde::Serialize;

use crate::accounts::Actor;
use crate::clock;
use crate::db::{AnyConnection, Tx};
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

/// What an undone merge gave back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// The incident that lives again.
    pub incident: i64,
    /// Alerts that went back to it.
    pub alerts: usize,
}

/// Those of some operations that nobody has undone yet.
pub fn standing(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashSet<i64>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<i64> = operations::table
        .filter(operations::id.eq_any(ids))
        .filter(operations::undone_at.is_null())
        .select(operations::id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Undoes an operation, once. Refused in words when it was undone already, or when what came after
/// stands in the way.
pub fn undo(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Undone> {
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
            let alerts = merging::unmerge(tx, actor, &merge)?;
            Ok(Undone { incident: merge.gone, alerts })
        }
        _ => Err(Error::at_field("operation", "This cannot be undone.")),
    }
}

/// Whether a person took two incidents apart.
pub fn are_apart(conn: &mut AnyConnection, one: i64, other: i64) -> Result<bool> {
    let pair = incidents_apart::table.find((one.min(other), one.max(other)));
    Ok(pair.count().get_result::<i64>(conn)? > 0)
}

/// Whoever is apart from an incident is apart from the one it was merged into.
pub fn inherit_apart(tx: &mut Tx<'_>, kept: i64, gone: i64) -> Result<()> {
    let pairs: Vec<(i64, i64)> = incidents_apart::table
        .filter(incidents_apart::one.eq(gone).or(incidents_apart::other.eq(gone)))
        .select((incidents_apart::one, incidents_apart::other))
        .load(tx.conn)?;
    for (one, other) in pairs {
        let third = if one == gone { other } else { one };
        if third != kept {
            keep_apart(tx, kept, third)?;
        }
    }
    Ok(())
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
