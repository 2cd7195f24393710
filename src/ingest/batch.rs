//! Taking alerts in (R14): known ones are updated, repeats counted, new ones placed, every touched
//! incident stored once. One call is one transaction, so that a kill loses a batch or nothing.
//!
//! A batch is read first (identities, entities, what is known around them: a few statements each),
//! decided alert by alert in memory, and written at the end, table by table.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use crate::correlation::index::{Arriving, Thing, Wanted, World};
use crate::correlation::placement::{Placement, place};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::history::claim::{claim, claim_many};
use crate::history::commit::commit;
use crate::history::incident_changes::{IncidentChanges, Recompute};
use crate::history::new_alert::NewAlert;
use crate::history::new_incident::NewIncident;
use crate::ingest::entity_resolver::Resolver;
use crate::ingest::link_keys::{arriving, look, own_things};
use crate::ingest::occurrences::Repeats;
use crate::ingest::result::Taken;
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
use crate::rules::rule_set::{Directive, House};
use crate::text::one_line;

/// Takes a batch of records, in order.
pub fn ingest(tx: &mut Tx<'_>, actor: &Actor, records: &[Incoming]) -> Result<Vec<Taken>> {
    let house = House::load(tx.conn)?;
    ingest_by(tx, actor, records, house)
}

/// The same under given rules of the house.
pub(crate) fn ingest_by(tx: &mut Tx<'_>, actor: &Actor, records: &[Incoming], house: House) -> Result<Vec<Taken>> {
    require(actor, Action::Ingest)?;
    // Two batches at once take turns on this row; both may want the same new entity.
    tx.take_ids("alert", 0)?;
    let mut batch = Batch::read(tx, actor, records, house)?;
    let mut taken = Vec::with_capacity(records.len());
    for record in records {
        taken.push(match record {
            Incoming::Alert(alert, payload) => batch.take_alert(alert, payload, None)?,
            Incoming::Incident(incident, alerts, _) => batch.take_incident(incident, alerts)?,
        });
    }
    batch.write()?;
    // An incident that was merged within the batch is spoken of as the one it became.
    for one in &mut taken {
        one.incident_id = one.incident_id.map(|id| batch.lives_in(id));
    }
    Ok(taken)
}

/// What was found out about one alert of the batch, once.
pub(crate) struct Look {
    /// One for each piece of evidence.
    pub(crate) entities: Vec<Resolved>,
    /// What it can be linked by: its telling entities, and the other sides of people and mailboxes.
    pub(crate) things: Vec<Thing>,
    pub(crate) detection: String,
    pub(crate) hash: String,
}

pub(crate) type Identity<'a> = (&'a str, &'a str);

pub(crate) struct Batch<'a, 'b, 'r> {
    pub(crate) tx: &'a mut Tx<'b>,
    pub(crate) actor: &'a Actor,
    pub(crate) resolver: Resolver,
    pub(crate) world: World,
    pub(crate) house: House,
    pub(crate) looks: HashMap<*const IncomingAlert, Rc<Look>>,
    /// Alerts that are stored, by identity.
    pub(crate) known: HashMap<Identity<'r>, Alert>,
    /// Alerts of this batch that are not stored yet: id and incident.
    pub(crate) fresh: HashMap<Identity<'r>, (i64, i64)>,
    /// Alerts of this batch that an earlier write of it has stored.
    pub(crate) settled: HashSet<Identity<'r>>,
    pub(crate) repeats: Repeats,
    /// What people set of how long repeats count as one, by source, in minutes.
    pub(crate) repeat_rules: HashMap<String, i64>,
    pub(crate) ids: std::ops::Range<i64>,
    /// Claimed once, stored once, with everything that happened to it in the batch.
    pub(crate) standings: BTreeMap<i64, IncidentChanges<'r>>,
    /// What queued acts will make of alerts that come several times in the batch.
    pub(crate) pending: BTreeMap<i64, Pending>,
    /// Known alerts whose provider updates are not stored yet.
    pub(crate) updated: HashSet<i64>,
    /// Alerts by their provider's id that incidents of this batch wait for, not stored yet.
    pub(crate) expected: Vec<(String, i64)>,
    /// Incidents that were merged into others, by those.
    pub(crate) merged: BTreeMap<i64, i64>,
}

