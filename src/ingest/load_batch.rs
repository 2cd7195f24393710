//! Loads everything that the records of a batch may change, in a few statements.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::time::Duration;

use crate::clock::DAY;
use crate::correlation::index::{CorrelationIndex, KeysToLoad};
use crate::db::Tx;
use crate::error::Result;
use crate::history::claim::claim_many;
use crate::history::incident_changes::IncidentChanges;
use crate::ingest::batch::Batch;
use crate::ingest::entity_resolver::EntityResolver;
use crate::ingest::identity::{Identity, identity, load_stored};
use crate::ingest::occurrences::series::{Occurrences, key};
use crate::ingest::occurrences::settings;
use crate::ingest::ownership::Rights;
use crate::ingest::prepared_alert::{PreparedAlert, alert_to_place, prepare};
use crate::model::actor::Actor;
use crate::model::alert::Alert;
use crate::model::incoming::{Incoming, IncomingAlert};
use crate::rules::decision::RuleDecision;
use crate::rules::rule_set::RuleSet;

impl<'a, 'b, 'r> Batch<'a, 'b, 'r> {
    /// Loads everything that the records may change.
    pub(super) fn load(
        tx: &'a mut Tx<'b>,
        actor: &'a Actor,
        records: &'r [Incoming],
        mut rules: RuleSet,
    ) -> Result<Self> {
        let mut alerts: Vec<(&IncomingAlert, &str)> = records.iter().flat_map(Incoming::alerts_with_payloads).collect();
        let rights = Rights::load(tx.conn, actor)?;
        let known = load_stored(tx.conn, &alerts)?;
        let refusals = rights.refusals(tx.conn, records, &known)?;
        alerts.retain(|(alert, _)| refusals.of_alert(alert).is_none());
        let occurrence_minutes = settings::rules(tx.conn)?;
        Self::drop_ignored(&mut rules, &known, &mut alerts);
        let evidence: Vec<_> = alerts.iter().flat_map(|(alert, _)| &alert.evidence).collect();
        let mut resolver = EntityResolver::load(tx, &evidence)?;
        let entities_of =
            |alert: &IncomingAlert| alert.evidence.iter().map(|item| resolver.resolve(tx, item)).collect();
        let found: Vec<Vec<i64>> = alerts.iter().map(|(alert, _)| *alert).map(entities_of).collect::<Result<_>>()?;
        resolver.store(tx)?;
        // Only after all alerts are resolved: a later one may have merged two entities, or given a full name.
        let prepared_alerts = prepare_all(&resolver, &alerts, found);
        let ids = Self::take_ids_of_new(tx, &alerts, &known)?;
        let mut batch = Self {
            tx,
            actor,
            rights,
            refusals,
            resolver,
            index: CorrelationIndex::default(),
            rules,
            prepared_alerts,
            known,
            new_alerts: HashMap::new(),
            written: HashSet::new(),
            occurrences: Occurrences::default(),
            occurrence_minutes,
            ids,
            pending_incidents: BTreeMap::new(),
            alert_states: BTreeMap::new(),
            updated: HashSet::new(),
            stale: HashSet::new(),
            expected: Vec::new(),
            changed: BTreeSet::new(),
            merged: BTreeMap::new(),
            merging: Duration::ZERO,
            provided: Vec::new(),
        };
        batch.load_context(&alerts)?;
        Ok(batch)
    }

    /// An id for each alert that is not stored.
    fn take_ids_of_new(
        tx: &mut Tx<'_>,
        alerts: &[(&IncomingAlert, &str)],
        known: &HashMap<Identity<'_>, Alert>,
    ) -> Result<std::ops::Range<i64>> {
        let new = alerts.iter().filter(|(alert, _)| !known.contains_key(&identity(alert))).count();
        let count = i64::try_from(new).unwrap_or(i64::MAX);
        let first = tx.take_ids("alert", count)?;
        let ids = first..first + count;
        tx.note_new_alerts(&ids);
        Ok(ids)
    }

    fn load_context(&mut self, alerts: &[(&'r IncomingAlert, &'r str)]) -> Result<()> {
        let mut keys_to_load = KeysToLoad::default();
        let mut series: BTreeMap<(String, i64), Rc<PreparedAlert>> = BTreeMap::new();
        let mut decisions: Vec<RuleDecision> = Vec::new();
        for (alert, _) in alerts {
            let prepared = self.prepared(alert)?;
            let decision = self.rules.decide(alert, &prepared.entities);
            let within = decision.as_ref().and_then(RuleDecision::within);
            keys_to_load.add(&alert_to_place(alert, &prepared.detection, &prepared.link_keys, within));
            decisions.extend(decision);
            // Their ends may move.
            if let Some(known) = self.known.get(&identity(alert)) {
                keys_to_load.add_ends(&prepared.link_keys, (known.first_activity, known.last_activity), 0);
            }
            if self.minutes_of(alert) > 0 {
                let day = alert.first_activity.div_euclid(DAY);
                series.entry((key(alert, &prepared.subject, &prepared.entities), day)).or_insert(prepared);
            }
        }
        let keys: BTreeSet<(String, i64)> = series.keys().cloned().collect();
        self.occurrences = Occurrences::load(self.tx.conn, &self.rights, alerts, &keys)?;
        for ((key, day), prepared) in &series {
            let key = self.occurrences.series_of_sender(key.clone(), &self.rights);
            for counting in self.occurrences.of_day(&key, *day) {
                keys_to_load.add_ends(&prepared.link_keys, (counting.first, counting.last), 0);
            }
        }
        self.index = CorrelationIndex::load(self.tx.conn, &keys_to_load)?;
        let mut open = self.index.open_incidents();
        open.extend(self.occurrences.counting_incidents());
        open.extend(self.known.values().map(|known| known.incident_id));
        open.extend(self.rules.load_groups(self.tx.conn, &decisions)?);
        open.sort_unstable();
        open.dedup();
        for claimed in claim_many(self.tx, &open)? {
            self.index.update_incident(claimed.incident());
            self.add_pending(IncidentChanges::new(claimed, Vec::new()));
        }
        // What was read before the claims may have changed while they waited for other transactions.
        if !self.known.is_empty() {
            self.known = load_stored(self.tx.conn, alerts)?;
        }
        if !self.occurrences.is_empty() {
            self.occurrences = Occurrences::load(self.tx.conn, &self.rights, alerts, &keys)?;
        }
        Ok(())
    }
}

/// Every alert with what it comes to, by its place in memory.
fn prepare_all(
    resolver: &EntityResolver,
    alerts: &[(&IncomingAlert, &str)],
    entities: Vec<Vec<i64>>,
) -> HashMap<*const IncomingAlert, Rc<PreparedAlert>> {
    let with_entities = alerts.iter().zip(entities);
    with_entities
        .map(|((alert, payload), ids)| (std::ptr::from_ref(*alert), Rc::new(prepare(resolver, alert, payload, &ids))))
        .collect()
}
