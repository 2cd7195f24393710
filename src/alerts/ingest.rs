//! Taking alerts in (R14): known ones are updated, new ones placed, every touched incident
//! committed once. One call is one transaction, so that a kill loses a batch or nothing.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::accounts::Actor;
use crate::alerts::entities::{self, Resolved};
use crate::alerts::incoming::{Incoming, IncomingAlert, IncomingComment, IncomingIncident};
use crate::alerts::{Alert, AlertStatus, LinkedBy};
use crate::correlation::candidates::{self, Span};
use crate::correlation::{Placement, place};
use crate::db::Tx;
use crate::error::Result;
use crate::history::opening::{self, NewIncident};
use crate::history::{Act, Change, arrivals, commit};
use crate::incidents::claim::{Claimed, claim};
use crate::incidents::{Classification, Determination, NameSource, Outcome, Status, lookup, naming, retelling, tags};
use crate::permissions::{Action, require};
use crate::secrets::sha256_hex;
use crate::severity::Severity;
use crate::words::one_line;

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    pub created: usize,
    pub updated: usize,
    /// Of its first alert.
    pub alert_id: Option<i64>,
    pub incident_id: Option<i64>,
}

/// Takes a batch of records, in order.
pub fn ingest(tx: &mut Tx<'_>, actor: &Actor, records: &[Incoming]) -> Result<Vec<Taken>> {
    require(actor, Action::Ingest)?;
    // Two batches at once take turns on this row; both may want the same new entity.
    tx.take_ids("alert", 0)?;
    let mut batch = Batch { tx, claimed: BTreeMap::new(), affected: BTreeSet::new(), pending: BTreeMap::new() };
    let mut taken = Vec::with_capacity(records.len());
    for record in records {
        taken.push(match record {
            Incoming::Alert(alert, payload) => batch.take_alert(alert, payload, None)?,
            Incoming::Incident(incident, alerts, _) => batch.take_incident(incident, alerts)?,
        });
    }
    batch.finish(actor)?;
    Ok(taken)
}

struct Batch<'a, 'b> {
    tx: &'a mut Tx<'b>,
    /// Claimed once, committed once, with everything that happened to it in the batch.
    claimed: BTreeMap<i64, (Claimed, Vec<Act>)>,
    /// Incidents whose entities changed without an act of their own.
    affected: BTreeSet<i64>,
    /// What queued acts will make of alerts that come several times in the batch.
    pending: BTreeMap<i64, Pending>,
}

/// The part of an alert that acts change.
#[derive(Debug, Clone, Copy)]
struct Pending {
    status: AlertStatus,
    severity: Severity,
    outcome: Outcome,
}

impl Batch<'_, '_> {
    fn take_alert(&mut self, alert: &IncomingAlert, payload: &str, into: Option<i64>) -> Result<Taken> {
        let hash = sha256_hex(payload.as_bytes());
        let known: Option<Alert> = crate::schema::alerts::table
            .filter(crate::schema::alerts::source.eq(&alert.source))
            .filter(crate::schema::alerts::provider_alert_id.eq(&alert.provider_alert_id))
            .select(Alert::as_select())
            .first(self.tx.conn)
            .optional()?;
        match known {
            Some(mut known) => {
                if let Some(pending) = self.pending.get(&known.id) {
                    known.status = pending.status;
                    known.severity = pending.severity;
                    known.classification = pending.outcome.classification;
                    known.determination = pending.outcome.determination;
                }
                if known.payload_hash != hash && !is_older(alert, &known) {
                    self.update(&known, alert, payload, &hash)?;
                }
                Ok(Taken { updated: 1, alert_id: Some(known.id), incident_id: Some(known.incident_id), created: 0 })
            }
            None => self.create(alert, payload, &hash, into),
        }
    }

