//! Merging the open incidents that one alert links to (R12).

use crate::correlation::candidate::Candidate;
use crate::correlation::placement;
use crate::error::Result;
use crate::incidents::merging;
use crate::ingest::batch::Batch;
use crate::model::actor::Actor;
use crate::model::incident::Incident;
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::LinkedBy;

/// The actor of these merges, as the history names it.
const CORRELATION: &str = "Correlation";

impl Batch<'_, '_, '_> {
    /// Merges `other` and `chosen` if that is allowed; returns the one that the alert joins.
    pub(super) fn merge_if_allowed(
        &mut self,
        chosen: i64,
        other: i64,
        alert: &IncomingAlert,
        candidates: &[Candidate],
        linked_by: &mut LinkedBy,
    ) -> Result<i64> {
        // An earlier write of this batch may have stored and released them.
        self.claim(chosen)?;
        self.claim(other)?;
        let (Some(one), Some(two)) = (self.with_pending_alerts(chosen), self.with_pending_alerts(other)) else {
            return Ok(chosen);
        };
        let hindrance = match (self.tx.automatic_merging, self.index.is_merge_excluded(chosen, other)) {
            (false, _) => Some("automatic merging is turned off"),
            (_, true) => Some("a person took the two apart"),
            _ => merging::hindrance(&one, &two),
        };
        if let Some(hindrance) = hindrance {
            let shared = placement::in_common(candidates, other);
            linked_by.considered.push(format!("Incident {other}: {shared} too, but not merged: {hindrance}."));
            return Ok(chosen);
        }
        let kept = merging::survivor(&one, &two).id;
        let gone = if kept == chosen { other } else { chosen };
        let why = format!(
            "\"{}\" ties them together: {} as incident {kept}, {} as incident {gone}.",
            alert.title.trim(),
            placement::in_common(candidates, kept),
            placement::in_common(candidates, gone)
        );
        self.merge(kept, gone, &why)?;
        Ok(kept)
    }

    /// An incident with the alerts that this batch has added, for the rules of merging.
    fn with_pending_alerts(&self, id: i64) -> Option<Incident> {
        let pending = self.pending_incidents.get(&id)?;
        let mut incident = pending.claimed.incident().clone();
        incident.alert_count += i64::try_from(pending.new_alerts.len()).unwrap_or(i64::MAX);
        Some(incident)
    }

    pub(super) fn merge(&mut self, kept: i64, gone: i64, why: &str) -> Result<()> {
        let unstored = self
            .pending_incidents
            .get(&gone)
            .is_some_and(|pending| pending.new.as_ref().is_some_and(|new| new.provider_key.is_none()));
        if unstored {
            // It is not stored yet, so its alerts are simply put into the other.
            if let Some(pending) = self.pending_incidents.remove(&gone)
                && let Some(survivor) = self.pending_incidents.get_mut(&kept)
            {
                for mut new_alert in pending.new_alerts {
                    if new_alert.linked_by.reasons.is_empty() {
                        new_alert.linked_by.reasons.push("eventSequence".to_owned());
                        why.clone_into(&mut new_alert.linked_by.explanation);
                    }
                    survivor.new_alerts.push(new_alert);
                }
            }
        } else {
            self.write()?;
            merging::merge(self.tx, &Actor::System(CORRELATION), kept, gone, why)?;
        }
        self.index.merge_incidents(kept, gone);
        self.occurrences.merge_incidents(kept, gone);
        self.rules.merge_incidents(kept, gone);
        self.merged.insert(gone, kept);
        self.claim(kept)?;
        if let Some(pending) = self.pending_incidents.get(&kept) {
            let incident = pending.claimed.incident().clone();
            self.index.update_after_merge(&incident);
        }
        Ok(())
    }
}
