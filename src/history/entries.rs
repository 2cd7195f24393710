//! The rows of Comments and history. Entries are inserted by a commit and never changed afterwards.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::chain::{Covered, continues};
use crate::history::comment_edits::{self, EditRow};
use crate::history::mentions::{self, CommentText};
use crate::history::written_texts::{self, WrittenRow};
use crate::model::actor::Actor;
use crate::model::change::{Change, VERSION};
use crate::model::planned_change::PlannedChange;
use crate::schema::{alerts, history, incidents};

/// Rows a statement: far below SQLite's 32,766 variables.
const BATCH: usize = 500;

/// The actor of changes of automatic names and severities.
const AUTOMATIC: &str = "Automatic naming and severity";

/// What is recorded of one incident, in order: what the actor did, then what followed by itself.
#[derive(Debug)]
pub(super) struct Recorded<'c> {
    pub incident: i64,
    /// The incident's revision before.
    pub revision: i64,
    /// The hash of its newest entry before.
    pub chain_head: &'c str,
    pub by_actor: &'c [PlannedChange],
    pub automatic: &'c [PlannedChange],
    /// The incident's row has its new revision already.
    pub revision_is_stored: bool,
}

impl Recorded<'_> {
    pub fn len(&self) -> usize {
        self.by_actor.len() + self.automatic.len()
    }

    pub fn revision_after(&self) -> i64 {
        self.revision + i64::try_from(self.len()).unwrap_or(i64::MAX)
    }
}

#[derive(Insertable)]
#[diesel(table_name = history, treat_none_as_default_value = false)]
struct EntryRow {
    id: i64,
    incident_id: i64,
    revision: i64,
    parent: Option<i64>,
    alert_id: Option<i64>,
    alert_revision: Option<i64>,
    actor_kind: &'static str,
    actor_id: Option<i64>,
    actor_label: String,
    kind: &'static str,
    version: i32,
    detail: String,
    at: i64,
    operation_id: Option<i64>,
    hash: String,
}

impl EntryRow {
    fn covered(&self) -> Covered<'_> {
        Covered {
            id: self.id,
            incident: self.incident_id,
            revision: self.revision,
            parent: self.parent,
            alert: self.alert_id,
            alert_revision: self.alert_revision,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            actor_label: &self.actor_label,
            kind: self.kind,
            version: self.version,
            detail: &self.detail,
            at: self.at,
            operation: self.operation_id,
            chained_at: None,
        }
    }
}

/// Inserts the entries of some incidents and counts them in the revisions of incidents and alerts.
/// `new_alerts` were stored with their revisions.
pub(super) fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    recorded: &[Recorded<'_>],
    new_alerts: &HashMap<i64, i64>,
    now: i64,
) -> Result<()> {
    let total: usize = recorded.iter().map(Recorded::len).sum();
    if total == 0 {
        return Ok(());
    }
    let mut revisions = AlertRevisions::load(tx, recorded, new_alerts)?;
    let first = tx.take_ids("entry", i64::try_from(total).unwrap_or(i64::MAX))?;
    let mut written = Written::default();
    let rows = rows(tx, actor, recorded, (first, now), &mut revisions, &mut written)?;
    for batch in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(history::table).values(batch).execute(inner))?;
    }
    written.store(tx, actor)?;
    count_in_incidents(tx, recorded, now)?;
    revisions.store(tx, now)
}

/// The rows of entries with ascending ids, each with the hash of the entry before it.
fn rows<'c>(
    tx: &Tx<'_>,
    actor: &Actor,
    recorded: &[Recorded<'c>],
    (first, now): (i64, i64),
    revisions: &mut AlertRevisions<'_>,
    written: &mut Written<'c>,
) -> Result<Vec<EntryRow>> {
    let system = Actor::System(AUTOMATIC);
    let mut rows: Vec<EntryRow> = Vec::new();
    let mut id = first;
    for one in recorded {
        let (mut revision, mut parent) = (one.revision, None);
        let mut head = continues(one.revision, one.chain_head).then(|| one.chain_head.to_owned());
        let by_actor = one.by_actor.iter().map(|planned| (actor, planned));
        for (who, planned) in by_actor.chain(one.automatic.iter().map(|planned| (&system, planned))) {
            revision += 1;
            if !planned.nested {
                parent = Some(revision);
            }
            let row = entry(who, planned, now)?;
            written.add(id, &planned.change);
            let mut row = EntryRow {
                id,
                incident_id: one.incident,
                revision,
                parent: if planned.nested { parent } else { None },
                alert_revision: revisions.next(planned),
                operation_id: tx.operation,
                ..row
            };
            if let Some(head) = &mut head {
                *head = row.covered().hash_after(head);
                row.hash.clone_from(head);
            }
            rows.push(row);
            id += 1;
        }
    }
    Ok(rows)
}

/// What is stored beside the entries in which somebody wrote something.
#[derive(Default)]
struct Written<'c> {
    texts: Vec<WrittenRow>,
    edits: Vec<EditRow>,
    comments: Vec<CommentText<'c>>,
}

