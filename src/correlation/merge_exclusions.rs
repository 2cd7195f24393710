//! Pairs of incidents that a person separated: correlation does not merge them.

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::schema::incidents_apart;
use crate::{clock, each};

/// Whether a person separated two incidents.
pub fn is_excluded(conn: &mut AnyConnection, one: i64, other: i64) -> Result<bool> {
    let pair = incidents_apart::table.find((one.min(other), one.max(other)));
    Ok(pair.count().get_result::<i64>(conn)? > 0)
}

/// Copies the exclusions of an incident to the one that it was merged into. Returns the pairs
/// that are new.
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

/// Stores that a person separated two incidents. Returns whether that is new.
pub fn exclude(tx: &mut Tx<'_>, one: i64, other: i64) -> Result<bool> {
    let row = (
        incidents_apart::one.eq(one.min(other)),
        incidents_apart::other.eq(one.max(other)),
        incidents_apart::at.eq(clock::now()),
    );
    let new = each!(tx.conn, inner => diesel::insert_into(incidents_apart::table).values(row).on_conflict_do_nothing().execute(inner))?;
    Ok(new > 0)
}

/// Stores that a person separated incidents, each from all of the others.
pub fn exclude_all(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    for (position, one) in ids.iter().enumerate() {
        for other in ids.iter().skip(position + 1) {
            exclude(tx, *one, *other)?;
        }
    }
    Ok(())
}

/// Deletes an exclusion, because the separation was undone.
pub fn remove_exclusions(tx: &mut Tx<'_>, pairs: &[(i64, i64)]) -> Result<()> {
    for (one, other) in pairs {
        diesel::delete(incidents_apart::table.find((one.min(other), one.max(other)))).execute(tx.conn)?;
    }
    Ok(())
}
