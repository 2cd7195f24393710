//! Reading Comments and history of an incident with those merged into it: pages, filtered, and since a
//! revision. That of an alert is `alert_timeline`, what is folded under an entry `entry_parts`.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::history::entry::{Entry, Row};
use crate::history::merged_incidents::with_merged;
use crate::history::{comment_edits, decided_by, entry_parts, operation_log, wording};
use crate::model::change::Change;
use crate::model::operation::Kind;
use crate::schema::{alerts, history, incidents};

/// Entries that a page of history shows.
pub(super) const PAGE: i64 = 100;

/// Bytes of entries, as stored, after which a page ends earlier: some long comments, which take long to
/// render and to load.
const PAGE_BYTES: usize = 128 * 1024;

/// Some entries of a history, in its order.
#[derive(Debug, Default)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// There may be more in the same direction.
    pub more: bool,
}

impl Page {
    /// The id of its last entry, if there may be more after it.
    pub fn continues_at(&self) -> Option<i64> {
        self.entries.last().filter(|_| self.more).map(|entry| entry.id)
    }
}

crate::text_enum! {
    /// What the history can be narrowed to.
    pub enum Kinds {
        All = "all" / "Everything",
        Comments = "comments" / "Comments",
        Changes = "changes" / "Changes",
        Alerts = "alerts" / "Alerts",
    }
}

const COMMENT: &str = "commented";
/// Comments and their edits.
const COMMENTS: [&str; 2] = [COMMENT, "commentEdited"];
/// Entries of acts that happened to alerts, not to the incident.
const ACTS_ON_ALERTS: [&str; 3] = ["alertsMovedIn", "alertsMovedOut", "alertsChanged"];

/// Where a page of history begins: at the entries before this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// A revision of the incident itself.
    Revision(i64),
    /// An entry, by its id.
    Entry(i64),
}

/// A page of an incident's history with that of every incident that was merged into it, newest
/// first.
pub fn of_incident(conn: &mut AnyConnection, incident: i64, kinds: Kinds, before: Option<Before>) -> Result<Page> {
    let shown = with_merged(conn, incident)?;
    let alone = shown.len() == 1;
    let mut query = history::table.filter(history::parent.is_null()).limit(PAGE).select(Row::as_select()).into_boxed();
    query = if alone {
        // In one incident both orders are the same, and there is an index for this one.
        query.filter(history::incident_id.eq(incident)).order(history::revision.desc())
    } else {
        query.filter(history::incident_id.eq_any(shown)).order(history::id.desc())
    };
    query = match kinds {
        Kinds::All => query,
        Kinds::Comments => query.filter(history::kind.eq_any(COMMENTS)),
        Kinds::Changes => query
            .filter(history::kind.ne_all(COMMENTS))
            .filter(history::kind.ne_all(ACTS_ON_ALERTS))
            .filter(history::alert_id.is_null()),
        Kinds::Alerts => query.filter(history::kind.eq_any(ACTS_ON_ALERTS).or(history::alert_id.is_not_null())),
    };
    if let Some(before) = before {
        query = query.filter(history::id.lt(entry_at(conn, incident, before)?));
    }
    let rows: Vec<Row> = query.load(conn)?;
    let mut page = complete_page(conn, rows)?;
    for entry in page.entries.iter_mut().filter(|entry| entry.incident_id != incident) {
        if let Change::MergedInto { comment, .. } = &mut entry.change {
            comment.clear();
        }
    }
    Ok(page)
}

/// One entry of an incident's history, with its parts after the first `skipped` of them.
pub fn one(conn: &mut AnyConnection, incident: i64, entry: i64, skipped: usize) -> Result<Entry> {
    let shown = with_merged(conn, incident)?;
    let row: Option<Row> = history::table
        .find(entry)
        .filter(history::incident_id.eq_any(shown))
        .filter(history::parent.is_null())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    let mut entry = complete(conn, row.into_iter().collect())?.pop().ok_or(Error::NotFound)?;
    entry_parts::skip(conn, &mut entry, skipped)?;
    Ok(entry)
}

/// A comment by its entry, with its newest text.
pub fn comment(conn: &mut AnyConnection, entry: i64) -> Result<Entry> {
    let row: Option<Row> =
        history::table.find(entry).filter(history::kind.eq(COMMENT)).select(Row::as_select()).first(conn).optional()?;
    complete(conn, row.into_iter().collect())?.pop().ok_or(Error::NotFound)
}

/// Comments by their entries, newest first, each with its newest text.
pub fn comments(conn: &mut AnyConnection, entries: &[i64]) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = history::table
        .filter(history::id.eq_any(entries))
        .filter(history::kind.eq(COMMENT))
        .order(history::id.desc())
        .select(Row::as_select())
        .load(conn)?;
    complete(conn, rows)
}

