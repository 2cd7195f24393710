//! Making one alert of two that a late record shows to be repeats of each other (R21).

use crate::alerts::lookup::find_alerts;
use crate::correlation::index::store::join_points;
use crate::correlation::merge_exclusions;
use crate::error::Result;
use crate::history::claim::claim_all;
use crate::history::commit::commit;
use crate::history::incident_changes::{IncidentChanges, Recompute};
use crate::history::{decided_by, fold_alerts};
use crate::ingest::batch::Batch;
use crate::ingest::occurrences::series::CountedId;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::change::Change;
use crate::model::episode::Episode;
use crate::model::incident::{Incident, Status};
use crate::model::incoming::IncomingAlert;
use crate::model::planned_change::PlannedChange;

impl Batch<'_, '_, '_> {
    /// Folds the alert `gone` into `kept`, as a repeat of both shows, unless a person has worked on one of them or on
    /// the incident that one would leave: then both stay.
    pub(super) fn fold(&mut self, key: &str, repeat: &IncomingAlert, (kept, gone): (i64, i64)) -> Result<()> {
        if self.occurrences.stay_apart.contains(&(kept, gone)) {
            return Ok(());
        }
        // Alerts of this batch may be concerned.
        self.write()?;
        let both = find_alerts(self.tx.conn, &[kept, gone])?;
        let (Some(into), Some(from)) = (both.get(&kept), both.get(&gone)) else { return Ok(()) };
        if !self.may_fold(into, from)? {
            self.occurrences.stay_apart.insert((kept, gone));
            return Ok(());
        }
        let keeps_severity = self.rules.sets_severity(repeat);
        let span = (into.first_activity.min(from.first_activity), into.last_activity.max(from.last_activity));
        let mut changes = Vec::new();
        for claimed in claim_all(self.tx, vec![into.incident_id, from.incident_id])? {
            let mut planned = planned(claimed.incident(), into, from);
            if keeps_severity {
                planned.retain(|planned| !matches!(planned.change, Change::AlertSeveritySet { .. }));
            }
            let mut of_incident = IncidentChanges::recomputing(claimed, Recompute::All);
            of_incident.changes = planned;
            changes.push(of_incident);
        }
        join_points(self.tx, kept, gone, span)?;
        fold_alerts::join_rows(self.tx, into, from, span)?;
        commit(self.tx, self.actor, changes)?;
        self.occurrences.fold(key, kept, gone);
        self.index.fold_alert(kept, gone, span);
        self.known.retain(|_, known| known.id != gone);
        let (at, incident) = (from.last_activity, into.incident_id);
        let open = into.status != AlertStatus::Resolved;
        let counted = CountedId { alert: kept, incident, at, open, resolved_by_rule: !open, may_update: true };
        let identity = (from.source.clone(), from.provider_alert_id.clone());
        self.occurrences.counted_ids.insert(identity, counted);
        Ok(())
    }

    fn may_fold(&mut self, into: &Alert, from: &Alert) -> Result<bool> {
        if [into, from].iter().any(|alert| alert.episode != Episode::FIRST.number) {
            return Ok(false);
        }
        for alert in [into, from] {
            if decided_by::alert_touched_by_person(self.tx.conn, alert.id)? {
                return Ok(false);
            }
        }
        if into.incident_id == from.incident_id {
            return Ok(true);
        }
        Ok(!decided_by::touched_by_person(self.tx.conn, from.incident_id)?
            && !merge_exclusions::is_excluded(self.tx.conn, into.incident_id, from.incident_id)?)
    }
}

/// What it means for the incident of one of them or of both.
fn planned(incident: &Incident, into: &Alert, from: &Alert) -> Vec<PlannedChange> {
    let (title, occurrences) = (from.title.clone(), from.occurrences);
    let folded = Change::AlertFolded { title, gone: from.id, into: into.id, occurrences };
    if incident.id != into.incident_id {
        let is_last = incident.alert_count <= 1 && incident.status != Status::Redirected;
        let redirected = || Change::Redirected { to: into.incident_id, status: incident.status };
        let leads_there = is_last.then(redirected).map(PlannedChange::incident);
        return std::iter::once(PlannedChange::incident(folded)).chain(leads_there).collect();
    }
    let mut planned = vec![PlannedChange::alert(into.id, folded)];
    if from.severity > into.severity {
        let change = Change::AlertSeveritySet { from: into.severity, to: from.severity };
        planned.push(PlannedChange::alert(into.id, change));
    }
    planned
}
