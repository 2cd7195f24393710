//! Updates of alerts that are stored already, and what their source may still decide about them.

use crate::correlation::placement::{Placement, place};
use crate::error::Result;
use crate::history::alert_updates::{AlertUpdate, new_comments};
use crate::history::new_alert::NewAlert;
use crate::ingest::batch::{Batch, PendingAlertState};
use crate::ingest::episodes::{self, Report};
use crate::ingest::identity::{identity, load_stored};
use crate::ingest::prepared_alert::alert_to_place;
use crate::ingest::result::IngestResult;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::change::Change;
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::{LinkedBy, links_nothing};
use crate::model::outcome::Outcome;
use crate::model::planned_change::PlannedChange;

/// What became of a report of a stored alert.
pub(super) enum Taken {
    /// It was an update, or said nothing new.
    Known(IngestResult),
    /// It begins the next episode of this alert.
    Continues(Box<Alert>),
}

impl<'r> Batch<'_, '_, 'r> {
    /// `in_provider_incident`: the provider reports it within its own incident.
    pub(super) fn ingest_known(
        &mut self,
        alert: &'r IncomingAlert,
        payload: &'r str,
        in_provider_incident: bool,
    ) -> Result<Option<Taken>> {
        let Some(mut known) = self.known.get(&identity(alert)).cloned() else { return Ok(None) };
        if self.updated.contains(&known.id) {
            // It is in this batch twice: the first is stored before the second is compared with it.
            self.write()?;
        }
        if self.stale.remove(&known.id) {
            known = self.reload(alert, payload)?.unwrap_or(known);
        }
        if let Some(state) = self.alert_states.get(&known.id) {
            known.status = state.status;
            known.severity = state.severity;
            known.classification = state.outcome.classification;
            known.determination = state.outcome.determination;
        }
        known.incident_id = self.current_incident(known.incident_id);
        if known.payload_hash != self.prepared(alert)?.hash {
            match self.report(&known, alert, in_provider_incident)? {
                Report::Older => {}
                Report::Continues => return Ok(Some(Taken::Continues(Box::new(known)))),
                Report::Reopens => {
                    self.reopen(known.incident_id)?;
                    known = self.reload(alert, payload)?.unwrap_or(known);
                    self.update(&known, (alert, payload), true)?;
                }
                Report::Update { of_source } => self.update(&known, (alert, payload), of_source)?,
            }
        }
        let (alert_id, incident_id) = (Some(known.id), Some(known.incident_id));
        Ok(Some(Taken::Known(IngestResult { updated: 1, alert_id, incident_id, ..IngestResult::default() })))
    }

    /// The alert as it is stored now.
    fn reload(&mut self, alert: &'r IncomingAlert, payload: &'r str) -> Result<Option<Alert>> {
        let stored = load_stored(self.tx.conn, &[(alert, payload)])?;
        self.known.extend(stored);
        Ok(self.known.get(&identity(alert)).cloned())
    }

    /// `of_source`: the source's status and severity count as well.
    fn update(&mut self, known: &Alert, (alert, payload): (&'r IncomingAlert, &'r str), of_source: bool) -> Result<()> {
        let routine = links_nothing(&known.linked_by, &known.category);
        let reported = NewAlert {
            linked_by: known.linked_by.clone(),
            routine,
            ..self.prepared(alert)?.as_reported(known.id, (alert, payload), &self.rights.reporter)
        };
        let keeps_severity = !of_source || known.severity_given && alert.severity.is_none();
        let update = AlertUpdate::new(self.tx.conn, known.clone(), reported, keeps_severity)?;
        let added = update.new_evidence();
        self.claim(known.incident_id)?;
        if let Some(pending) = self.pending_incidents.get_mut(&known.incident_id) {
            pending.updates.push(update);
        }
        self.updated.insert(known.id);
        let mut by_source = changes_by_source(known, alert, of_source);
        if self.rules.sets_severity(alert) {
            by_source.retain(|change| !matches!(change, Change::AlertSeveritySet { .. }));
        }
        let mut what = what_changed(known, alert, added);
        // What the source told is one entry, if that entry says what changed (R20).
        if what.is_empty() && by_source.is_empty() {
            what.push("details".to_owned());
        }
        if !what.is_empty() {
            let change = Change::AlertUpdated { title: alert.title.clone(), what };
            self.add_change(known.incident_id, PlannedChange::alert(known.id, change))?;
        }
        for comment in new_comments(self.tx, known.id, &alert.comments)? {
            self.add_change(
                known.incident_id,
                PlannedChange::alert(known.id, Change::imported_comment(comment)).by(comment.author.clone()),
            )?;
        }
        self.follow_source(known, by_source)?;
        self.follow_activity(known, alert);
        if of_source && added > 0 && !routine {
            self.relink(known, alert)?;
        }
        Ok(())
    }

