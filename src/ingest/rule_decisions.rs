//! What the rules of the house say of an alert, done.

use crate::correlation::index::Arriving;
use crate::error::Result;
use crate::ingest::batch::Batch;
use crate::ingest::known_alerts;
use crate::ingest::result::Taken;
use crate::model::entity;
use crate::model::incoming::{IncomingAlert, IncomingIncident};
use crate::model::linked_by::{ALONE, LinkedBy};
use crate::rules::rule_set::{Directive, Value, What};

impl<'r> Batch<'_, '_, 'r> {
    /// The answer for an alert that a rule ignores.
    pub(super) fn ignored(&mut self, alert: &IncomingAlert) -> Option<Taken> {
        let rule = self.house.count_ignored(alert)?;
        Some(Taken { ignored: 1, ignored_by: Some(rule), ..Taken::default() })
    }

    /// The answer for a provider's incident of which nothing is left: it is not even opened.
    pub(super) fn ignored_whole(
        &mut self,
        incident: &IncomingIncident,
        alerts: &'r [(IncomingAlert, String)],
    ) -> Result<Option<Taken>> {
        let left = alerts.iter().any(|(alert, _)| !self.house.ignores(alert));
        if left || alerts.is_empty() {
            return Ok(None);
        }
        let key = entity::bounded_to(&incident.provider_key, 500);
        if self.opened_for(&key)?.is_some() {
            return Ok(None);
        }
        let mut taken = Taken::default();
        for (alert, _) in alerts {
            taken.add(self.ignored(alert).unwrap_or_default());
        }
        Ok(Some(taken))
    }

    /// Places an alert as a rule says.
    pub(super) fn place_by(
        &mut self,
        directive: &Directive,
        alert: &IncomingAlert,
        arriving: &Arriving<'_>,
        routine: bool,
    ) -> Result<(i64, LinkedBy)> {
        match &directive.what {
            What::Alone => Ok((self.open_new(alert, None)?, directive.alone())),
            What::Group(values) => self.gather(directive, values, alert, arriving),
            What::Within(_) => {
                let (incident, mut linked_by) = self.place(alert, arriving, routine)?;
                directive.tell(&mut linked_by);
                Ok((incident, linked_by))
            }
        }
    }

    fn gather(
        &mut self,
        directive: &Directive,
        values: &[Value],
        alert: &IncomingAlert,
        arriving: &Arriving<'_>,
    ) -> Result<(i64, LinkedBy)> {
        for value in values {
            let Some(known) = self.house.group(directive, value, (arriving.first, arriving.last)) else { continue };
            let incident = self.lives_in(known);
            self.claim(incident)?;
            // R4: what is resolved takes no more alerts, whatever a rule says.
            if self.standings.get(&incident).is_some_and(|standing| standing.claimed.incident().is_open()) {
                return Ok((incident, directive.grouped(value, false)));
            }
        }
        let linked_by = values.first().map(|value| directive.grouped(value, true)).unwrap_or_default();
        Ok((self.open_new(alert, None)?, linked_by))
    }

    /// Notes where an alert of a directive went; `kept` says that its provider's word stands.
    pub(super) fn placed_by(
        &mut self,
        directive: &Directive,
        incident: i64,
        arriving: &Arriving<'_>,
        kept: bool,
        linked_by: &mut LinkedBy,
    ) {
        if !kept {
            self.house.placed(directive, incident, (arriving.first, arriving.last));
        } else if directive.is_alone() {
            linked_by.reasons.push(ALONE.to_owned());
        }
    }

    /// Which of the alerts are ignored: rules are asked before anything of theirs is stored.
    pub(super) fn ask_house(
        house: &mut crate::rules::rule_set::House,
        known: &std::collections::HashMap<crate::ingest::batch::Identity<'r>, crate::model::alert::Alert>,
        alerts: &mut Vec<(&'r IncomingAlert, &'r str)>,
    ) {
        let new =
            alerts.iter().map(|(alert, _)| *alert).filter(|alert| !known.contains_key(&known_alerts::identity(alert)));
        house.ignore(new);
        alerts.retain(|(alert, _)| !house.ignores(alert));
    }
}
