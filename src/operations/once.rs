//! Forms that add something and are no operation: sent twice with the same key and content, it is added once,
//! and the second answer is that of the first. Operations keep their keys themselves
//! ([`operation_log`](crate::history::operation_log)).

use std::fmt::Debug;

use diesel::prelude::*;

use crate::clock::{self, DAY};
use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::model::actor::Actor;
use crate::schema::form_keys;

/// How long a key is kept: nobody sends a form again later.
const KEPT: i64 = DAY;

/// Does the `work` of a form once and returns its number, also when the same person sends the form again with
/// the same content. A form without a key is done each time.
pub fn once(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (form, content): (&str, &impl Debug),
    work: impl FnOnce(&mut Tx<'_>) -> Result<i64>,
) -> Result<i64> {
    if form.is_empty() {
        return work(tx);
    }
    let person = actor.person().map(|person| person.id);
    let key = sha256_hex(format!("{person:?} {form} {content:?}").as_bytes());
    let now = clock::now();
    diesel::delete(form_keys::table.filter(form_keys::at.lt(now - KEPT))).execute(tx.conn)?;
    let row = (form_keys::key.eq(&key), form_keys::at.eq(now), form_keys::result.eq(0));
    // Of two sent at the same moment, PostgreSQL lets the second wait here until the first has ended.
    let is_first = each!(tx.conn, inner => diesel::insert_into(form_keys::table).values(row).on_conflict_do_nothing().execute(inner))?;
    if is_first == 0 {
        return Ok(form_keys::table.find(&key).select(form_keys::result).first(tx.conn)?);
    }
    let result = work(tx)?;
    diesel::update(form_keys::table.find(&key)).set(form_keys::result.eq(result)).execute(tx.conn)?;
    Ok(result)
}
