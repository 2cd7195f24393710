//! What an entry opens to: the alerts whose changes are folded under it, or that it names (R20). Long
//! lists are read in pages.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::entry::{Entry, Part, Parts, Row};
use crate::model::change::Change;
use crate::schema::{alerts, history};

/// Alerts that are listed at once under one entry.
pub const LISTED: usize = 100;
/// Alerts that are listed under all entries of a page together; entries beyond only tell their number.
const LISTED_ON_PAGE: usize = 1_000;

/// An entry, by its incident and revision.
type Key = (i64, i64);
/// Changes by alert.
type Changes = BTreeMap<i64, Vec<Change>>;

/// Adds the number of parts and the first of them to entries of a page, newest first.
pub(super) fn add(conn: &mut AnyConnection, entries: &mut [Entry]) -> Result<()> {
    let folded = folded(conn, entries)?;
    let mut room = LISTED_ON_PAGE;
    let mut short: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut found: HashMap<Key, Changes> = HashMap::new();
    for entry in entries.iter_mut() {
        let key = (entry.incident_id, entry.revision);
        let folded = folded.get(&key).copied().unwrap_or(0);
        entry.parts.total = if folded > 0 { folded } else { entry.change.named_alerts().len() };
        let wanted = entry.parts.total.min(LISTED);
        if wanted == 0 || wanted > room {
            continue;
        }
        room -= wanted;
        if folded == 0 {
            found.insert(key, named(&entry.change, 0));
        } else if folded <= LISTED {
            short.entry(entry.incident_id).or_default().push(entry.revision);
        } else {
            found.insert(key, page(conn, key, 0)?);
        }
    }
    for (incident, parents) in short {
        let rows = history::table.filter(history::incident_id.eq(incident)).filter(history::parent.eq_any(parents));
        for row in rows.order(history::revision).select(Row::as_select()).load::<Row>(conn)? {
            if let Some(parent) = row.parent {
                note(found.entry((incident, parent)).or_default(), row);
            }
        }
    }
    list(conn, entries, found)
}

/// Lists the parts of an entry after the first `skipped`.
pub(super) fn skip(conn: &mut AnyConnection, entry: &mut Entry, skipped: usize) -> Result<()> {
    if skipped == 0 {
        return Ok(());
    }
    let key = (entry.incident_id, entry.revision);
    let mut changes = page(conn, key, skipped)?;
    if changes.is_empty() {
        changes = named(&entry.change, skipped);
    }
    entry.parts = Parts { skipped, listed: Vec::new(), ..entry.parts };
    list(conn, std::slice::from_mut(entry), HashMap::from([(key, changes)]))
}

/// How many alerts have changes folded under each entry.
fn folded(conn: &mut AnyConnection, entries: &[Entry]) -> Result<HashMap<Key, usize>> {
    let mut within: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.alert_id.is_none()) {
        within.entry(entry.incident_id).or_default().push(entry.revision);
    }
    let mut folded = HashMap::new();
    for (incident, revisions) in within {
        let rows: Vec<(Option<i64>, i64)> = history::table
            .filter(history::incident_id.eq(incident))
            .filter(history::parent.eq_any(revisions))
            .group_by(history::parent)
            .select((history::parent, diesel::dsl::count(history::alert_id).aggregate_distinct()))
            .load(conn)?;
        let counted = |(parent, count): (Option<i64>, i64)| Some(((incident, parent?), usize::try_from(count).ok()?));
        folded.extend(rows.into_iter().filter_map(counted));
    }
    Ok(folded)
}

/// A page of the changes folded under one entry.
fn page(conn: &mut AnyConnection, (incident, parent): Key, skipped: usize) -> Result<Changes> {
    let folded = || history::table.filter(history::incident_id.eq(incident)).filter(history::parent.eq(parent));
    let alerts: Vec<Option<i64>> = folded()
        .filter(history::alert_id.is_not_null())
        .select(history::alert_id)
        .distinct()
        .order(history::alert_id)
        .offset(i64::try_from(skipped).unwrap_or(i64::MAX))
        .limit(i64::try_from(LISTED).unwrap_or(i64::MAX))
        .load(conn)?;
    let rows: Vec<Row> = folded()
        .filter(history::alert_id.eq_any(alerts.into_iter().flatten()))
        .order(history::revision)
        .select(Row::as_select())
        .load(conn)?;
    let mut changes = Changes::new();
    for row in rows {
        note(&mut changes, row);
    }
    Ok(changes)
}

fn note(changes: &mut Changes, row: Row) {
    if let Some(alert) = row.alert_id {
        changes.entry(alert).or_default().push(Entry::from(row).change);
    }
}

/// A page of the alerts that a change itself names.
fn named(change: &Change, skipped: usize) -> Changes {
    let mut alerts = change.named_alerts().to_vec();
    alerts.sort_unstable();
    alerts.into_iter().skip(skipped).take(LISTED).map(|alert| (alert, Vec::new())).collect()
}

fn list(conn: &mut AnyConnection, entries: &mut [Entry], mut found: HashMap<Key, Changes>) -> Result<()> {
    let ids: Vec<i64> = found.values().flat_map(|changes| changes.keys().copied()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let titles: HashMap<i64, String> = alerts::table
        .filter(alerts::id.eq_any(ids))
        .select((alerts::id, alerts::title))
        .load::<(i64, String)>(conn)?
        .into_iter()
        .collect();
    for entry in entries {
        let changes = found.remove(&(entry.incident_id, entry.revision)).unwrap_or_default();
        let part = |(alert, changes)| Part { alert, title: titles.get(&alert).cloned().unwrap_or_default(), changes };
        entry.parts.listed = changes.into_iter().map(part).collect();
    }
    Ok(())
}
