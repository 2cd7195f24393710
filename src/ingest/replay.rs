//! Reading refused items again after their mapping or adapter was corrected. Items that are taken leave
//! the list; the others stay with the new reason. An item that is read twice becomes one alert, because
//! alerts are found by their identity.

use diesel::prelude::*;

use crate::clock;
use crate::db::{AnyConnection, Db, Tx};
use crate::error::{Error, Result};
use crate::formats::format::Format;
use crate::formats::not_taken::NotTaken;
use crate::formats::readers::body_reader::read_body;
use crate::ingest::pipeline::ingest_all;
use crate::ingest::regroup;
use crate::ingest::rejected::{self, Filter};
use crate::ingest::sources;
use crate::ingest::tally::Tally;
use crate::model::actor::Actor;
use crate::model::incoming::Incoming;
use crate::permissions::{Action, require};
use crate::rules::rule_set::RuleSet;
use crate::schema::refused_items;

/// Items in one transaction.
const BATCH: usize = 100;
/// Most items that one request reads again; the page says how many are left.
pub const AT_ONCE: usize = 500;

/// What became of refused items that were read again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Items that became alerts or were skipped.
    pub ingested: usize,
    /// Items that are still refused.
    pub rejected: usize,
}

/// Items of a filter that the replay of time `run` has not read yet, oldest first.
pub fn waiting(conn: &mut AnyConnection, actor: &Actor, filter: &Filter, run: i64) -> Result<Vec<i64>> {
    require(actor, Action::Administer)?;
    Ok(of_run(filter, run)
        .order(refused_items::id)
        .limit(i64::try_from(AT_ONCE).unwrap_or(i64::MAX))
        .select(refused_items::id)
        .load(conn)?)
}

/// How many items the replay of time `run` has not read yet.
pub fn left(conn: &mut AnyConnection, actor: &Actor, filter: &Filter, run: i64) -> Result<i64> {
    require(actor, Action::Administer)?;
    Ok(of_run(filter, run).count().get_result(conn)?)
}

type Boxed<'a> = refused_items::BoxedQuery<'a, <AnyConnection as diesel::Connection>::Backend>;

fn of_run(filter: &Filter, run: i64) -> Boxed<'_> {
    let mut query = refused_items::table
        .filter(refused_items::at.le(run))
        .filter(refused_items::replayed_at.is_null().or(refused_items::replayed_at.lt(run)))
        .into_boxed();
    if let Some(reason) = &filter.reason {
        query = query.filter(refused_items::reason_key.eq(reason));
    }
    if let Some(feed) = &filter.feed {
        query = query.filter(refused_items::feed.eq(feed));
    }
    query
}

/// Reads items again in the given format, one transaction a batch, on the calling thread.
pub fn replay(db: &Db, actor: &Actor, ids: &[i64], format: &Format) -> Result<Replayed> {
    require(actor, Action::Administer)?;
    let mut sum = Replayed::default();
    for batch in ids.chunks(BATCH) {
        let one = match db.write_in_turn(|tx| replay_batch(tx, actor, batch, format)) {
            Err(Error::Internal(why) | Error::Retry(why)) => {
                tracing::warn!("a replay of {} was rejected and is done one by one: {why}", batch.len());
                replay_singly(db, actor, batch, format)?
            }
            other => other?,
        };
        sum.ingested += one.ingested;
        sum.rejected += one.rejected;
    }
    regroup::run_in_steps(db)?;
    Ok(sum)
}

fn replay_singly(db: &Db, actor: &Actor, ids: &[i64], format: &Format) -> Result<Replayed> {
    let mut sum = Replayed::default();
    for id in ids {
        let one = match db.write_in_turn(|tx| replay_batch(tx, actor, &[*id], format)) {
            Err(Error::Internal(why) | Error::Retry(why)) => {
                tracing::error!("a replayed item could not be stored: {why}");
                db.write_in_turn(|tx| update_reason(tx, *id, "The database could not store this record."))?;
                Replayed { ingested: 0, rejected: 1 }
            }
            other => other?,
        };
        sum.ingested += one.ingested;
        sum.rejected += one.rejected;
    }
    Ok(sum)
}

fn replay_batch(tx: &mut Tx<'_>, actor: &Actor, ids: &[i64], format: &Format) -> Result<Replayed> {
    let rows: Vec<(i64, String)> = refused_items::table
        .filter(refused_items::id.eq_any(ids))
        .order(refused_items::id)
        .select((refused_items::id, refused_items::raw))
        .load(tx.conn)?;
    let (mut records, mut done, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for (id, raw) in rows {
        match parse(format, &raw, &mut records) {
            None => done.push(id),
            Some(why) => again.push((id, why)),
        }
    }
    if !records.is_empty() {
        let rules = RuleSet::load(tx.conn)?;
        let results = ingest_all(tx, actor, &records, rules)?;
        sources::record(tx, &Tally::of(&records, &results), None)?;
    }
    diesel::delete(refused_items::table.filter(refused_items::id.eq_any(&done))).execute(tx.conn)?;
    for (id, why) in &again {
        update_reason(tx, *id, why)?;
    }
    Ok(Replayed { ingested: done.len(), rejected: again.len() })
}

/// Adds what can be read to `records`; says why something cannot.
fn parse(format: &Format, raw: &str, records: &mut Vec<Incoming>) -> Option<String> {
    let items = read_body(format, raw.as_bytes());
    let mut why = items.is_empty().then(|| "It contains no alert.".to_owned());
    for item in items {
        match item.record {
            Ok(mut record) => {
                why = why.or(record.take_refused().into_iter().next());
                records.push(record);
            }
            Err(NotTaken::Refused(reason)) => why = why.or(Some(reason)),
            Err(NotTaken::Skipped(_)) => {}
        }
    }
    why
}

fn update_reason(tx: &mut Tx<'_>, id: i64, why: &str) -> Result<()> {
    diesel::update(refused_items::table.find(id))
        .set((
            refused_items::reason.eq(rejected::bounded_reason(why)),
            refused_items::reason_key.eq(rejected::reason_key(why)),
            refused_items::replayed_at.eq(Some(clock::now())),
        ))
        .execute(tx.conn)?;
    Ok(())
}
