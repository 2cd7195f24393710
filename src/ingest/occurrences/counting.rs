//! Counting an occurrence towards the open alert of the same detection on the same assets.

use diesel::prelude::*;

use crate::error::Result;
use crate::history::occurrence_counts;
use crate::ingest::batch::Batch;
use crate::ingest::identity::identity;
use crate::ingest::occurrences::series::{CountedId, CountingAlert};
use crate::ingest::ownership::NOT_ITS_ALERT;
use crate::ingest::prepared_alert::PreparedAlert;
use crate::ingest::result::IngestResult;
use crate::model::change::Change;
use crate::model::incoming::IncomingAlert;
use crate::model::linking::can_link;
use crate::model::planned_change::PlannedChange;
use crate::schema::alert_occurrences;

impl<'r> Batch<'_, '_, 'r> {
    /// Counts the alert as an occurrence of one that is open and recent; `None` when there is none, so that
    /// it becomes an alert of its own.
    pub(in crate::ingest) fn count_occurrence(
        &mut self,
        alert: &'r IncomingAlert,
        payload: &'r str,
        prepared: &PreparedAlert,
    ) -> Result<Option<IngestResult>> {
        let key = self.series(alert, &prepared.subject, &prepared.entities);
        let Some(counting) = self.counting_alert(&key, alert)? else { return Ok(None) };
        let incident = self.current_incident(counting.incident);
        let total = counting.occurrences.saturating_add(alert.occurrences.max(1));
        if counting.unstored {
            self.count_in_new_alert(incident, counting.alert, total, alert)?;
        } else {
            self.count_in_stored_alert(incident, &counting, alert)?;
        }
        self.take_over(&key, incident, &counting, alert, prepared)?;
        if let Some(row) = self.occurrences.counting_mut(&key, counting.alert) {
            row.occurrences = total;
        }
        let (source, id) = identity(alert);
        let at = alert.last_activity;
        let (open, resolved_by_rule) = (counting.open, counting.resolved_by_rule);
        let counted = CountedId { alert: counting.alert, incident, at, open, resolved_by_rule, may_update: true };
        self.occurrences.counted_ids.insert((source.to_owned(), id.to_owned()), counted);
        self.occurrences.new.push(occurrence_counts::Occurrence {
            source: source.to_owned(),
            provider_alert_id: id.to_owned(),
            alert_id: counting.alert,
            at,
            payload: payload.to_owned(),
        });
        Ok(Some(IngestResult {
            updated: 1,
            alert_id: Some(counting.alert),
            incident_id: Some(incident),
            ..IngestResult::default()
        }))
    }

    /// Adds the severity, the evidence and the times of a repeat to its alert.
    fn take_over(
        &mut self,
        key: &str,
        incident: i64,
        counting: &CountingAlert,
        repeat: &IncomingAlert,
        prepared: &PreparedAlert,
    ) -> Result<()> {
        self.raise_severity(incident, counting, repeat)?;
        self.collect_evidence(incident, counting, repeat, prepared);
        let before = (counting.first, counting.last);
        let after = (before.0.min(repeat.first_activity), before.1.max(repeat.last_activity));
        if let Some(row) = self.occurrences.counting_mut(key, counting.alert) {
            row.severity = row.severity.max(repeat.severity_or_medium());
            (row.first, row.last) = after;
        }
        self.index.extend_alert(counting.alert, before, after);
        Ok(())
    }

    /// The alert that counts the occurrence. Where it shows that several are one, the later are folded into the
    /// earliest.
    fn counting_alert(&mut self, key: &str, alert: &'r IncomingAlert) -> Result<Option<CountingAlert>> {
        let minutes = self.minutes_of(alert);
        let found = self.occurrences.counting_alerts(key, alert, (minutes, self.rules.resolves(alert)));
        let Some((kept, later)) = found.split_first() else { return Ok(None) };
        for gone in later {
            self.fold(key, alert, (kept.alert, gone.alert))?;
        }
        let row = self.occurrences.counting_mut(key, kept.alert);
        Ok(row.map(|row| row.clone()))
    }

    /// A repeat of a higher severity raises that of the alert, unless a house rule sets it.
    fn raise_severity(&mut self, incident: i64, counting: &CountingAlert, alert: &IncomingAlert) -> Result<()> {
        let (from, to) = (counting.severity, alert.severity_or_medium());
        if to <= from || self.rules.sets_severity(alert) {
            return Ok(());
        }
        self.add_change(incident, PlannedChange::alert(counting.alert, Change::AlertSeveritySet { from, to }))
    }

