//! Taking alerts in (R14): known ones are updated, repeats counted, new ones placed, every touched
//! incident stored once. One call is one transaction, so that a kill loses a batch or nothing.
//!
//! A batch is read first (identities, entities, what is known around them: a few statements each),
//! decided alert by alert in memory, and written at the end, table by table.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use crate::correlation::index::{AlertToPlace, CorrelationIndex, KeysToLoad, LinkKey};
use crate::correlation::placement::{Placement, place};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::{Claimed, claim, claim_many, fresh};
use crate::history::commit_ingest;
use crate::history::commit_ingest::Landing;
use crate::history::new_alerts::Arrival;
use crate::history::new_incident::NewIncident;
use crate::ingest::entity_resolver::EntityResolver;
use crate::ingest::link_keys::{alert_to_place, own_link_keys, prepare};
use crate::ingest::occurrences::Occurrences;
use crate::ingest::result::IngestResult;
use crate::ingest::{known_alerts, occurrences, provider_incidents};
use crate::model::actor::Actor;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::change::Act;
use crate::model::entity::Resolved;
use crate::model::incoming::{Incoming, IncomingAlert};
use crate::model::linked_by::LinkedBy;
use crate::model::naming;
use crate::model::outcome::Outcome;
use crate::model::severity::Severity;
use crate::permissions::{Action, require};
use crate::rules::rule_set::{RuleDecision, RuleSet};
use crate::text::one_line;

/// Takes a batch of records, in order.
pub fn ingest(tx: &mut Tx<'_>, actor: &Actor, records: &[Incoming]) -> Result<Vec<IngestResult>> {
    let rules = RuleSet::load(tx.conn)?;
    ingest_with_rules(tx, actor, records, rules)
}

/// The same under given house rules.
pub(crate) fn ingest_with_rules(
    tx: &mut Tx<'_>,
    actor: &Actor,
    records: &[Incoming],
    rules: RuleSet,
) -> Result<Vec<IngestResult>> {
    require(actor, Action::Ingest)?;
    // Two batches at once take turns on this row; both may want the same new entity.
    tx.take_ids("alert", 0)?;
    let mut batch = Batch::read(tx, actor, records, rules)?;
    let mut results = Vec::with_capacity(records.len());
    for record in records {
        results.push(match record {
            Incoming::Alert(alert, payload) => batch.ingest_alert(alert, payload, None)?,
            Incoming::Incident(incident, alerts, _) => batch.ingest_incident(incident, alerts)?,
        });
    }
    batch.write()?;
    // An incident that was merged within the batch is spoken of as the one it became.
    for one in &mut results {
        one.incident_id = one.incident_id.map(|id| batch.current_incident(id));
    }
    Ok(results)
}

/// What was found out about one alert of the batch, once.
pub(crate) struct PreparedAlert {
    /// One for each piece of evidence.
    pub(crate) entities: Vec<Resolved>,
    /// What it can be linked by: its telling entities, and the other sides of people and mailboxes.
    pub(crate) link_keys: Vec<LinkKey>,
    pub(crate) detection: String,
    pub(crate) hash: String,
}

pub(crate) type Identity<'a> = (&'a str, &'a str);

pub(crate) struct Batch<'a, 'b, 'r> {
    pub(crate) tx: &'a mut Tx<'b>,
    pub(crate) actor: &'a Actor,
    pub(crate) resolver: EntityResolver,
    pub(crate) index: CorrelationIndex,
    pub(crate) rules: RuleSet,
    pub(crate) prepared_alerts: HashMap<*const IncomingAlert, Rc<PreparedAlert>>,
    /// Alerts that are stored, by identity.
    pub(crate) known: HashMap<Identity<'r>, Alert>,
    /// Alerts of this batch that are not stored yet: id and incident.
    pub(crate) new_alerts: HashMap<Identity<'r>, (i64, i64)>,
    /// Alerts of this batch that an earlier write of it has stored.
    pub(crate) written: HashSet<Identity<'r>>,
    pub(crate) occurrences: Occurrences,
    /// What people set of how long repeats count as one, by source, in minutes.
    pub(crate) occurrence_minutes: HashMap<String, i64>,
    pub(crate) ids: std::ops::Range<i64>,
    /// Claimed once, stored once, with everything that happened to it in the batch.
    pub(crate) pending_incidents: BTreeMap<i64, Landing<'r>>,
    /// What queued acts will make of alerts that come several times in the batch.
    pub(crate) alert_states: BTreeMap<i64, AlertState>,
    /// Incidents that were merged into others, by those.
    pub(crate) merged: BTreeMap<i64, i64>,
}

