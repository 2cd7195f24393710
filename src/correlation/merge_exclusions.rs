//! Incidents that a person took apart: correlation leaves them so.

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::schema::incidents_apart;
use crate::{clock, each};

/// Whether a person took two incidents apart.
pub fn is_excluded(conn: &mut AnyConnection, one: i64, other: i64) -> Result<bool> {
    let pair = incidents_apart::table.find((one.min(other), one.max(other)));
    Ok(pair.count().get_result::<i64>(conn)? > 0)
}

/// Whoever is apart from an incident is apart from the one it was merged into. Returns the pairs
/// that were not apart before.
pub fn inherit_exclusions(tx: &mut Tx<'_>, kept: i64, gone: i64) -> Result<Vec<(i64, i64)>> {
    let pairs: Vec<(i64, i64)> = incidents_apart::table
        .filter(incidents_apart::one.eq(gone).or(incidents_apart::other.eq(gone)))
        .select((incidents_apart::one, incidents_apart::other))
        .load(tx.conn)?;
    let mut fresh = Vec::new();
    for (one, other) in pairs {
        let third = if one == gone { other } else { one };
        if third != kept && exclude(tx, kept, third)? {
            fresh.push((kept, third));
        }
    }
    Ok(fresh)
}

/// Notes that a person took two incidents apart. Returns whether that is new.
pub fn exclude(tx: &mut Tx<'_>, one: i64, other: i64) -> Result<bool> {
    let row = (
        incidents_apart::one.eq(one.min(other)),
        incidents_apart::other.eq(one.max(other)),
        incidents_apart::at.eq(clock::now()),
    );
    let new = each!(tx.conn, inner => diesel::insert_into(incidents_apart::table).values(row).on_conflict_do_nothing().execute(inner))?;
    Ok(new > 0)
}

/// Forgets that two were taken apart: what did it was undone.
pub fn remove_exclusions(tx: &mut Tx<'_>, pairs: &[(i64, i64)]) -> Result<()> {
    for (one, other) in pairs {
        diesel::delete(incidents_apart::table.find((one.min(other), one.max(other)))).execute(tx.conn)?;
    }
    Ok(())
}