/// The part of an alert that acts change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pending {
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
    fn read(tx: &'a mut Tx<'b>, actor: &'a Actor, records: &'r [Incoming], mut house: House) -> Result<Self> {
        let mut alerts: Vec<(&IncomingAlert, &str)> = records.iter().flat_map(alerts_of).collect();
        let known = known_alerts::stored(tx.conn, &alerts)?;
        let repeat_rules = crate::ingest::occurrence_settings::rules(tx.conn)?;
        Self::ask_house(&mut house, &known, &mut alerts);
        let evidence: Vec<_> = alerts.iter().flat_map(|(alert, _)| &alert.evidence).collect();
        let mut resolver = Resolver::load(tx, &evidence)?;
        let mut found: Vec<Vec<i64>> = Vec::with_capacity(alerts.len());
        for (alert, _) in &alerts {
            found.push(alert.evidence.iter().map(|item| resolver.resolve(tx, item)).collect::<Result<_>>()?);
        }
        resolver.store(tx)?;
        // Only now is every entity what it is: a later alert may have joined two, or named one in full.
        let looks = alerts
            .iter()
            .zip(found)
            .map(|((alert, payload), ids)| (std::ptr::from_ref(*alert), Rc::new(look(&resolver, alert, payload, &ids))))
            .collect();
        let new = alerts.iter().filter(|(alert, _)| !known.contains_key(&known_alerts::identity(alert))).count();
        let count = i64::try_from(new).unwrap_or(i64::MAX);
        let first = tx.take_ids("alert", count)?;
        let mut batch = Self {
            tx,
            actor,
            resolver,
            world: World::default(),
            house,
            looks,
            known,
            fresh: HashMap::new(),
            settled: HashSet::new(),
            repeats: Repeats::default(),
            repeat_rules,
            ids: first..first + count,
            standings: BTreeMap::new(),
            pending: BTreeMap::new(),
            updated: HashSet::new(),
            expected: Vec::new(),
            merged: BTreeMap::new(),
        };
        batch.look_around(&alerts)?;
        Ok(batch)
    }

    fn look_around(&mut self, alerts: &[(&'r IncomingAlert, &'r str)]) -> Result<()> {
        let mut wanted = Wanted::default();
        let mut keys = BTreeSet::new();
        let mut directives: Vec<Directive> = Vec::new();
        for (alert, _) in alerts {
            let look = self.look(alert)?;
            let directive = self.house.decide(alert, &look.entities);
            let within = directive.as_ref().and_then(Directive::within);
            wanted.add(&arriving(alert, &look.detection, &look.things, within));
            directives.extend(directive);
            if self.repeat_minutes(alert) > 0 {
                keys.insert(occurrences::key(alert, &look.entities));
            }
        }
        self.world = World::load(self.tx.conn, &wanted)?;
        self.repeats = Repeats::load(self.tx.conn, alerts, keys.clone())?;
        let mut open = self.world.open_incidents();
        open.extend(self.repeats.incidents());
        open.extend(self.known.values().map(|known| known.incident_id));
        open.extend(self.house.load_groups(self.tx.conn, &directives)?);
        open.sort_unstable();
        open.dedup();
        for claimed in claim_many(self.tx, &open)? {
            self.world.learn(claimed.incident());
            self.stand(IncidentChanges::new(claimed, Vec::new()));
        }
        // What was read before the claims may have changed while they waited.
        if !self.known.is_empty() {
            self.known = known_alerts::stored(self.tx.conn, alerts)?;
        }
        if !self.repeats.is_empty() {
            self.repeats = Repeats::load(self.tx.conn, alerts, keys)?;
        }
        Ok(())
    }

    pub(crate) fn look(&self, alert: &IncomingAlert) -> Result<Rc<Look>> {
        let known = self.looks.get(&std::ptr::from_ref(alert)).cloned();
        known.ok_or_else(|| Error::internal("an alert of the batch was not looked at"))
    }

    /// For how many minutes repeats of this alert count as one; 0 never.
    pub(crate) fn repeat_minutes(&self, alert: &IncomingAlert) -> i64 {
        let rule = self.repeat_rules.get(&alert.source).copied();
        rule.unwrap_or_else(|| crate::ingest::occurrence_settings::default_minutes(&alert.source))
    }

    pub(crate) fn take_alert(
        &mut self,
        alert: &'r IncomingAlert,
        payload: &'r str,
        into: Option<i64>,
    ) -> Result<Taken> {
        if let Some(taken) = self.ignored(alert) {
            return Ok(taken);
        }
        let identity = known_alerts::identity(alert);
        if self.fresh.contains_key(&identity) {
            // It came twice in this batch: the first is stored before the second is compared.
            self.write()?;
        }
        if self.settled.remove(&identity) {
            let stored = known_alerts::stored(self.tx.conn, &[(alert, payload)])?;
            self.known.extend(stored);
        }
        if let Some(known) = self.known.get(&identity).cloned() {
            return self.take_known(known, alert, payload);
        }
        if let Some(alert_id) = self.repeats.occurrence(identity) {
            return Ok(Taken { updated: 1, alert_id: Some(alert_id), ..Taken::default() });
        }
        let look = self.look(alert)?;
        let entities = &look.entities;
        let directive = self.house.decide(alert, entities);
        let within = directive.as_ref().and_then(Directive::within);
        let arriving = arriving(alert, &look.detection, &look.things, within);
        // Where a rule says how far it links, being routine does not.
        let routine = within.is_none() && self.world.is_routine(&arriving);
        if self.repeat_minutes(alert) > 0
            && into.is_none()
            && let Some(taken) = self.repeat(alert, payload, &arriving, entities, routine)?
        {
            if let (Some(directive), Some(incident)) = (&directive, taken.incident_id) {
                self.house.repeated(directive, incident, alert.last_activity);
            }
            return Ok(taken);
        }
        let id = self.next_id()?;
        let kept = into.or(self.expected(alert)?);
        let (incident, mut linked_by) = match (kept, &directive) {
            (Some(incident), _) => (incident, provider_incidents::link()),
            (None, Some(directive)) => self.place_by(directive, alert, &arriving, routine)?,
            (None, None) => self.place(alert, &arriving, routine)?,
        };
        if let Some(directive) = &directive {
            self.placed_by(directive, incident, &arriving, kept.is_some(), &mut linked_by);
        }
        // What a rule keeps alone is not there to be joined.
        let alone = directive.is_some_and(|directive| directive.is_alone());
        let own = if alone { Vec::new() } else { own_things(alert, entities) };
        self.world.note(incident, id, &alert.title, &arriving, &own, routine);
        if self.repeat_minutes(alert) > 0 {
            self.repeats.begin(occurrences::key(alert, entities), id, incident, alert);
        }
        let arrival = NewAlert {
            id,
            alert,
            payload,
            payload_hash: look.hash.clone(),
            detection: look.detection.clone(),
            entities: look.entities.clone(),
            linked_by,
            routine: routine || alone,
            occurrences: alert.occurrences.max(1),
            first_activity: alert.first_activity,
            last_activity: alert.last_activity,
        };
        self.claim(incident)?;
        if let Some(standing) = self.standings.get_mut(&incident) {
            standing.new_alerts.push(arrival);
        }
        self.fresh.insert(identity, (id, incident));
        Ok(Taken { created: 1, alert_id: Some(id), incident_id: Some(incident), ..Taken::default() })
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
        arriving: &Arriving<'_>,
        routine: bool,
    ) -> Result<(i64, LinkedBy)> {
        let candidates = self.world.candidates(arriving, routine);
        match place(&candidates, routine) {
            Placement::Joined { incident, ties, mut linked_by } => {
                let mut home = incident;
                for other in ties {
                    home = self.tie(home, other, alert, &candidates, &mut linked_by)?;
                }
                Ok((home, linked_by))
            }
            Placement::OpensNew { related, linked_by } => Ok((self.open_new(alert, related)?, linked_by)),
        }
    }

    pub(crate) fn open_new(&mut self, alert: &IncomingAlert, related: Option<i64>) -> Result<i64> {
        let name: String = one_line(&alert.title).chars().take(naming::LENGTH_LIMIT).collect();
        // Its activity is its first alert's, not the moment in which that was taken in.
        let active = Some((alert.first_activity, alert.last_activity));
        let new = NewIncident { active, ..NewIncident::automatic(name, related) };
        self.open(new)
    }

    /// Opens an incident, which is stored with the batch.
    pub(crate) fn open(&mut self, new: NewIncident) -> Result<i64> {
        let opened = IncidentChanges::open(self.tx, new)?;
        let id = opened.claimed.incident().id;
        self.world.learn(opened.claimed.incident());
        self.stand(opened);
        Ok(id)
    }

    fn stand(&mut self, changes: IncidentChanges<'r>) {
        self.standings.insert(changes.claimed.incident().id, changes);
    }

    pub(crate) fn claim(&mut self, incident: i64) -> Result<()> {
        if !self.standings.contains_key(&incident) {
            let claimed = claim(self.tx, incident)?;
            self.stand(IncidentChanges::new(claimed, Vec::new()));
        }
        Ok(())
    }

    pub(crate) fn act(&mut self, incident: i64, act: Act) -> Result<()> {
        self.claim(incident)?;
        if let Some(standing) = self.standings.get_mut(&incident) {
            standing.changes.push(act);
        }
        Ok(())
    }

    /// The incident that stands for `id` after the merges of the batch.
    pub(crate) fn lives_in(&self, id: i64) -> i64 {
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
            if let Some(standing) = self.standings.get_mut(&incident) {
                standing.recompute = Recompute::All;
            }
        }
        for (incident, count) in self.repeats.take_counts() {
            let incident = self.lives_in(incident);
            self.claim(incident)?;
            if let Some(standing) = self.standings.get_mut(&incident) {
                standing.occurrences.push(count);
            }
        }
        let changes = std::mem::take(&mut self.standings).into_values().collect();
        commit(self.tx, self.actor, changes)?;
        self.store_expected()?;
        self.updated.clear();
        self.settled.extend(std::mem::take(&mut self.fresh).into_keys());
        self.pending.clear();
        self.repeats.write(self.tx)?;
        self.house.write(self.tx)?;
        self.world.store(self.tx)
    }
}
