//! The payloads of an alert: the latest whole, and of those that updates have replaced the first and the latest.
//! An earlier one keeps its first 256 KiB, so that all of an alert are at most 2.5 MiB beside the latest.

use diesel::prelude::*;

use crate::clock;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::history::new_alert::NewAlert;
use crate::schema::{alert_payloads, earlier_payloads};
use crate::text::beginning;

/// Earlier payloads that are kept beside the first. With the present one the latest ten are there.
const LATEST_KEPT: i64 = 9;
/// Most bytes that are kept of an earlier payload.
const BYTES_KEPT: usize = 256 * 1024;

/// A payload of an alert that a later one has replaced.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = earlier_payloads)]
pub struct EarlierPayload {
    /// From 1 for the first; later ones are counted on, also when some between them are no longer kept.
    pub number: i64,
    /// Microseconds UTC.
    pub received_at: i64,
    /// The name of the token, or the import; empty where that was not noted.
    pub sender: String,
    /// Only the beginning was kept.
    pub cut: bool,
}

/// Puts an update's payload in the place of the stored one, which becomes an earlier one.
pub(super) fn replace(tx: &mut Tx<'_>, alert: i64, reported: &NewAlert<'_>) -> Result<()> {
    use alert_payloads as p;
    use earlier_payloads as e;
    let (received_at, sender, payload): (i64, String, String) =
        p::table.find(alert).select((p::received_at, p::sender, p::payload)).first(tx.conn)?;
    let last: Option<i64> =
        e::table.filter(e::alert_id.eq(alert)).order(e::number.desc()).select(e::number).first(tx.conn).optional()?;
    let number = last.unwrap_or(0) + 1;
    let kept = beginning(&payload, BYTES_KEPT);
    diesel::insert_into(e::table)
        .values((
            e::alert_id.eq(alert),
            e::number.eq(number),
            e::received_at.eq(received_at),
            e::sender.eq(sender),
            e::payload.eq(kept),
            e::cut.eq(kept.len() < payload.len()),
        ))
        .execute(tx.conn)?;
    diesel::delete(e::table.filter(e::alert_id.eq(alert)))
        .filter(e::number.gt(1).and(e::number.le(number - LATEST_KEPT)))
        .execute(tx.conn)?;
    diesel::update(p::table.find(alert))
        .set((
            p::received_at.eq(clock::now()),
            p::sender.eq(reported.reporter.name.as_ref()),
            p::payload.eq(reported.payload),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The earlier payloads of an alert, latest first, without their texts.
pub fn earlier(conn: &mut AnyConnection, alert: i64) -> Result<Vec<EarlierPayload>> {
    Ok(earlier_payloads::table
        .filter(earlier_payloads::alert_id.eq(alert))
        .order(earlier_payloads::number.desc())
        .select(EarlierPayload::as_select())
        .load(conn)?)
}

/// One of them with its text.
pub fn earlier_text(conn: &mut AnyConnection, alert: i64, number: i64) -> Result<(EarlierPayload, String)> {
    Ok(earlier_payloads::table
        .find((alert, number))
        .select((EarlierPayload::as_select(), earlier_payloads::payload))
        .first(conn)?)
}

/// Who sent the payload that an alert has now; empty where that was not noted.
pub fn sender(conn: &mut AnyConnection, alert: i64) -> Result<String> {
    Ok(alert_payloads::table.find(alert).select(alert_payloads::sender).first(conn)?)
}
