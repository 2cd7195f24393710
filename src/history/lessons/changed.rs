//! The alerts and incidents of a commit that may count as something else afterwards.

use crate::db::Tx;
use crate::error::Result;
use crate::history::incident_changes::IncidentChanges;
use crate::history::lessons::tally::Tally;
use crate::history::lessons::{facts, store};
use crate::history::occurrence_counts::OccurrenceCount;
use crate::model::change::Change;
use crate::model::planned_change::PlannedChange;

/// What is changed, and what it counted as before.
pub(in crate::history) struct Changed {
    alerts: Vec<i64>,
    incidents: Vec<i64>,
    before: Tally,
}

impl Changed {
    /// Reads what is going to change, before it does.
    pub fn read(tx: &mut Tx<'_>, changes: &[IncidentChanges<'_>]) -> Result<Self> {
        let (mut alerts, mut incidents) = (Vec::new(), Vec::new());
        for one in changes {
            alerts.extend(one.updates.iter().map(|update| update.known.id));
            alerts.extend(one.changes.iter().filter_map(classified_alert));
            alerts.extend(one.occurrences.iter().filter_map(OccurrenceCount::alert_with_assets));
            if one.new.is_none() && one.changes.iter().any(counts_otherwise) {
                incidents.push(one.claimed.incident().id);
            }
        }
        alerts.sort_unstable();
        alerts.dedup();
        let mut before = Tally::default();
        let is_new = |one: &IncidentChanges<'_>| one.new.is_some() || !one.new_alerts.is_empty();
        // A commit that changes no count, such as a tag or a repeat, waits for nobody.
        if !alerts.is_empty() || !incidents.is_empty() || changes.iter().any(is_new) {
            store::lock(tx)?;
        }
        facts::of_alerts(tx.conn, &alerts, &mut before)?;
        facts::of_incidents(tx.conn, &incidents, &mut before)?;
        alerts.extend(changes.iter().flat_map(|one| one.new_alerts.iter().map(|new| new.id)));
        alerts.sort_unstable();
        alerts.dedup();
        incidents.extend(changes.iter().filter(|one| one.new.is_some()).map(|one| one.claimed.incident().id));
        Ok(Self { alerts, incidents, before })
    }

    /// Adds the difference, after everything is stored.
    pub fn store(self, tx: &mut Tx<'_>) -> Result<()> {
        let mut moved = Tally::default();
        facts::of_alerts(tx.conn, &self.alerts, &mut moved)?;
        facts::of_incidents(tx.conn, &self.incidents, &mut moved)?;
        moved.take(self.before);
        store::add(tx, moved)
    }
}

fn classified_alert(planned: &PlannedChange) -> Option<i64> {
    planned.alert.filter(|_| matches!(planned.change, Change::Classified { .. }))
}

/// Whether an incident may count as something else after this.
fn counts_otherwise(planned: &PlannedChange) -> bool {
    match &planned.change {
        Change::Commented { .. } => true,
        Change::Assigned { .. }
        | Change::Classified { .. }
        | Change::StatusSet { .. }
        | Change::Redirected { .. }
        | Change::Restored { .. } => planned.alert.is_none(),
        _ => false,
    }
}
