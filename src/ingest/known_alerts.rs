//! Alerts that are stored already: what their source tells anew, and what it may still decide.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;

use crate::correlation::placement::{Placement, place};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::new_alert::NewAlert;
use crate::history::provider_updates::{AlertUpdate, new_comments};
use crate::ingest::batch::{Batch, Identity, Pending};
use crate::ingest::link_keys::{arriving, own_things};
use crate::ingest::result::Taken;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::change::{Act, Change};
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by;
use crate::model::linked_by::LinkedBy;
use crate::model::outcome::{Classification, Determination, Outcome};
use crate::schema::alerts;

/// Values listed in a statement.
const LISTED: usize = 500;

/// What makes an alert the same alert (R14).
pub(super) fn identity(alert: &IncomingAlert) -> Identity<'_> {
    (&alert.source, &alert.provider_alert_id)
}

/// Those of the alerts that are stored.
pub(super) fn stored<'r>(
    conn: &mut AnyConnection,
    told: &[(&'r IncomingAlert, &'r str)],
) -> Result<HashMap<Identity<'r>, Alert>> {
    let mut by_source: BTreeMap<&str, BTreeMap<&str, Identity<'r>>> = BTreeMap::new();
    for (alert, _) in told {
        by_source.entry(&alert.source).or_default().insert(&alert.provider_alert_id, identity(alert));
    }
    let mut found = HashMap::new();
    for (source, wanted) in by_source {
        let ids: Vec<&str> = wanted.keys().copied().collect();
        for ids in ids.chunks(LISTED) {
            let rows: Vec<Alert> = alerts::table
                .filter(alerts::source.eq(source))
                .filter(alerts::provider_alert_id.eq_any(ids))
                .select(Alert::as_select())
                .load(conn)?;
            for row in rows {
                if let Some(identity) = wanted.get(row.provider_alert_id.as_str()) {
                    found.insert(*identity, row);
                }
            }
        }
    }
    Ok(found)
}

impl<'r> Batch<'_, '_, 'r> {
    pub(super) fn take_known(&mut self, mut known: Alert, alert: &'r IncomingAlert, payload: &'r str) -> Result<Taken> {
        if self.updated.contains(&known.id) {
            // It came before in this batch: that is stored before this is compared.
            self.write()?;
            let stored = stored(self.tx.conn, &[(alert, payload)])?;
            known = stored.get(&identity(alert)).cloned().unwrap_or(known);
            self.known.extend(stored);
        }
        if let Some(pending) = self.pending.get(&known.id) {
            known.status = pending.status;
            known.severity = pending.severity;
            known.classification = pending.outcome.classification;
            known.determination = pending.outcome.determination;
        }
        known.incident_id = self.lives_in(known.incident_id);
        let hash = self.look(alert)?.hash.clone();
        if known.payload_hash != hash && !is_older(alert, &known) {
            self.update(&known, alert, payload, hash.clone())?;
            if let Some(kept) = self.known.get_mut(&identity(alert)) {
                kept.payload_hash = hash;
                kept.last_activity = kept.last_activity.max(alert.last_activity);
            }
        }
        Ok(Taken { updated: 1, alert_id: Some(known.id), incident_id: Some(known.incident_id), ..Taken::default() })
    }

    fn update(&mut self, known: &Alert, alert: &'r IncomingAlert, payload: &'r str, hash: String) -> Result<()> {
        let look = self.look(alert)?;
        let arrival = NewAlert {
            id: known.id,
            alert,
            payload,
            payload_hash: hash,
            detection: look.detection.clone(),
            entities: look.entities.clone(),
            linked_by: known.linked_by.clone(),
            routine: known.linked_by.is_routine() || linked_by::is_alone(&known.linked_by),
            occurrences: 1,
            first_activity: alert.first_activity,
            last_activity: alert.last_activity,
        };
        let routine = arrival.routine;
        let update = AlertUpdate { known: known.clone(), reported: arrival };
        let added = update.count_new_evidence(self.tx.conn)?;
        self.claim(known.incident_id)?;
        if let Some(standing) = self.standings.get_mut(&known.incident_id) {
            standing.updates.push(update);
        }
        self.updated.insert(known.id);
        let what = what_changed(known, alert, added);
        self.act(known.incident_id, Act::alert(known.id, Change::AlertUpdated { title: alert.title.clone(), what }))?;
        for comment in new_comments(self.tx, known.id, &alert.comments)? {
            self.act(
                known.incident_id,
                Act::alert(known.id, Change::imported_comment(comment)).by(comment.author.clone()),
            )?;
        }
        let mut pending = Pending { status: known.status, severity: known.severity, outcome: known.outcome() };
        for change in changes_by_source(known, alert) {
            match &change {
                Change::AlertStatusSet { to, .. } => pending.status = *to,
                Change::AlertSeveritySet { to, .. } => pending.severity = *to,
                Change::Classified { to, .. } => pending.outcome = *to,
                _ => {}
            }
            self.act(known.incident_id, Act::alert(known.id, change))?;
        }
        self.pending.insert(known.id, pending);
        if added > 0 && !routine {
            self.relink(known, alert)?;
        }
        Ok(())
    }

    /// New evidence may tie the alert's incident to others, as a new alert's would.
    fn relink(&mut self, known: &Alert, alert: &'r IncomingAlert) -> Result<()> {
        let look = self.look(alert)?;
        let arriving = arriving(alert, &look.detection, &look.things, None);
        let candidates = self.world.candidates(&arriving, false);
        let mut home = known.incident_id;
        if let Placement::Joined { incident, ties, .. } = place(&candidates, false) {
            let mut told = LinkedBy::default();
            for other in std::iter::once(incident).chain(ties).filter(|other| *other != known.incident_id) {
                home = self.tie(home, self.lives_in(other), alert, &candidates, &mut told)?;
            }
        }
        let own = own_things(alert, &look.entities);
        self.world.note(home, known.id, &alert.title, &arriving, &own, false);
        Ok(())
    }
}

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
    if alert.title != known.title && !(alert.partial && alert.title.is_empty()) {
        what.push("title".to_owned());
    }
    if what.is_empty() {
        what.push("details".to_owned());
    }
    what
}

/// A repeat that tells of an earlier moment than what is stored.
fn is_older(alert: &IncomingAlert, known: &Alert) -> bool {
    match (alert.provider_updated_at, known.provider_updated_at) {
        (Some(told), Some(known)) => told < known,
        _ => false,
    }
}

/// What the source may still decide: not what a person has decided (R14).
fn changes_by_source(known: &Alert, alert: &IncomingAlert) -> Vec<Change> {
    let mut changes = Vec::new();
    if alert.partial {
        return changes;
    }
    if let Some(to) = AlertStatus::parse(&alert.status)
        && !known.status_by_person
        && known.closed_with.is_none()
        && to != known.status
    {
        let (with_incident, before) = (false, known.closing());
        changes.push(Change::AlertStatusSet { from: known.status, to, with_incident, before, restores: None });
    }
    if alert.severity != known.severity {
        changes.push(Change::AlertSeveritySet { from: known.severity, to: alert.severity });
    }
    let told = outcome(&alert.classification, &alert.determination);
    if told.is_set() && !known.outcome().is_set() && !known.classified_by_person {
        changes.push(Change::Classified { from: known.outcome(), to: told });
    }
    changes
}

pub(super) fn outcome(classification: &str, determination: &str) -> Outcome {
    Outcome {
        classification: Classification::parse(classification).unwrap_or_default(),
        determination: Determination::parse(determination).unwrap_or_default(),
    }
}
