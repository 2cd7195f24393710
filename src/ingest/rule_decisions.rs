//! Carries out what house rules decide about an alert.

use crate::correlation::index::AlertToPlace;
use crate::error::Result;
use crate::ingest::batch::Batch;
use crate::ingest::identity::{Identity, identity};
use crate::ingest::result::IngestResult;
use crate::model::entity;
use crate::model::incoming::{IncomingAlert, IncomingIncident};
use crate::model::linked_by::{ALONE, LinkedBy};
use crate::rules::decision::{GroupValue, RuleAction, RuleDecision};
use crate::rules::rule_set::RuleSet;

impl<'r> Batch<'_, '_, 'r> {
    /// The result for an alert that a rule ignores.
    pub(super) fn ignored(&mut self, alert: &IncomingAlert, payload: &str) -> Option<IngestResult> {
        let rule = self.rules.count_ignored(alert, payload)?;
        Some(IngestResult { ignored: 1, ignored_by: Some(rule), ..IngestResult::default() })
    }

    /// The result for a provider's incident whose alerts are all ignored: it is not opened.
    pub(super) fn ignored_whole(
        &mut self,
        incident: &IncomingIncident,
        alerts: &'r [(IncomingAlert, String)],
    ) -> Result<Option<IngestResult>> {
        let left = alerts.iter().any(|(alert, _)| !self.rules.is_ignored(alert));
        if left || alerts.is_empty() {
            return Ok(None);
        }
        let key = entity::bounded_to(&incident.provider_key, 500);
        if self.opened_for(&key)?.is_some() {
            return Ok(None);
        }
        let mut result = IngestResult::default();
        for (alert, payload) in alerts {
            result.add(self.ignored(alert, payload).unwrap_or_default());
        }
        Ok(Some(result))
    }

    /// Places an alert as a rule decides.
    pub(super) fn place_by_rule(
        &mut self,
        decision: &RuleDecision,
        alert: &IncomingAlert,
        to_place: &AlertToPlace<'_>,
    ) -> Result<(i64, LinkedBy)> {
        match &decision.action {
            RuleAction::Alone => Ok((self.open_incident_for(alert, None)?, decision.alone())),
            RuleAction::Group(values) => self.place_in_group(decision, values, alert, to_place),
            RuleAction::Within(_) => {
                let (incident, mut linked_by) = self.place(alert, to_place, None)?;
                decision.explain(&mut linked_by);
                Ok((incident, linked_by))
            }
        }
    }

    fn place_in_group(
        &mut self,
        decision: &RuleDecision,
        values: &[GroupValue],
        alert: &IncomingAlert,
        to_place: &AlertToPlace<'_>,
    ) -> Result<(i64, LinkedBy)> {
        for value in values {
            let Some(known) = self.rules.group_incident(decision, value, (to_place.first, to_place.last)) else {
                continue;
            };
            let incident = self.current_incident(known);
            self.claim(incident)?;
            // A resolved incident takes no more alerts, whatever a rule says (R4).
            if self.pending_incidents.get(&incident).is_some_and(|pending| pending.claimed.incident().is_open()) {
                return Ok((incident, decision.grouped(value, false)));
            }
        }
        let linked_by = values.first().map(|value| decision.grouped(value, true)).unwrap_or_default();
        Ok((self.open_incident_for(alert, None)?, linked_by))
    }

    /// Records where an alert with a rule's decision was placed; `kept`: its provider had placed it.
    pub(super) fn note_rule(
        &mut self,
        decision: &RuleDecision,
        incident: i64,
        to_place: &AlertToPlace<'_>,
        kept: bool,
        linked_by: &mut LinkedBy,
    ) {
        if !kept {
            self.rules.record_placement(decision, incident, (to_place.first, to_place.last));
        } else if decision.is_alone() {
            linked_by.reasons.push(ALONE.to_owned());
        }
    }

    /// Marks and removes the ignored alerts, before any of their entities is stored.
    pub(super) fn drop_ignored(
        rules: &mut RuleSet,
        known: &std::collections::HashMap<Identity<'r>, crate::model::alert::Alert>,
        alerts: &mut Vec<(&'r IncomingAlert, &'r str)>,
    ) {
        let new = alerts.iter().map(|(alert, _)| *alert).filter(|alert| !known.contains_key(&identity(alert)));
        rules.mark_ignored(new);
        alerts.retain(|(alert, _)| !rules.is_ignored(alert));
    }
}
