//! An alert that is linked to two open incidents ties them together (R12).

use crate::correlation::candidate::Candidate;
use crate::correlation::placement;
use crate::error::Result;
use crate::incidents::merging;
use crate::ingest::batch::Batch;
use crate::model::actor::Actor;
use crate::model::incident::Incident;
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::LinkedBy;

/// Who merges.
const CORRELATION: &str = "Correlation";

impl Batch<'_, '_, '_> {
    /// Merges `other` and `home` if that is allowed; returns the one that the alert joins.
    pub(super) fn tie(
        &mut self,
        home: i64,
        other: i64,
        alert: &IncomingAlert,
        candidates: &[Candidate],
        linked_by: &mut LinkedBy,
    ) -> Result<i64> {
        // An earlier write of this batch may have given them up.
        self.claim(home)?;
        self.claim(other)?;
        let (Some(one), Some(two)) = (self.as_it_stands(home), self.as_it_stands(other)) else { return Ok(home) };
        let hindrance = match (self.tx.automatic_merging, self.world.are_apart(home, other)) {
            (false, _) => Some("automatic merging is turned off"),
            (_, true) => Some("a person took the two apart"),
            _ => merging::hindrance(&one, &two),
        };
        if let Some(hindrance) = hindrance {
            let shared = placement::in_common(candidates, other);
            linked_by.considered.push(format!("Incident {other}: {shared} too, but not merged: {hindrance}."));
            return Ok(home);
        }
        let kept = merging::survivor(&one, &two).id;
        let gone = if kept == home { other } else { home };
        let why = format!(
            "\"{}\" ties them together: {} as incident {kept}, {} as incident {gone}.",
            alert.title.trim(),
            placement::in_common(candidates, kept),
            placement::in_common(candidates, gone)
        );
        self.merge(kept, gone, &why)?;
        Ok(kept)
    }

    /// An incident with what this batch has added so far, as far as merging asks.
    fn as_it_stands(&self, id: i64) -> Option<Incident> {
        let standing = self.standings.get(&id)?;
        let mut incident = standing.claimed.incident().clone();
        incident.alert_count += i64::try_from(standing.new_alerts.len()).unwrap_or(i64::MAX);
        Some(incident)
    }

    pub(super) fn merge(&mut self, kept: i64, gone: i64, why: &str) -> Result<()> {
        let unstored = self
            .standings
            .get(&gone)
            .is_some_and(|standing| standing.new.as_ref().is_some_and(|new| new.provider_key.is_none()));
        if unstored {
            // Nobody has seen it: its alerts simply belong to the other.
            if let Some(standing) = self.standings.remove(&gone)
                && let Some(survivor) = self.standings.get_mut(&kept)
            {
                for mut arrival in standing.new_alerts {
                    if arrival.linked_by.reasons.is_empty() {
                        arrival.linked_by.reasons.push("eventSequence".to_owned());
                        why.clone_into(&mut arrival.linked_by.sentence);
                    }
                    survivor.new_alerts.push(arrival);
                }
            }
        } else {
            self.write()?;
            merging::merge(self.tx, &Actor::System(CORRELATION), kept, gone, why)?;
        }
        self.world.merged(kept, gone);
        self.repeats.merged(kept, gone);
        self.house.merged(kept, gone);
        self.merged.insert(gone, kept);
        self.claim(kept)?;
        if let Some(standing) = self.standings.get(&kept) {
            let incident = standing.claimed.incident().clone();
            self.world.relearn(&incident);
        }
        Ok(())
    }
}