/// The part of an alert that acts change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AlertState {
    pub(crate) status: AlertStatus,
    pub(crate) severity: Severity,
    pub(crate) outcome: Outcome,
}

/// The alerts of a record.
fn alerts_of(record: &Incoming) -> Vec<(&IncomingAlert, &str)> {
    match record {
        Incoming::Alert(alert, payload) => vec![(alert, payload)],
        Incoming::Incident(_, alerts, _) => alerts.iter().map(|(alert, payload)| (alert, payload.as_str())).collect(),
    }
}

impl<'a, 'b, 'r> Batch<'a, 'b, 'r> {
    /// Reads everything that the records may touch.
    fn read(tx: &'a mut Tx<'b>, actor: &'a Actor, records: &'r [Incoming], mut rules: RuleSet) -> Result<Self> {
        let mut alerts: Vec<(&IncomingAlert, &str)> = records.iter().flat_map(alerts_of).collect();
        let known = known_alerts::stored(tx.conn, &alerts)?;
        let occurrence_minutes = crate::ingest::occurrence_settings::rules(tx.conn)?;
        Self::drop_ignored(&mut rules, &known, &mut alerts);
        let evidence: Vec<_> = alerts.iter().flat_map(|(alert, _)| &alert.evidence).collect();
        let mut resolver = EntityResolver::load(tx, &evidence)?;
        let mut found: Vec<Vec<i64>> = Vec::with_capacity(alerts.len());
        for (alert, _) in &alerts {
            found.push(alert.evidence.iter().map(|item| resolver.resolve(tx, item)).collect::<Result<_>>()?);
        }
        resolver.store(tx)?;
        // Only now is every entity what it is: a later alert may have joined two, or named one in full.
        let prepared_alerts = alerts
            .iter()
            .zip(found)
            .map(|((alert, payload), ids)| {
                (std::ptr::from_ref(*alert), Rc::new(prepare(&resolver, alert, payload, &ids)))
            })
            .collect();
        let new = alerts.iter().filter(|(alert, _)| !known.contains_key(&known_alerts::identity(alert))).count();
        let count = i64::try_from(new).unwrap_or(i64::MAX);
        let first = tx.take_ids("alert", count)?;
        let mut batch = Self {
            tx,
            actor,
            resolver,
            index: CorrelationIndex::default(),
            rules,
            prepared_alerts,
            known,
            new_alerts: HashMap::new(),
            written: HashSet::new(),
            occurrences: Occurrences::default(),
            occurrence_minutes,
            ids: first..first + count,
            pending_incidents: BTreeMap::new(),
            alert_states: BTreeMap::new(),
            merged: BTreeMap::new(),
        };
        batch.load_context(&alerts)?;
        Ok(batch)
    }

    fn load_context(&mut self, alerts: &[(&'r IncomingAlert, &'r str)]) -> Result<()> {
        let mut keys_to_load = KeysToLoad::default();
        let mut keys = BTreeSet::new();
        let mut decisions: Vec<RuleDecision> = Vec::new();
        for (alert, _) in alerts {
            let prepared = self.prepared(alert)?;
            let decision = self.rules.decide(alert, &prepared.entities);
            let within = decision.as_ref().and_then(RuleDecision::within);
            keys_to_load.add(&alert_to_place(alert, &prepared.detection, &prepared.link_keys, within));
            decisions.extend(decision);
            if self.minutes_of(alert) > 0 {
                keys.insert(occurrences::key(alert, &prepared.entities));
            }
        }
        self.index = CorrelationIndex::load(self.tx.conn, &keys_to_load)?;
        self.occurrences = Occurrences::load(self.tx.conn, alerts, keys.clone())?;
        let mut open = self.index.open_incidents();
        open.extend(self.occurrences.counting_incidents());
        open.extend(self.known.values().map(|known| known.incident_id));
        open.extend(self.rules.load_groups(self.tx.conn, &decisions)?);
        open.sort_unstable();
        open.dedup();
        for claimed in claim_many(self.tx, &open)? {
            self.index.update_incident(claimed.incident());
            self.add_pending(claimed, None);
        }
        // What was read before the claims may have changed while they waited.
        if !self.known.is_empty() {
            self.known = known_alerts::stored(self.tx.conn, alerts)?;
        }
        if !self.occurrences.is_empty() {
            self.occurrences = Occurrences::load(self.tx.conn, alerts, keys)?;
        }
        Ok(())
    }

