//! The health of sources: which still send alerts, how many, and which are silent. Counted
//! by the hour, in the transaction that stores the alerts.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::clock::{self, DAY, HOUR};
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::{Error, Result};
use crate::ingest::senders;
use crate::ingest::source_state::{QUIET, State, state};
use crate::ingest::tally::{Counts, Tally, shortened};
use crate::metrics::metrics;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::{refused_items, source_hours, sources};

/// How long counts are kept, in hours.
const KEPT: i64 = 35 * 24;
/// The time over which a source's usual gap is averaged.
const USUAL_OVER: i64 = 30 * DAY;
/// Most sources that the alerts of one token bring into the list.
const OF_A_TOKEN: i64 = 100;

/// A token whose alerts are counted: silence of its sources matters later, unlike that of a file.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    pub token: i64,
    /// What its alerts count under beyond the sources that it may bring into the list.
    pub label: &'a str,
}

/// Stores the counts of a batch; `sender` is `None` for files and for what a person replays.
pub fn record(tx: &mut Tx<'_>, tally: &Tally, sender: Option<Sender<'_>>) -> Result<()> {
    if tally.counts.is_empty() {
        return Ok(());
    }
    // Concurrent batches take turns on this row.
    tx.take_ids("alert", 0)?;
    let now = clock::now();
    for (name, counts) in &tally.counts {
        let name = listed_name(tx, name, sender)?;
        record_source(tx, &name, now, counts.alerts() > 0, sender)?;
        add_to_hour(tx, &name, now / HOUR, counts)?;
        if let Some(sender) = sender.filter(|_| counts.alerts() > 0) {
            let before = senders::last_alert(tx.conn, &name)?;
            senders::note(tx, &name, sender.token, now)?;
            if before.is_none_or(|before| before / HOUR < now / HOUR) {
                let busier = sources::busy_hours.eq(sources::busy_hours + 1);
                diesel::update(sources::table.find(&name)).set(busier).execute(tx.conn)?;
            }
        }
    }
    // A sender is listed only if items of it were skipped or refused; its alerts are counted under their sources.
    if let Some(sender) = &tally.sender {
        diesel::update(sources::table.find(sender)).set(sources::last_alert.eq(now)).execute(tx.conn)?;
    }
    Ok(())
}

/// The name that a source is counted under: its own, unless its token has brought so many into the list already.
fn listed_name(tx: &mut Tx<'_>, name: &str, sender: Option<Sender<'_>>) -> Result<String> {
    let Some(sender) = sender else { return Ok(name.to_owned()) };
    let known: i64 = sources::table.filter(sources::name.eq(name)).count().get_result(tx.conn)?;
    if known > 0 {
        return Ok(name.to_owned());
    }
    let brought: i64 = sources::table.filter(sources::first_token.eq(sender.token)).count().get_result(tx.conn)?;
    Ok(if brought < OF_A_TOKEN { name.to_owned() } else { shortened(sender.label) })
}

/// Adds to the counts of an hour.
fn add_to_hour(tx: &mut Tx<'_>, name: &str, hour: i64, counts: &Counts) -> Result<()> {
    let Counts { created, updated, skipped, refused, .. } = *counts;
    for (outcome, count) in [("created", created), ("updated", updated), ("skipped", skipped), ("rejected", refused)] {
        metrics().count_items(name, outcome, count);
    }
    let added = diesel::update(source_hours::table.find((name, hour)))
        .set((
            source_hours::created.eq(source_hours::created + counts.created),
            source_hours::updated.eq(source_hours::updated + counts.updated),
            source_hours::skipped.eq(source_hours::skipped + counts.skipped),
            source_hours::refused.eq(source_hours::refused + counts.refused),
            source_hours::severity_missing.eq(source_hours::severity_missing + counts.severity_missing),
        ))
        .execute(tx.conn)?;
    if added > 0 {
        return Ok(());
    }
    diesel::insert_into(source_hours::table)
        .values((
            source_hours::source.eq(name),
            source_hours::hour.eq(hour),
            source_hours::created.eq(counts.created),
            source_hours::updated.eq(counts.updated),
            source_hours::skipped.eq(counts.skipped),
            source_hours::refused.eq(counts.refused),
            source_hours::severity_missing.eq(counts.severity_missing),
        ))
        .execute(tx.conn)?;
    // A new hour of this source: delete the old ones.
    diesel::delete(source_hours::table.filter(source_hours::hour.lt(hour - KEPT))).execute(tx.conn)?;
    Ok(())
}

fn record_source(tx: &mut Tx<'_>, name: &str, now: i64, alerts: bool, sender: Option<Sender<'_>>) -> Result<()> {
    let known = diesel::update(sources::table.find(name)).set(sources::last_seen.eq(now)).execute(tx.conn)?;
    if known == 0 {
        let row = (
            sources::name.eq(name),
            sources::live.eq(sender.is_some()),
            sources::first_seen.eq(now),
            sources::last_seen.eq(now),
            sources::last_alert.eq(None::<i64>),
            sources::first_token.eq(sender.map(|sender| sender.token)),
        );
        each!(tx.conn, inner => diesel::insert_into(sources::table).values(row).execute(inner))?;
    }
    if sender.is_some() {
        diesel::update(sources::table.find(name)).set(sources::live.eq(true)).execute(tx.conn)?;
    }
    if alerts {
        diesel::update(sources::table.find(name)).set(sources::last_alert.eq(now)).execute(tx.conn)?;
    }
    Ok(())
}

