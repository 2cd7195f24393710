//! The rows of two alerts that turned out to be one (R21): the later becomes an occurrence of the earlier, which takes
//! its occurrences, its evidence and its history; its address leads there.

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::history::lessons::facts;
use crate::history::lessons::tally::Tally;
use crate::history::{detection_counts, lessons};
use crate::model::alert::{Alert, detection};
use crate::schema::{
    alert_aliases, alert_details, alert_occurrences, alert_payloads, alert_redirects, alerts, earlier_payloads,
    evidence, history, repeats,
};
use crate::{clock, each};

/// Values in one statement.
const LISTED: usize = 500;

/// Makes `from` an occurrence of `into`, which is active in `span` then, first and last. The changes of their
/// incidents are committed by the caller, after this.
pub fn join_rows(tx: &mut Tx<'_>, into: &Alert, from: &Alert, span: (i64, i64)) -> Result<()> {
    let both = |tx: &mut Tx<'_>| {
        let mut tally = Tally::default();
        facts::of_alerts(tx.conn, &[into.id, from.id], &mut tally)?;
        Ok(tally)
    };
    lessons::follow(tx, both, |tx| {
        move_parts(tx, into, from)?;
        replace_by_redirect(tx, into, from, span)
    })
}

/// Gives `into` what belongs to `from`.
fn move_parts(tx: &mut Tx<'_>, into: &Alert, from: &Alert) -> Result<()> {
    let own: Vec<i64> =
        evidence::table.filter(evidence::alert_id.eq(into.id)).select(evidence::entity_id).load(tx.conn)?;
    let of_gone = || evidence::table.filter(evidence::alert_id.eq(from.id));
    for own in own.chunks(LISTED) {
        diesel::delete(of_gone().filter(evidence::entity_id.eq_any(own))).execute(tx.conn)?;
    }
    diesel::update(of_gone()).set(evidence::alert_id.eq(into.id)).execute(tx.conn)?;
    diesel::update(alert_occurrences::table.filter(alert_occurrences::alert_id.eq(from.id)))
        .set(alert_occurrences::alert_id.eq(into.id))
        .execute(tx.conn)?;
    let payload: String = alert_payloads::table.find(from.id).select(alert_payloads::payload).first(tx.conn)?;
    let row = (
        alert_occurrences::source.eq(&from.source),
        alert_occurrences::provider_alert_id.eq(&from.provider_alert_id),
        alert_occurrences::alert_id.eq(into.id),
        alert_occurrences::at.eq(from.last_activity),
        alert_occurrences::payload.eq(payload),
    );
    each!(tx.conn, inner => diesel::insert_into(alert_occurrences::table).values(row).on_conflict_do_nothing().execute(inner))?;
    diesel::update(alert_aliases::table.filter(alert_aliases::alert_id.eq(from.id)))
        .set(alert_aliases::alert_id.eq(into.id))
        .execute(tx.conn)?;
    move_entries(tx, into, from)
}

/// Entries keep what they were written for, which their hashes cover.
fn move_entries(tx: &mut Tx<'_>, into: &Alert, from: &Alert) -> Result<()> {
    let entries = || history::table.filter(history::alert_id.eq(from.id));
    diesel::update(entries().filter(history::written_alert.is_null()))
        .set((
            history::written_alert.eq(history::alert_id),
            history::written_alert_revision.eq(history::alert_revision),
        ))
        .execute(tx.conn)?;
    diesel::update(entries())
        .set((history::alert_id.eq(into.id), history::alert_revision.eq(None::<i64>)))
        .execute(tx.conn)?;
    Ok(())
}

/// Takes `from` away; its address leads to `into`, which counts what both have counted.
fn replace_by_redirect(tx: &mut Tx<'_>, into: &Alert, from: &Alert, span: (i64, i64)) -> Result<()> {
    diesel::delete(alert_details::table.find(from.id)).execute(tx.conn)?;
    diesel::delete(alert_payloads::table.find(from.id)).execute(tx.conn)?;
    diesel::delete(earlier_payloads::table.filter(earlier_payloads::alert_id.eq(from.id))).execute(tx.conn)?;
    diesel::delete(repeats::table.find(from.id)).execute(tx.conn)?;
    diesel::update(alert_redirects::table.filter(alert_redirects::to_alert.eq(from.id)))
        .set(alert_redirects::to_alert.eq(into.id))
        .execute(tx.conn)?;
    diesel::insert_into(alert_redirects::table)
        .values((
            alert_redirects::alert_id.eq(from.id),
            alert_redirects::to_alert.eq(into.id),
            alert_redirects::at.eq(clock::now()),
        ))
        .execute(tx.conn)?;
    detection_counts::take_back(tx, &detection(&from.source, &from.title, &from.subject), from.last_activity)?;
    diesel::delete(alerts::table.find(from.id)).execute(tx.conn)?;
    diesel::update(alerts::table.find(into.id))
        .set((
            alerts::occurrences.eq(into.occurrences.saturating_add(from.occurrences)),
            alerts::first_activity.eq(span.0),
            alerts::last_activity.eq(span.1),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// The alert that an alert was folded into.
pub fn redirect_of(conn: &mut AnyConnection, alert: i64) -> Result<Option<i64>> {
    Ok(alert_redirects::table.find(alert).select(alert_redirects::to_alert).first(conn).optional()?)
}
