//! Whether a report of a stored alert updates it, reopens it, or begins its next episode (R16).

use crate::alerts::lookup::alert_states;
use crate::error::Result;
use crate::history::decided_by;
use crate::incidents::lookup::find_incident;
use crate::incidents::status;
use crate::ingest::batch::Batch;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::change::Change;
use crate::model::episode::{EarlierEpisode, Episode};
use crate::model::incident::Status;
use crate::model::incoming::IncomingAlert;
use crate::model::planned_change::PlannedChange;

/// What a changed report is to the stored alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    /// It says that it is older than what is stored: nothing changes.
    Older,
    /// It updates the alert. `of_source`: the source's status and severity count as well.
    Update { of_source: bool },
    /// Only the source or the machine had resolved the alert's incident: it is open again.
    Reopens,
    /// A person has resolved the alert, and the finding goes on.
    Continues,
}

impl Batch<'_, '_, '_> {
    /// `in_provider_incident`: the provider reports the alert within its own incident, whose status counts.
    pub(super) fn report(
        &mut self,
        known: &Alert,
        alert: &IncomingAlert,
        in_provider_incident: bool,
    ) -> Result<Report> {
        if is_older(alert, known) {
            return Ok(Report::Older);
        }
        let incident = self.present_status(known.incident_id)?;
        let is_closed = incident == Status::Resolved;
        let by_person = if is_closed {
            // A rule that resolves alerts speaks for people.
            self.is_resolved_by_person(known.incident_id)?
                || known.status == AlertStatus::Resolved && known.status_by_person
        } else {
            known.status == AlertStatus::Resolved && self.is_alert_resolved_by_person(known)?
        };
        let goes_on = goes_on(alert, known);
        Ok(match (by_person, is_closed) {
            (true, _) if goes_on => Report::Continues,
            (true, _) => Report::Update { of_source: false },
            (false, true) if in_provider_incident => Report::Update { of_source: true },
            (false, true) if goes_on || says_open_again(alert, known) => Report::Reopens,
            (false, _) => Report::Update { of_source: true },
        })
    }

    /// The next episode of an alert.
    pub(super) fn next_episode(&mut self, known: &Alert) -> Result<Episode> {
        let incident = find_incident(self.tx.conn, known.incident_id)?;
        let outcome = if incident.outcome().is_set() { incident.outcome() } else { known.outcome() };
        let earlier = EarlierEpisode { alert: known.id, incident: known.incident_id, outcome };
        Ok(Episode { number: known.episode + 1, earlier: Some(earlier) })
    }

    /// Records in the history of the earlier alert where its finding goes on.
    pub(super) fn note_continued(&mut self, known: &Alert, alert: i64, incident: i64) -> Result<()> {
        let change = Change::AlertContinued { title: known.title.clone(), alert, incident };
        let earlier = self.current_incident(known.incident_id);
        self.add_change(earlier, PlannedChange::alert(known.id, change))
    }

    /// Sets an incident that only its source or the machine had resolved to Active, with the alerts that were
    /// resolved with it.
    pub(super) fn reopen(&mut self, incident: i64) -> Result<()> {
        self.write()?;
        let states = alert_states(self.tx.conn, incident)?;
        self.claim(incident)?;
        if let Some(pending) = self.pending_incidents.get_mut(&incident) {
            let changes = status::set(pending.claimed.incident(), &states, Status::Active, None);
            pending.changes.extend(changes);
        }
        self.write()
    }

    /// The status of an incident after the changes of the batch so far.
    fn present_status(&mut self, incident: i64) -> Result<Status> {
        self.claim(incident)?;
        let Some(pending) = self.pending_incidents.get(&incident) else { return Ok(Status::Active) };
        let set = pending.changes.iter().rev().find_map(|planned| match &planned.change {
            Change::StatusSet { to, .. } => Some(*to),
            _ => None,
        });
        Ok(set.unwrap_or(pending.claimed.incident().status))
    }

    fn is_resolved_by_person(&mut self, incident: i64) -> Result<bool> {
        let unstored = self.pending_incidents.get(&incident).is_some_and(|pending| {
            // What this batch has opened or resolved, a source has resolved.
            pending.new.is_some()
                || pending.changes.iter().any(|planned| matches!(planned.change, Change::StatusSet { .. }))
        });
        if unstored { Ok(false) } else { decided_by::resolved_by_person(self.tx.conn, incident) }
    }

    /// Whether a person resolved the alert, or the incident that it was resolved with.
    fn is_alert_resolved_by_person(&mut self, known: &Alert) -> Result<bool> {
        match known.closed_with {
            _ if known.status_by_person => Ok(true),
            Some(with) => decided_by::resolved_by_person(self.tx.conn, with),
            None => Ok(false),
        }
    }
}

/// Whether the finding goes on: its source tells of later activity, by its own times, and does not call it
/// resolved. A part of an alert does not say so of the whole.
pub(super) fn goes_on(alert: &IncomingAlert, known: &Alert) -> bool {
    !alert.partial
        && !alert.times_of_arrival
        && alert.last_activity > known.last_activity
        && AlertStatus::parse(&alert.status) != Some(AlertStatus::Resolved)
}

fn says_open_again(alert: &IncomingAlert, known: &Alert) -> bool {
    let reported = AlertStatus::parse(&alert.status).filter(|_| !alert.partial);
    known.status == AlertStatus::Resolved && reported.is_some_and(|reported| reported != AlertStatus::Resolved)
}

/// Whether the record is older than what is stored: by the times of update where both have one, else by the
/// activity, as far as the alert is resolved.
fn is_older(alert: &IncomingAlert, known: &Alert) -> bool {
    match (alert.provider_updated_at, known.provider_updated_at) {
        (Some(sent), Some(known)) => sent < known,
        _ => {
            known.status == AlertStatus::Resolved
                && !alert.partial
                && !alert.times_of_arrival
                && alert.last_activity < known.last_activity
        }
    }
}
