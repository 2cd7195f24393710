//! The hash chain of an incident's entries: what the hash of an entry covers.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::hash_chain::{Link, START};
use crate::schema::history;

/// What the hash of an entry covers: all that is stored of it, as it was when it was written.
#[derive(Debug, Clone, Copy)]
pub struct Covered<'a> {
    pub id: i64,
    pub incident: i64,
    pub revision: i64,
    pub parent: Option<i64>,
    pub alert: Option<i64>,
    pub alert_revision: Option<i64>,
    pub actor_kind: &'a str,
    pub actor_id: Option<i64>,
    pub actor_label: &'a str,
    pub kind: &'a str,
    pub version: i32,
    pub detail: &'a str,
    /// Microseconds UTC.
    pub at: i64,
    pub operation: Option<i64>,
    /// When it got its hash, if that was later than it was written. Microseconds UTC.
    pub chained_at: Option<i64>,
}

impl Covered<'_> {
    /// The hash of the entry after the one with the hash `previous`.
    pub fn hash_after(&self, previous: &str) -> String {
        Link::after(previous)
            .number(self.id)
            .number(self.incident)
            .number(self.revision)
            .optional_number(self.parent)
            .optional_number(self.alert)
            .optional_number(self.alert_revision)
            .text(self.actor_kind)
            .optional_number(self.actor_id)
            .text(self.actor_label)
            .text(self.kind)
            .number(self.version.into())
            .text(self.detail)
            .number(self.at)
            .optional_number(self.operation)
            .optional_number(self.chained_at)
            .hash()
    }
}

/// Whether a new entry of an incident gets a hash. Not where `watchdesk migrate` has still to chain earlier ones: it then
/// chains this one, too.
pub(super) fn continues(revision: i64, chain_head: &str) -> bool {
    revision == 0 || chain_head != START
}

/// An entry as it is stored, with its hash.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = history)]
pub struct ChainedEntry {
    pub id: i64,
    pub incident_id: i64,
    pub revision: i64,
    parent: Option<i64>,
    pub alert_id: Option<i64>,
    alert_revision: Option<i64>,
    /// The alert it was written for, where that became an occurrence of another one.
    pub written_alert: Option<i64>,
    written_alert_revision: Option<i64>,
    actor_kind: String,
    actor_id: Option<i64>,
    actor_label: String,
    kind: String,
    version: i32,
    detail: String,
    at: i64,
    operation_id: Option<i64>,
    pub chained_at: Option<i64>,
    /// Empty where it has none yet.
    pub hash: String,
}

/// All entries of some incidents, in order.
pub fn of_incidents(conn: &mut AnyConnection, incidents: &[i64]) -> Result<Vec<ChainedEntry>> {
    Ok(history::table
        .filter(history::incident_id.eq_any(incidents))
        .order((history::incident_id, history::revision))
        .select(ChainedEntry::as_select())
        .load(conn)?)
}

impl ChainedEntry {
    /// What its hash covers.
    pub fn covered(&self) -> Covered<'_> {
        let (alert, alert_revision) = match self.written_alert {
            Some(alert) => (Some(alert), self.written_alert_revision),
            None => (self.alert_id, self.alert_revision),
        };
        Covered {
            id: self.id,
            incident: self.incident_id,
            revision: self.revision,
            parent: self.parent,
            alert,
            alert_revision,
            actor_kind: &self.actor_kind,
            actor_id: self.actor_id,
            actor_label: &self.actor_label,
            kind: &self.kind,
            version: self.version,
            detail: &self.detail,
            at: self.at,
            operation: self.operation_id,
            chained_at: self.chained_at,
        }
    }
}