fn entry_at(conn: &mut AnyConnection, incident: i64, before: Before) -> Result<i64> {
    let revision = match before {
        Before::Entry(id) => return Ok(id),
        Before::Revision(revision) => revision,
    };
    let entry: Option<i64> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.ge(revision))
        .order(history::revision)
        .select(history::id)
        .first(conn)
        .optional()?;
    Ok(entry.unwrap_or(i64::MAX))
}

/// What happened in an incident after `revision`, oldest first: what a stream sends.
pub fn after(conn: &mut AnyConnection, incident: i64, revision: i64) -> Result<Page> {
    let rows: Vec<Row> = history::table
        .filter(history::incident_id.eq(incident))
        .filter(history::revision.gt(revision))
        .filter(history::parent.is_null())
        .order(history::revision)
        .limit(PAGE)
        .select(Row::as_select())
        .load(conn)?;
    complete_page(conn, rows)
}

/// How many entries and comments an incident has, with those merged into it, for the tab's count.
pub fn count(conn: &mut AnyConnection, incident: i64) -> Result<i64> {
    let shown = with_merged(conn, incident)?;
    Ok(history::table
        .filter(history::incident_id.eq_any(shown))
        .filter(history::parent.is_null())
        .count()
        .get_result(conn)?)
}

/// Completes as many of at most [`PAGE`] rows as fit on a page; at least one.
pub(super) fn complete_page(conn: &mut AnyConnection, mut rows: Vec<Row>) -> Result<Page> {
    let loaded = rows.len();
    let mut bytes = 0;
    let fits = |row: &&Row| {
        bytes += row.detail.len();
        bytes <= PAGE_BYTES
    };
    let fitting = rows.iter().take_while(fits).count().max(1);
    rows.truncate(fitting);
    let more = rows.len() < loaded || i64::try_from(loaded).unwrap_or(0) >= PAGE;
    Ok(Page { entries: complete(conn, rows)?, more })
}

/// Adds alert titles, incident names, the parts, and what can be undone.
fn complete(conn: &mut AnyConnection, rows: Vec<Row>) -> Result<Vec<Entry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut entries: Vec<Entry> = rows.into_iter().map(Entry::from).collect();
    let ids: Vec<i64> = entries.iter().filter_map(|entry| entry.alert_id).collect();
    let titles: HashMap<i64, String> = alerts::table
        .filter(alerts::id.eq_any(ids))
        .select((alerts::id, alerts::title))
        .load::<(i64, String)>(conn)?
        .into_iter()
        .collect();
    entry_parts::add(conn, &mut entries)?;
    comment_edits::add(conn, &mut entries)?;
    let named: Vec<i64> = entries.iter().flat_map(|entry| wording::named_incidents(&entry.change)).copied().collect();
    let names: HashMap<i64, String> = incidents::table
        .filter(incidents::id.eq_any(named))
        .select((incidents::id, incidents::name))
        .load::<(i64, String)>(conn)?
        .into_iter()
        .collect();
    let operations: BTreeSet<i64> = entries.iter().filter_map(|entry| entry.operation).collect();
    let operations: Vec<i64> = operations.into_iter().collect();
    let known = operation_log::shown(conn, &operations)?;
    let newest = newest_of_each(&entries);
    for entry in &mut entries {
        entry.alert_title = entry.alert_id.and_then(|id| titles.get(&id).cloned());
        let named = wording::named_incidents(&entry.change).iter();
        entry.incident_names = named.filter_map(|id| Some((*id, names.get(id)?.clone()))).collect();
        let operation = entry.operation.and_then(|id| known.get(&id));
        entry.undoes = operation.is_some_and(|operation| operation.kind() == Some(Kind::Undo));
        entry.undoable = operation
            .filter(|operation| operation.can_be_undone() && newest.contains(&entry.id))
            .map(|operation| (operation.id, operation.total));
    }
    Ok(entries)
}

/// The newest entry of each operation in each incident: the one that carries the Undo button.
fn newest_of_each(entries: &[Entry]) -> HashSet<i64> {
    let mut newest: HashMap<(i64, i64), i64> = HashMap::new();
    // People look for the button at their own entry, not at what followed automatically.
    for entry in entries.iter().filter(|entry| !entry.is_nested()).filter(|entry| decided_by::carries_undo(entry)) {
        if let Some(operation) = entry.operation {
            let id = newest.entry((operation, entry.incident_id)).or_insert(entry.id);
            *id = entry.id.max(*id);
        }
    }
    newest.into_values().collect()
}
