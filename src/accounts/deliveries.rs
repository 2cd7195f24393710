//! Deliveries of Standard Webhooks that were stored, by token and `webhook-id`, so that none is stored twice.

use diesel::prelude::*;

use crate::accounts::signatures::WINDOW;
use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::signed_deliveries;

/// How long a delivery is remembered, in microseconds. The same request stays valid for twice the window;
/// the day is for senders that try again with a new time when an answer did not reach them.
const KEPT: i64 = 2 * WINDOW + clock::DAY;

/// Whether a token has sent this delivery, and it was stored.
pub fn is_stored(conn: &mut AnyConnection, token: i64, webhook_id: &str) -> Result<bool> {
    let found = signed_deliveries::table.find((token, webhook_id));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// Notes that a delivery was stored, and forgets the old ones.
pub fn note_stored(tx: &mut Tx<'_>, token: i64, webhook_id: &str) -> Result<()> {
    let now = clock::now();
    diesel::delete(signed_deliveries::table.filter(signed_deliveries::at.lt(now - KEPT))).execute(tx.conn)?;
    let row = (
        signed_deliveries::token_id.eq(token),
        signed_deliveries::webhook_id.eq(webhook_id),
        signed_deliveries::at.eq(now),
    );
    // Another server on the same database may have noted it just now.
    each!(tx.conn, inner => diesel::insert_into(signed_deliveries::table).values(row).on_conflict_do_nothing().execute(inner))?;
    Ok(())
}