    pub(crate) fn prepared(&self, alert: &IncomingAlert) -> Result<Rc<PreparedAlert>> {
        let known = self.prepared_alerts.get(&std::ptr::from_ref(alert)).cloned();
        known.ok_or_else(|| Error::internal("an alert of the batch was not looked at"))
    }

    /// For how many minutes repeats of this alert count as one; 0 never.
    pub(crate) fn minutes_of(&self, alert: &IncomingAlert) -> i64 {
        let rule = self.occurrence_minutes.get(&alert.source).copied();
        rule.unwrap_or_else(|| crate::ingest::occurrence_settings::default_minutes(&alert.source))
    }

    pub(crate) fn ingest_alert(
        &mut self,
        alert: &'r IncomingAlert,
        payload: &'r str,
        into: Option<i64>,
    ) -> Result<IngestResult> {
        if let Some(result) = self.ignored(alert) {
            return Ok(result);
        }
        let identity = known_alerts::identity(alert);
        if self.new_alerts.contains_key(&identity) {
            // It came twice in this batch: the first is stored before the second is compared.
            self.write()?;
        }
        if self.written.remove(&identity) {
            let stored = known_alerts::stored(self.tx.conn, &[(alert, payload)])?;
            self.known.extend(stored);
        }
        if let Some(known) = self.known.get(&identity).cloned() {
            return self.ingest_known(known, alert, payload);
        }
        if let Some(alert_id) = self.occurrences.counted_in(identity) {
            return Ok(IngestResult { updated: 1, alert_id: Some(alert_id), ..IngestResult::default() });
        }
        let prepared = self.prepared(alert)?;
        let entities = &prepared.entities;
        let decision = self.rules.decide(alert, entities);
        let within = decision.as_ref().and_then(RuleDecision::within);
        let to_place = alert_to_place(alert, &prepared.detection, &prepared.link_keys, within);
        // Where a rule says how far it links, being routine does not.
        let routine = within.is_none() && self.index.is_routine(&to_place);
        if self.minutes_of(alert) > 0
            && into.is_none()
            && let Some(result) = self.count_occurrence(alert, payload, &to_place, entities, routine)?
        {
            if let (Some(decision), Some(incident)) = (&decision, result.incident_id) {
                self.rules.record_occurrence(decision, incident, alert.last_activity);
            }
            return Ok(result);
        }
        let id = self.next_id()?;
        let kept = into.or(self.expected(alert)?);
        let (incident, mut linked_by) = match (kept, &decision) {
            (Some(incident), _) => (incident, provider_incidents::link()),
            (None, Some(decision)) => self.place_by(decision, alert, &to_place, routine)?,
            (None, None) => self.place(alert, &to_place, routine)?,
        };
        if let Some(decision) = &decision {
            self.placed_by(decision, incident, &to_place, kept.is_some(), &mut linked_by);
        }
        // What a rule keeps alone is not there to be joined.
        let alone = decision.is_some_and(|decision| decision.is_alone());
        let own = if alone { Vec::new() } else { own_link_keys(alert, entities) };
        self.index.record_alert(incident, id, &alert.title, &to_place, &own, routine);
        if self.minutes_of(alert) > 0 {
            self.occurrences.start_counting(occurrences::key(alert, entities), id, incident, alert);
        }
        let arrival = Arrival {
            id,
            alert,
            payload,
            payload_hash: prepared.hash.clone(),
            detection: prepared.detection.clone(),
            entities: prepared.entities.clone(),
            linked_by,
            routine: routine || alone,
            occurrences: alert.occurrences.max(1),
            first_activity: alert.first_activity,
            last_activity: alert.last_activity,
        };
        self.claim(incident)?;
        if let Some(pending) = self.pending_incidents.get_mut(&incident) {
            pending.arrivals.push(arrival);
        }
        self.new_alerts.insert(identity, (id, incident));
        Ok(IngestResult { created: 1, alert_id: Some(id), incident_id: Some(incident), ..IngestResult::default() })
    }