    fn follow_source(&mut self, known: &Alert, by_source: Vec<Change>) -> Result<()> {
        let mut state = PendingAlertState { status: known.status, severity: known.severity, outcome: known.outcome() };
        for change in by_source {
            match &change {
                Change::AlertStatusSet { to, .. } => state.status = *to,
                Change::AlertSeveritySet { to, .. } => state.severity = *to,
                Change::Classified { to, .. } => state.outcome = *to,
                _ => {}
            }
            self.add_change(known.incident_id, PlannedChange::alert(known.id, change))?;
        }
        self.alert_states.insert(known.id, state);
        Ok(())
    }

    /// New evidence may link the alert's incident to others, as a new alert's would.
    fn relink(&mut self, known: &Alert, alert: &'r IncomingAlert) -> Result<()> {
        let prepared = self.prepared(alert)?;
        let to_place = alert_to_place(alert, &prepared.detection, &prepared.link_keys, None);
        let candidates = self.index.candidates_besides(&to_place, known.incident_id);
        let mut home = known.incident_id;
        if let Placement::Joined { incident, also_linked, .. } = place(&candidates) {
            let mut linked_by = LinkedBy::default();
            let linked = std::iter::once(incident).chain(also_linked).filter(|other| *other != known.incident_id);
            let others: Vec<i64> = linked.collect();
            home = self.merge_linked(home, &others, alert, &candidates, &mut linked_by)?;
        }
        self.index.count_detection(&to_place, &prepared.own_keys);
        let (_, now) = activity(known, alert);
        self.index.locate(known.id, home, &alert.title);
        self.index.add_keys(known.id, now, &prepared.link_keys);
        Ok(())
    }

    /// Later activity moves the ends at which the alert links to others.
    fn follow_activity(&mut self, known: &Alert, alert: &IncomingAlert) {
        let (before, now) = activity(known, alert);
        if before != now {
            self.index.extend_alert(known.id, before, now);
        }
    }
}

/// When the alert was active by what is stored, and when it is by what is reported as well: first and last.
fn activity(known: &Alert, alert: &IncomingAlert) -> ((i64, i64), (i64, i64)) {
    let before = (known.first_activity, known.last_activity);
    (before, (before.0.min(alert.first_activity), before.1.max(alert.last_activity)))
}

/// What is new beside the fields that the source may change.
fn what_changed(known: &Alert, alert: &IncomingAlert, added: usize) -> Vec<String> {
    let mut what = Vec::new();
    match added {
        0 => {}
        1 => what.push("1 new piece of evidence".to_owned()),
        _ => what.push(format!("{added} new pieces of evidence")),
    }
    if alert.last_activity > known.last_activity {
        what.push("later activity".to_owned());
    }
    if alert.title != known.title && alert.has_own_title() {
        what.push("title".to_owned());
    }
    if alert.category != known.category && !(alert.partial && alert.category.is_empty()) {
        what.push("category".to_owned());
    }
    if alert.techniques != known.techniques.0 && !(alert.partial && alert.techniques.is_empty()) {
        what.push("techniques".to_owned());
    }
    if alert.occurrences > 0 && known.counted_by_source != Some(alert.occurrences) {
        what.push("count".to_owned());
    }
    what
}

/// The changes that the source may make: none where a person has decided (R14).
fn changes_by_source(known: &Alert, alert: &IncomingAlert, of_source: bool) -> Vec<Change> {
    let mut changes = Vec::new();
    if alert.partial {
        return changes;
    }
    if let Some(to) = AlertStatus::parse(&alert.status)
        && of_source
        && !known.status_by_person
        && (known.closed_with.is_none() || episodes::goes_on(alert, known))
        && to != known.status
    {
        let (with_incident, before) = (false, known.closing());
        changes.push(Change::AlertStatusSet { from: known.status, to, with_incident, before, restores: None });
    }
    // A severity that is missing this time says nothing about the one given before.
    if let Some(to) = alert.severity
        && of_source
        && to != known.severity
    {
        changes.push(Change::AlertSeveritySet { from: known.severity, to });
    }
    let reported = Outcome::stored(&alert.classification, &alert.determination);
    if reported.is_set() && !known.outcome().is_set() && !known.classified_by_person {
        changes.push(Change::Classified { from: known.outcome(), to: reported });
    }
    changes
}