/// A source with its counts.
#[derive(Debug, Clone)]
pub struct Source {
    pub name: String,
    /// The tokens that it came by.
    pub tokens: Vec<String>,
    pub last_alert: Option<i64>,
    pub last_seen: i64,
    pub state: State,
    pub hour: Counts,
    pub day: Counts,
    pub week: Counts,
    /// Alerts by the hour over the last seven days, oldest first.
    pub trend: Vec<i64>,
}

type SourceRow = (String, bool, i64, i64, Option<i64>);

impl Source {
    /// Whether it stands for what a token sent that belongs to no source: items that could not be read.
    pub fn is_sender(&self, tokens: &BTreeSet<String>) -> bool {
        self.tokens.is_empty() && self.state != State::Imported && tokens.contains(&self.name)
    }
}

/// Every source, those that want attention first, then by name.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<Source>> {
    let now = clock::now();
    let rows: Vec<SourceRow> = sources::table
        .order(sources::name)
        .select((sources::name, sources::live, sources::busy_hours, sources::last_seen, sources::last_alert))
        .load(conn)?;
    let since = (now - USUAL_OVER) / HOUR;
    let mut hours: BTreeMap<String, Vec<(i64, Counts)>> = BTreeMap::new();
    let counted: Vec<(String, i64, i64, i64, i64, i64, i64)> = source_hours::table
        .filter(source_hours::hour.ge(since))
        .order((source_hours::source, source_hours::hour))
        .load(conn)?;
    for (source, hour, created, updated, skipped, refused, severity_missing) in counted {
        hours.entry(source).or_default().push((hour, Counts { created, updated, skipped, refused, severity_missing }));
    }
    let mut tokens = senders::names(conn)?;
    let mut found: Vec<Source> = rows
        .into_iter()
        .map(|row| {
            let hours = hours.get(&row.0).map_or(&[][..], Vec::as_slice);
            source(&row, hours, tokens.remove(&row.0).unwrap_or_default(), now)
        })
        .collect();
    found.sort_by_key(|source| match source.state {
        State::Silent(_) => 0,
        State::NothingTaken => 1,
        State::Receiving => 2,
        State::Quiet => 3,
        State::Imported => 4,
    });
    Ok(found)
}

fn source(
    (name, live, busy, last_seen, last_alert): &SourceRow,
    hours: &[(i64, Counts)],
    tokens: Vec<String>,
    now: i64,
) -> Source {
    let this = now / HOUR;
    let within = |back: i64| {
        let mut sum = Counts::default();
        hours.iter().filter(|(hour, _)| *hour > this - back).for_each(|(_, counts)| sum.add(*counts));
        sum
    };
    let mut trend = vec![0; 7 * 24];
    for (hour, counts) in hours {
        let back = usize::try_from(this - hour).unwrap_or(usize::MAX);
        if let Some(place) = (trend.len().checked_sub(back + 1)).and_then(|at| trend.get_mut(at)) {
            *place = counts.alerts();
        }
    }
    Source {
        name: name.clone(),
        tokens,
        last_alert: *last_alert,
        last_seen: *last_seen,
        state: state(*live, *busy, *last_alert, hours, now),
        hour: within(1),
        day: within(24),
        week: within(7 * 24),
        trend,
    }
}

/// Removes a source from the list until it sends again.
pub fn forget(tx: &mut Tx<'_>, actor: &Actor, name: &str) -> Result<()> {
    require(actor, Action::Administer)?;
    tx.take_ids("alert", 0)?;
    diesel::delete(source_hours::table.filter(source_hours::source.eq(name))).execute(tx.conn)?;
    senders::forget(tx, name)?;
    match diesel::delete(sources::table.find(name)).execute(tx.conn)? {
        0 => Err(Error::at_field("name", "There is no source with this name.")),
        _ => Ok(()),
    }
}

/// Whether a source is silent, or an item of the last day is still refused. Called often, so it
/// reads the hours only of sources without an alert for a day.
pub fn want_attention(conn: &mut AnyConnection) -> Result<bool> {
    let now = clock::now();
    let refused: Option<i64> = refused_items::table
        .filter(refused_items::at.gt(now - DAY))
        .select(refused_items::id)
        .first(conn)
        .optional()?;
    if refused.is_some() {
        return Ok(true);
    }
    let quiet: Vec<(String, i64, i64)> = sources::table
        .filter(sources::live.eq(true))
        .filter(sources::last_alert.lt(now - QUIET))
        .select((sources::name, sources::last_alert.assume_not_null(), sources::busy_hours))
        .load(conn)?;
    for (name, last, busy) in quiet {
        let hours: Vec<(i64, i64)> = source_hours::table
            .filter(source_hours::source.eq(&name))
            .filter(source_hours::hour.ge((now - USUAL_OVER) / HOUR))
            .order(source_hours::hour)
            .select((source_hours::hour, source_hours::created + source_hours::updated))
            .load(conn)?;
        let hours: Vec<(i64, Counts)> =
            hours.into_iter().map(|(hour, created)| (hour, Counts { created, ..Counts::default() })).collect();
        if matches!(state(true, busy, Some(last), &hours, now), State::Silent(_)) {
            return Ok(true);
        }
    }
    Ok(false)
}