    fn next_id(&mut self) -> Result<i64> {
        match self.ids.next() {
            Some(id) => Ok(id),
            None => self.tx.take_ids("alert", 1),
        }
    }

    pub(crate) fn place(
        &mut self,
        alert: &IncomingAlert,
        to_place: &AlertToPlace<'_>,
        routine: bool,
    ) -> Result<(i64, LinkedBy)> {
        let candidates = self.index.candidates(to_place, routine);
        match place(&candidates, routine) {
            Placement::Joined { incident, also_linked, mut linked_by } => {
                let mut home = incident;
                for other in also_linked {
                    home = self.merge_if_allowed(home, other, alert, &candidates, &mut linked_by)?;
                }
                Ok((home, linked_by))
            }
            Placement::OpensNew { related, linked_by } => Ok((self.open_incident_for(alert, related)?, linked_by)),
        }
    }

    pub(crate) fn open_incident_for(&mut self, alert: &IncomingAlert, related: Option<i64>) -> Result<i64> {
        let name: String = one_line(&alert.title).chars().take(naming::LENGTH_LIMIT).collect();
        let new = NewIncident::automatic(name, related);
        let id = self.tx.take_ids("incident", 1)?;
        let mut incident = new.incident(id, self.tx.automatic_names);
        // Its activity is its first alert's, not the moment of ingest.
        (incident.first_activity, incident.last_activity) = (alert.first_activity, alert.last_activity);
        self.index.update_incident(&incident);
        self.add_pending(fresh(incident), Some(new));
        Ok(id)
    }

    pub(crate) fn add_pending(&mut self, claimed: Claimed, opened: Option<NewIncident>) {
        let landing = Landing { opened, arrivals: Vec::new(), acts: Vec::new(), recount: false, claimed };
        self.pending_incidents.insert(landing.claimed.incident().id, landing);
    }

    pub(crate) fn claim(&mut self, incident: i64) -> Result<()> {
        if !self.pending_incidents.contains_key(&incident) {
            let claimed = claim(self.tx, incident)?;
            self.add_pending(claimed, None);
        }
        Ok(())
    }

    pub(crate) fn add_act(&mut self, incident: i64, act: Act) -> Result<()> {
        self.claim(incident)?;
        if let Some(pending) = self.pending_incidents.get_mut(&incident) {
            pending.acts.push(act);
        }
        Ok(())
    }

    /// The incident that stands for `id` after the merges of the batch.
    pub(crate) fn current_incident(&self, id: i64) -> i64 {
        let mut id = id;
        while let Some(kept) = self.merged.get(&id) {
            id = *kept;
        }
        id
    }

    /// Stores all that is decided so far. What comes after begins from what is stored.
    pub(crate) fn write(&mut self) -> Result<()> {
        for incident in std::mem::take(&mut self.resolver.affected) {
            self.claim(incident)?;
            if let Some(pending) = self.pending_incidents.get_mut(&incident) {
                pending.recount = true;
            }
        }
        let landings: Vec<Landing<'r>> = std::mem::take(&mut self.pending_incidents)
            .into_values()
            .filter(|landing| landing.recount || !landing.acts.is_empty() || !landing.arrivals.is_empty())
            .collect();
        commit_ingest::land(self.tx, self.actor, landings)?;
        self.written.extend(std::mem::take(&mut self.new_alerts).into_keys());
        self.alert_states.clear();
        self.occurrences.store(self.tx)?;
        self.rules.store(self.tx)?;
        self.index.store(self.tx)
    }
}