    fn create(&mut self, alert: &IncomingAlert, payload: &str, hash: &str, into: Option<i64>) -> Result<Taken> {
        let entities = self.resolve(alert)?;
        let (incident, linked_by) = match into {
            Some(incident) => (incident, provider_link()),
            None => self.place(alert, &entities)?,
        };
        let arrival = arrivals::Arrival {
            alert,
            payload,
            payload_hash: hash,
            entities: &entities,
            incident,
            linked_by: &linked_by,
        };
        let id = arrivals::insert(self.tx, &arrival)?;
        self.act(incident, Act::alert(id, Change::AlertAdded { title: alert.title.clone(), linked_by }))?;
        let owner = self.claimed.get(&incident).and_then(|(claimed, _)| claimed.incident().assigned_to);
        if owner.is_some() {
            self.act(incident, Act::nested(id, Change::Assigned { from: None, to: owner }))?;
        }
        for comment in &alert.comments {
            self.act(incident, Act::alert(id, imported(comment)).by(comment.author.clone()))?;
        }
        Ok(Taken { created: 1, updated: 0, alert_id: Some(id), incident_id: Some(incident) })
    }

    fn update(&mut self, known: &Alert, alert: &IncomingAlert, payload: &str, hash: &str) -> Result<()> {
        let entities = self.resolve(alert)?;
        let linked_by = &known.linked_by;
        let arrival = arrivals::Arrival {
            alert,
            payload,
            payload_hash: hash,
            entities: &entities,
            incident: known.incident_id,
            linked_by,
        };
        let added = arrivals::update(self.tx, known, &arrival)?;
        let mut what = Vec::new();
        if added > 0 {
            what.push(if added == 1 {
                "1 new piece of evidence".to_owned()
            } else {
                format!("{added} new pieces of evidence")
            });
        }
        if alert.last_activity > known.last_activity {
            what.push("later activity".to_owned());
        }
        if alert.title != known.title {
            what.push("title".to_owned());
        }
        if what.is_empty() {
            what.push("details".to_owned());
        }
        self.act(known.incident_id, Act::alert(known.id, Change::AlertUpdated { title: alert.title.clone(), what }))?;
        for comment in arrivals::new_comments(self.tx, known.id, &alert.comments)? {
            self.act(known.incident_id, Act::alert(known.id, imported(comment)).by(comment.author.clone()))?;
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
        Ok(())
    }

    fn resolve(&mut self, alert: &IncomingAlert) -> Result<Vec<Resolved>> {
        alert.evidence.iter().map(|item| entities::resolve(self.tx, item, &mut self.affected)).collect()
    }

    fn place(&mut self, alert: &IncomingAlert, entities: &[Resolved]) -> Result<(i64, LinkedBy)> {
        let mut ids: Vec<i64> = entities.iter().filter(|entity| entity.links).map(|entity| entity.id).collect();
        ids.extend(entities::counterparts(self.tx.conn, &alert.evidence)?);
        let span = Span { first: alert.first_activity, last: alert.last_activity };
        let found = candidates::find(self.tx.conn, &ids, span)?;
        match place(&found) {
            Placement::Joined { incident, linked_by } => {
                self.claim(incident)?;
                let open = self.claimed.get(&incident).is_some_and(|(claimed, _)| claimed.incident().is_open());
                if open {
                    return Ok((incident, linked_by));
                }
                // It was resolved between the look-up and the claim.
                self.open_new(alert, Some(incident), linked_by)
            }
            Placement::OpensNew { related, linked_by } => self.open_new(alert, related, linked_by),
        }
    }

    fn open_new(
        &mut self,
        alert: &IncomingAlert,
        related: Option<i64>,
        linked_by: LinkedBy,
    ) -> Result<(i64, LinkedBy)> {
        let name: String = one_line(&alert.title).chars().take(naming::LENGTH_LIMIT).collect();
        let new = NewIncident::automatic(name, related);
        let claimed = opening::open_incident(self.tx, &new)?;
        let id = claimed.incident().id;
        self.claimed.insert(id, (claimed, vec![new.opened(String::new())]));
        Ok((id, linked_by))
    }

    fn take_incident(&mut self, incident: &IncomingIncident, alerts: &[(IncomingAlert, String)]) -> Result<Taken> {
        let into = self.provider_incident(incident)?;
        let mut taken = Taken::default();
        for (alert, payload) in alerts {
            let one = self.take_alert(alert, payload, into)?;
            taken.created += one.created;
            taken.updated += one.updated;
            taken.alert_id = taken.alert_id.or(one.alert_id);
            taken.incident_id = taken.incident_id.or(one.incident_id);
        }
        taken.incident_id = into.or(taken.incident_id);
        Ok(taken)
    }

    /// The incident that stands for the provider's; made when it is new. `None`: it takes no more
    /// alerts here, so they are placed like any other (R4).
    fn provider_incident(&mut self, incoming: &IncomingIncident) -> Result<Option<i64>> {
        let key = entities::bounded_to(&incoming.provider_key, 500);
        if let Some(id) = lookup::by_provider_key(self.tx.conn, &key)? {
            let id = lookup::follow_redirects(self.tx.conn, id)?;
            self.claim(id)?;
            if let Some((claimed, acts)) = self.claimed.get_mut(&id) {
                let incident = claimed.incident().clone();
                acts.extend(retelling::changes(self.tx, &incident, incoming)?);
                return Ok(incident.is_open().then_some(id));
            }
            return Ok(None);
        }
        let name = one_line(&incoming.name);
        let named = !name.is_empty();
        let name = if named { name } else { "Imported incident".to_owned() };
        let status = Status::parse(&incoming.status).filter(|status| *status != Status::Redirected);
        let status = status.unwrap_or(Status::Active);
        let note = Some(incoming.resolving_note.clone()).filter(|note| !note.is_empty());
        let new = NewIncident {
            name: name.chars().take(naming::LENGTH_LIMIT).collect(),
            name_source: if named { NameSource::Imported } else { NameSource::Automatic },
            status,
            severity: incoming.severity,
            outcome: outcome(&incoming.classification, &incoming.determination),
            resolving_note: note.filter(|_| status == Status::Resolved),
            related_to: None,
            created_at: incoming.created_at.unwrap_or_else(crate::clock::now),
            provider_key: Some(key),
            provider_updated_at: incoming.updated_at,
        };
        let claimed = opening::open_incident(self.tx, &new)?;
        let id = claimed.incident().id;
        let owner = match incoming.assigned_to.as_str() {
            "" => String::new(),
            owner => format!(" It was assigned to {owner} there."),
        };
        let note = format!("Imported from the provider's incident {}.{owner}", incoming.provider_key);
        let mut acts = vec![new.opened(note)];
        let tags = tags::importable(&incoming.tags).into_iter();
        acts.extend(tags.map(|tag| Act::incident(Change::Tagged { tag, system: false })));
        acts.extend(
            incoming.comments.iter().map(|comment| Act::incident(imported(comment)).by(comment.author.clone())),
        );
        self.claimed.insert(id, (claimed, acts));
        Ok(Some(id))
    }

    fn claim(&mut self, incident: i64) -> Result<()> {
        if !self.claimed.contains_key(&incident) {
            let claimed = claim(self.tx, incident)?;
            self.claimed.insert(incident, (claimed, Vec::new()));
        }
        Ok(())
    }

    fn act(&mut self, incident: i64, act: Act) -> Result<()> {
        self.claim(incident)?;
        if let Some((_, acts)) = self.claimed.get_mut(&incident) {
            acts.push(act);
        }
        Ok(())
    }

    fn finish(mut self, actor: &Actor) -> Result<()> {
        for incident in std::mem::take(&mut self.affected) {
            self.claim(incident)?;
        }
        for (claimed, acts) in self.claimed.into_values() {
            if acts.iter().any(|act| act.change.moves_derived_facts()) {
                commit::commit(self.tx, claimed, actor, acts)?;
            } else {
                let claimed =
                    if acts.is_empty() { claimed } else { commit::commit_and_keep(self.tx, claimed, actor, acts)? };
                commit::recount(self.tx, claimed)?;
            }
        }
        Ok(())
    }
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
    if let Some(to) = AlertStatus::parse(&alert.status)
        && !known.status_by_person
        && known.closed_with.is_none()
        && to != known.status
    {
        changes.push(Change::AlertStatusSet { from: known.status, to, with_incident: false });
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

fn outcome(classification: &str, determination: &str) -> Outcome {
    Outcome {
        classification: Classification::parse(classification).unwrap_or_default(),
        determination: Determination::parse(determination).unwrap_or_default(),
    }
}

fn imported(comment: &IncomingComment) -> Change {
    Change::Commented { body: comment.body.clone(), at: Some(comment.at) }
}

fn provider_link() -> LinkedBy {
    LinkedBy {
        reasons: vec!["sameThreatSource".to_owned()],
        sentence: "The provider had it in this incident.".to_owned(),
    }
}
