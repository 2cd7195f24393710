//! Merging the open incidents that one alert links to (R12).

use std::collections::BTreeSet;
use std::time::Instant;

use crate::correlation::candidate::Candidate;
use crate::correlation::{explanation, placement};
use crate::error::Result;
use crate::incidents::merge_rules::{AT_ONCE, MergePlan};
use crate::incidents::merging;
use crate::ingest::batch::Batch;
use crate::model::actor::Actor;
use crate::model::incident::Incident;
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::LinkedBy;

/// The actor of these merges, as the history names it.
pub(super) const CORRELATION: &str = "Correlation";

impl Batch<'_, '_, '_> {
    /// Merges `chosen` and the others as far as that is allowed; returns the one that the alert joins.
    pub(super) fn merge_linked(
        &mut self,
        chosen: i64,
        others: &[i64],
        alert: &IncomingAlert,
        candidates: &[Candidate],
        linked_by: &mut LinkedBy,
    ) -> Result<i64> {
        if others.len() >= AT_ONCE {
            linked_by.explanation.push_str(&explanation::too_many(others.len()));
            return Ok(chosen);
        }
        // An earlier write of this batch may have stored and released it.
        self.claim(chosen)?;
        let Some(first) = self.with_pending_alerts(chosen) else { return Ok(chosen) };
        let mut plan = MergePlan::new(first);
        for other in others {
            self.claim(*other)?;
            let Some(incident) = self.with_pending_alerts(*other) else { continue };
            match self.hindrance(&plan, &incident) {
                None => plan.add(incident),
                Some(hindrance) => {
                    let shared = placement::in_common(candidates, *other);
                    let considered = format!("Incident {other}: {shared}, but not merged: {hindrance}.");
                    linked_by.considered.push(considered);
                }
            }
        }
        let (kept, title) = (plan.kept(), alert.title.trim());
        let in_common = |incident: i64| placement::in_common(candidates, incident);
        let why = |gone: i64| {
            let (here, there) = (in_common(kept), in_common(gone));
            format!("\"{title}\" links them: {here} as incident {kept}, {there} as incident {gone}.")
        };
        let gone: Vec<(i64, String)> = plan.gone().into_iter().map(|gone| (gone, why(gone))).collect();
        self.merge(kept, gone, &format!("\"{title}\" links them."))?;
        Ok(kept)
    }

    /// Why an incident may not be merged with some others.
    fn hindrance(&self, plan: &MergePlan, other: &Incident) -> Option<&'static str> {
        let apart = |member: &i64| self.index.is_merge_excluded(*member, other.id);
        match (self.tx.automatic_merging, plan.members().iter().any(apart)) {
            (false, _) => Some("automatic merging is turned off"),
            (_, true) => Some("a person separated them"),
            _ => plan.hindrance(other),
        }
    }

    /// An incident with the alerts that this batch has added, for the rules of merging.
    fn with_pending_alerts(&self, id: i64) -> Option<Incident> {
        let pending = self.pending_incidents.get(&id)?;
        let mut incident = pending.claimed.incident().clone();
        incident.alert_count += i64::try_from(pending.new_alerts.len()).unwrap_or(i64::MAX);
        Some(incident)
    }

    /// Merges the others, each with the reason for it, into `kept`. `reason` is that of the whole.
    pub(super) fn merge(&mut self, kept: i64, gone: Vec<(i64, String)>, reason: &str) -> Result<()> {
        if gone.is_empty() {
            return Ok(());
        }
        let begun = Instant::now();
        let ids: BTreeSet<i64> = gone.iter().map(|(id, _)| *id).collect();
        let (unstored, stored): (Vec<_>, Vec<_>) = gone.into_iter().partition(|(id, _)| self.can_dissolve(*id));
        for (id, why) in unstored {
            self.dissolve(id, kept, &why);
        }
        if !stored.is_empty() {
            self.write()?;
            merging::merge(self.tx, &Actor::System(CORRELATION), kept, &stored, reason)?;
        }
        self.index.merge_incidents(kept, &ids);
        self.occurrences.merge_incidents(kept, &ids);
        self.rules.merge_incidents(kept, &ids);
        self.merged.extend(ids.into_iter().map(|id| (id, kept)));
        self.claim(kept)?;
        if let Some(pending) = self.pending_incidents.get(&kept) {
            let incident = pending.claimed.incident().clone();
            self.index.update_after_merge(&incident);
        }
        self.merging += begun.elapsed();
        Ok(())
    }

    /// Whether an incident is not stored yet and nobody else names it, so that its alerts are simply put into
    /// another.
    fn can_dissolve(&self, id: i64) -> bool {
        let new = self.pending_incidents.get(&id).and_then(|pending| pending.new.as_ref());
        new.is_some_and(|new| new.provider_key.is_none())
    }

    fn dissolve(&mut self, id: i64, into: i64, why: &str) {
        let Some(pending) = self.pending_incidents.remove(&id) else { return };
        let Some(survivor) = self.pending_incidents.get_mut(&into) else { return };
        for mut new_alert in pending.new_alerts {
            if new_alert.linked_by.reasons.is_empty() {
                new_alert.linked_by.reasons.push("eventSequence".to_owned());
                why.clone_into(&mut new_alert.linked_by.explanation);
            }
            survivor.new_alerts.push(new_alert);
        }
        // What repeats changed at its alerts.
        survivor.changes.extend(pending.changes.into_iter().filter(|planned| planned.alert.is_some()));
    }
}
