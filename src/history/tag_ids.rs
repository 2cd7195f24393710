//! The ids of tags; a new tag is made with its first use.

use diesel::prelude::*;

use crate::db::Tx;
use crate::error::Result;
use crate::model::tag::key;
use crate::schema::tags;

/// The id of a tag, made when it is new. Its first spelling stays.
pub(crate) fn id_of(tx: &mut Tx<'_>, name: &str, system: bool) -> Result<i64> {
    let known: Option<i64> =
        tags::table.filter(tags::name_key.eq(key(name))).select(tags::id).first(tx.conn).optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    // The counter's row is the lock: two people making the same tag at once take turns here.
    let id = tx.take_ids("tag", 1)?;
    let made_meanwhile: Option<i64> =
        tags::table.filter(tags::name_key.eq(key(name))).select(tags::id).first(tx.conn).optional()?;
    if let Some(id) = made_meanwhile {
        return Ok(id);
    }
    diesel::insert_into(tags::table)
        .values((tags::id.eq(id), tags::name.eq(name), tags::name_key.eq(key(name)), tags::system.eq(system)))
        .execute(tx.conn)?;
    Ok(id)
}