impl<'c> Written<'c> {
    fn add(&mut self, entry: i64, change: &'c Change) {
        self.texts.extend(WrittenRow::of(entry, change));
        self.edits.extend(EditRow::of(entry, change));
        self.comments.extend(CommentText::of(entry, change));
    }

    fn store(&self, tx: &mut Tx<'_>, actor: &Actor) -> Result<()> {
        written_texts::insert(tx, &self.texts)?;
        comment_edits::insert(tx, &self.edits)?;
        mentions::insert(tx, actor, &self.comments)
    }
}

/// An entry without its ids and revisions.
fn entry(actor: &Actor, planned: &PlannedChange, now: i64) -> Result<EntryRow> {
    let at = match &planned.change {
        Change::Commented { at: Some(at), .. } => *at,
        _ => now,
    };
    Ok(EntryRow {
        id: 0,
        incident_id: 0,
        revision: 0,
        parent: None,
        alert_id: planned.alert,
        alert_revision: None,
        actor_kind: if planned.by.is_some() { "import" } else { actor.kind() },
        actor_id: if planned.by.is_some() { None } else { actor.id() },
        actor_label: planned.by.clone().unwrap_or_else(|| actor.label().to_owned()),
        kind: planned.change.kind(),
        version: VERSION,
        detail: serde_json::to_string(&planned.change)?,
        at,
        operation_id: None,
        hash: String::new(),
    })
}

/// Raises the revisions of incidents by how many entries each got, and gives their rows the hashes of their newest
/// entries, one statement for each number.
fn count_in_incidents(tx: &mut Tx<'_>, recorded: &[Recorded<'_>], now: i64) -> Result<()> {
    let mut by_count: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for one in recorded.iter().filter(|one| one.len() > 0) {
        tx.touch(one.incident);
        let count = if one.revision_is_stored { 0 } else { i64::try_from(one.len()).unwrap_or(i64::MAX) };
        by_count.entry(count).or_default().push(one.incident);
    }
    for (count, ids) in by_count {
        let newest = history::table
            .filter(history::incident_id.eq(incidents::id).and(history::revision.eq(incidents::revision + count)))
            .select(history::hash)
            .single_value()
            .assume_not_null();
        for ids in ids.chunks(BATCH) {
            diesel::update(incidents::table.filter(incidents::id.eq_any(ids)))
                .set((
                    incidents::revision.eq(incidents::revision + count),
                    incidents::chain_head.eq(newest),
                    incidents::updated_at.eq(now),
                ))
                .execute(tx.conn)?;
        }
    }
    Ok(())
}

/// Counts the revisions of alerts up while their entries are made.
struct AlertRevisions<'n> {
    stored: HashMap<i64, i64>,
    counted: BTreeMap<i64, i64>,
    new: &'n HashMap<i64, i64>,
}

impl<'n> AlertRevisions<'n> {
    fn load(tx: &mut Tx<'_>, recorded: &[Recorded<'_>], new: &'n HashMap<i64, i64>) -> Result<Self> {
        let changes = recorded.iter().flat_map(|one| one.by_actor.iter().chain(one.automatic));
        let mut ids: Vec<i64> =
            changes.filter_map(|planned| planned.alert).filter(|id| !new.contains_key(id)).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut stored = HashMap::with_capacity(ids.len());
        for ids in ids.chunks(BATCH) {
            let rows: Vec<(i64, i64)> =
                alerts::table.filter(alerts::id.eq_any(ids)).select((alerts::id, alerts::revision)).load(tx.conn)?;
            stored.extend(rows);
        }
        Ok(Self { stored, counted: BTreeMap::new(), new })
    }

    /// The alert's revision that an entry makes. A move has an entry in both incidents; only the arrival
    /// counts for the alert.
    fn next(&mut self, planned: &PlannedChange) -> Option<i64> {
        let alert = planned.alert.filter(|_| !matches!(planned.change, Change::AlertMovedOut { .. }))?;
        let count = self.counted.entry(alert).or_insert(0);
        *count += 1;
        Some(self.stored.get(&alert).copied().unwrap_or(0) + *count)
    }

    /// Raises the revisions of alerts by how many entries each got, one statement for each number.
    fn store(self, tx: &mut Tx<'_>, now: i64) -> Result<()> {
        let mut by_count: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (alert, count) in self.counted {
            if !self.new.contains_key(&alert) {
                by_count.entry(count).or_default().push(alert);
            }
        }
        for (count, ids) in by_count {
            for ids in ids.chunks(BATCH) {
                diesel::update(alerts::table.filter(alerts::id.eq_any(ids)))
                    .set((alerts::revision.eq(alerts::revision + count), alerts::updated_at.eq(now)))
                    .execute(tx.conn)?;
            }
        }
        Ok(())
    }
}

/// How many entries each alert gets that is stored with them.
pub(super) fn revisions_of_new_alerts<'c>(
    new: impl Iterator<Item = i64>,
    entries: impl Iterator<Item = &'c PlannedChange>,
) -> HashMap<i64, i64> {
    let mut revisions: HashMap<i64, i64> = new.map(|alert| (alert, 0)).collect();
    for planned in entries {
        if let Some(count) = planned.alert.and_then(|alert| revisions.get_mut(&alert)) {
            *count += 1;
        }
    }
    revisions
}
