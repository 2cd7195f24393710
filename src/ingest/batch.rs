//! A batch of records in memory: what was loaded for it, what has been decided so far, and writing
//! that. The decisions themselves are in the files that import this one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::time::Duration;

use crate::correlation::index::CorrelationIndex;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::claim;
use crate::history::commit::commit;
use crate::history::incident_changes::{IncidentChanges, Recompute};
use crate::history::new_incident::NewIncident;
use crate::history::reporters;
use crate::ingest::entity_resolver::EntityResolver;
use crate::ingest::identity::Identity;
use crate::ingest::occurrences::series::{Occurrences, key};
use crate::ingest::occurrences::settings;
use crate::ingest::ownership::{Refusals, Rights};
use crate::ingest::prepared_alert::PreparedAlert;
use crate::ingest::regroup::queue;
use crate::model::actor::Actor;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::entity::Resolved;
use crate::model::incoming::IncomingAlert;
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;
use crate::model::severity::Severity;
use crate::rules::rule_set::RuleSet;

pub(crate) struct Batch<'a, 'b, 'r> {
    pub(crate) tx: &'a mut Tx<'b>,
    pub(crate) actor: &'a Actor,
    /// Who reports the records, and what of them is refused.
    pub(crate) rights: Rights,
    pub(crate) refusals: Refusals,
    pub(crate) resolver: EntityResolver,
    pub(crate) index: CorrelationIndex,
    pub(crate) rules: RuleSet,
    pub(crate) prepared_alerts: HashMap<*const IncomingAlert, Rc<PreparedAlert>>,
    /// Alerts that are stored, by identity.
    pub(crate) known: HashMap<Identity<'r>, Alert>,
    /// Alerts of this batch that are not stored yet: id and incident.
    pub(crate) new_alerts: HashMap<Identity<'r>, (i64, i64)>,
    /// Alerts of this batch that an earlier write of it has stored.
    pub(crate) written: HashSet<Identity<'r>>,
    pub(crate) occurrences: Occurrences,
    /// For how many minutes repeats count as one alert, by source, where somebody has set it.
    pub(crate) occurrence_minutes: HashMap<String, i64>,
    pub(crate) ids: std::ops::Range<i64>,
    /// By id: each is claimed once and stored once, with all its changes of the batch.
    pub(crate) pending_incidents: BTreeMap<i64, IncidentChanges<'r>>,
    /// By id: the state of known alerts after the changes that are not stored yet, for alerts that are in the batch
    /// several times.
    pub(crate) alert_states: BTreeMap<i64, PendingAlertState>,
    /// Known alerts whose provider updates are not stored yet.
    pub(crate) updated: HashSet<i64>,
    /// Known alerts whose provider updates are stored, so that they have to be read again.
    pub(crate) stale: HashSet<i64>,
    /// Provider's ids of alerts that incidents of this batch expect, not stored yet.
    pub(crate) expected: Vec<(String, i64)>,
    /// Stored incidents whose alerts this batch has changed.
    pub(crate) changed: BTreeSet<i64>,
    /// The incident that each merged incident was merged into.
    pub(crate) merged: BTreeMap<i64, i64>,
    /// How long merges have taken.
    pub(crate) merging: Duration,
    /// Incidents that the records of this batch report, not stored as such yet.
    pub(crate) provided: Vec<i64>,
}

/// The values of an alert that a change can set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PendingAlertState {
    pub(crate) status: AlertStatus,
    pub(crate) severity: Severity,
    pub(crate) outcome: Outcome,
}

impl<'r> Batch<'_, '_, 'r> {
    pub(crate) fn prepared(&self, alert: &IncomingAlert) -> Result<Rc<PreparedAlert>> {
        let known = self.prepared_alerts.get(&std::ptr::from_ref(alert)).cloned();
        known.ok_or_else(|| Error::internal("an alert of the batch was not prepared"))
    }

    /// For how many minutes repeats of this alert count as one; 0 never.
    pub(crate) fn minutes_of(&self, alert: &IncomingAlert) -> i64 {
        let rule = self.occurrence_minutes.get(&alert.source).copied();
        rule.unwrap_or_else(|| settings::default_minutes(&alert.source))
    }

    /// The series in which repeats of this alert are counted.
    pub(crate) fn series(&self, alert: &IncomingAlert, subject: &str, entities: &[Resolved]) -> String {
        self.occurrences.series_of_sender(key(alert, subject, entities), &self.rights)
    }

    pub(crate) fn add_pending(&mut self, changes: IncidentChanges<'r>) {
        self.pending_incidents.insert(changes.claimed.incident().id, changes);
    }

    /// Opens an incident, which is stored with the batch.
    pub(crate) fn open(&mut self, new: NewIncident) -> Result<i64> {
        let opened = IncidentChanges::open(self.tx, new)?;
        let id = opened.claimed.incident().id;
        self.index.update_incident(opened.claimed.incident());
        self.add_pending(opened);
        Ok(id)
    }

    pub(crate) fn claim(&mut self, incident: i64) -> Result<()> {
        if !self.pending_incidents.contains_key(&incident) {
            let claimed = claim(self.tx, incident)?;
            self.add_pending(IncidentChanges::new(claimed, Vec::new()));
        }
        Ok(())
    }

    pub(crate) fn add_change(&mut self, incident: i64, change: PlannedChange) -> Result<()> {
        self.claim(incident)?;
        if let Some(pending) = self.pending_incidents.get_mut(&incident) {
            pending.changes.push(change);
        }
        Ok(())
    }

    /// The incident that `id` is in after the merges of the batch.
    pub(crate) fn current_incident(&self, id: i64) -> i64 {
        let mut id = id;
        while let Some(kept) = self.merged.get(&id) {
            id = *kept;
        }
        id
    }

    /// Stores all that is decided so far.
    pub(crate) fn write(&mut self) -> Result<()> {
        for incident in std::mem::take(&mut self.resolver.affected) {
            self.claim(incident)?;
            if let Some(pending) = self.pending_incidents.get_mut(&incident) {
                pending.recompute = Recompute::All;
            }
            queue::add(self.tx, &[incident])?;
        }
        for (incident, count) in self.occurrences.take_counts() {
            let incident = self.current_incident(incident);
            self.claim(incident)?;
            if let Some(pending) = self.pending_incidents.get_mut(&incident) {
                pending.occurrences.push(count);
            }
        }
        let changes: Vec<IncidentChanges<'_>> = std::mem::take(&mut self.pending_incidents).into_values().collect();
        let changed = changes.iter().filter(|one| !one.new_alerts.is_empty() || !one.updates.is_empty());
        self.changed.extend(changed.map(|one| one.claimed.incident().id));
        commit(self.tx, self.actor, changes)?;
        if let Some(token) = self.rights.reporter.token {
            reporters::note(self.tx, &std::mem::take(&mut self.provided), token)?;
        }
        self.store_expected()?;
        self.stale.extend(self.updated.drain());
        self.written.extend(std::mem::take(&mut self.new_alerts).into_keys());
        self.alert_states.clear();
        self.occurrences.store(self.tx)?;
        self.rules.store(self.tx)?;
        let to_regroup = self.index.store(self.tx)?;
        queue::add_by_keys(self.tx, &to_regroup.days_of_keys)?;
        queue::add_of_alerts(self.tx, &to_regroup.alerts)
    }
}