    /// What a repeat says beside that which the alert says is evidence of the alert.
    fn collect_evidence(
        &mut self,
        incident: i64,
        counting: &CountingAlert,
        alert: &IncomingAlert,
        prepared: &PreparedAlert,
    ) {
        let counted = self.occurrences.count_of(incident, counting.alert);
        let mut adds = false;
        for (item, entity) in alert.evidence.iter().zip(&prepared.entities) {
            let links = !counting.links_nothing && entity.links && can_link(item);
            adds |= counted.add_evidence(item, entity, links);
        }
        // What is new may tie the alert to others.
        if adds && !counting.links_nothing {
            self.index.add_keys(counting.alert, (counting.first, counting.last), &prepared.link_keys);
        }
    }

    /// The result for an occurrence that an alert has counted already: it is not counted again. `None` when it
    /// goes on after that alert was resolved, so that it becomes an alert of its own (R16).
    pub(in crate::ingest) fn counted_already(
        &mut self,
        alert: &IncomingAlert,
        payload: &str,
    ) -> Result<Option<IngestResult>> {
        let Some(counted) = self.occurrences.counted_in(identity(alert)) else { return Ok(None) };
        let result = IngestResult { updated: 1, alert_id: Some(counted.alert), ..IngestResult::default() };
        if !counted.may_update {
            let is_same = self.was_counted_as(alert, payload, &counted)?;
            return Ok(Some(if is_same { result } else { IngestResult::rejected(NOT_ITS_ALERT) }));
        }
        let result = IngestResult { incident_id: Some(self.current_incident(counted.incident)), ..result };
        let goes_on = alert.last_activity > counted.at && !alert.times_of_arrival && alert.status != "resolved";
        let counts = counted.open || counted.resolved_by_rule && self.rules.resolves(alert);
        if goes_on && !counts {
            return Ok(None);
        }
        if goes_on {
            self.go_on(&counted, alert)?;
        }
        Ok(Some(result))
    }

    /// An occurrence that was counted goes on: what it says now is taken, and it is not counted again.
    fn go_on(&mut self, counted: &CountedId, alert: &IncomingAlert) -> Result<()> {
        let prepared = self.prepared(alert)?;
        let key = self.series(alert, &prepared.subject, &prepared.entities);
        let incident = self.current_incident(counted.incident);
        let counting = self.occurrences.counting_mut(&key, counted.alert).map(|row| row.clone());
        if let Some(row) = counting.as_ref().filter(|row| row.unstored) {
            self.count_in_new_alert(incident, row.alert, row.occurrences, alert)?;
        } else {
            let span = (alert.first_activity, alert.last_activity);
            self.occurrences.count_of(incident, counted.alert).add(0, span);
        }
        if let Some(row) = &counting {
            return self.take_over(&key, incident, row, alert, &prepared);
        }
        self.index.note_extended(counted.alert);
        Ok(())
    }

    /// Whether an occurrence says the same as the one of its id that was counted. Only the latest keep what they say;
    /// of the others it is the time.
    fn was_counted_as(&mut self, alert: &IncomingAlert, payload: &str, counted: &CountedId) -> Result<bool> {
        let counted_payload: String = alert_occurrences::table
            .find(identity(alert))
            .select(alert_occurrences::payload)
            .first(self.tx.conn)
            .optional()?
            .unwrap_or_default();
        Ok(match counted_payload.as_str() {
            "" => alert.last_activity == counted.at,
            known => known == payload,
        })
    }

    fn count_in_new_alert(&mut self, incident: i64, id: i64, total: i64, alert: &IncomingAlert) -> Result<()> {
        self.claim(incident)?;
        let new_alerts = self.pending_incidents.get_mut(&incident).map(|pending| &mut pending.new_alerts);
        if let Some(new_alert) = new_alerts.and_then(|all| all.iter_mut().find(|new_alert| new_alert.id == id)) {
            new_alert.occurrences = total;
            new_alert.first_activity = new_alert.first_activity.min(alert.first_activity);
            new_alert.last_activity = new_alert.last_activity.max(alert.last_activity);
        }
        Ok(())
    }

    fn count_in_stored_alert(&mut self, incident: i64, counting: &CountingAlert, alert: &IncomingAlert) -> Result<()> {
        let more = alert.occurrences.max(1);
        let counted = self.occurrences.count_of(incident, counting.alert);
        counted.add(more, (alert.first_activity, alert.last_activity));
        if counting.of_nobody {
            counted.belongs_to(self.rights.reporter.token);
        }
        let total = counting.occurrences.saturating_add(more);
        if crosses_power_of_ten(counting.occurrences, total) {
            let change = Change::AlertRepeated { title: alert.title.clone(), occurrences: total };
            self.add_change(incident, PlannedChange::alert(counting.alert, change))?;
        }
        Ok(())
    }
}

/// The history has an entry at 10, 100, 1,000 and so on occurrences, not one for each of 410,000.
fn crosses_power_of_ten(before: i64, after: i64) -> bool {
    (1..=18).map(|power| 10_i64.pow(power)).any(|milestone| before < milestone && milestone <= after)
}
