//! One alert of a batch: ignored, an update, one more occurrence, or a new alert that is placed.

use crate::correlation::explanation;
use crate::correlation::index::AlertToPlace;
use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::correlation::placement::{Placement, gather, place, score};
use crate::error::Result;
use crate::history::new_alert::NewAlert;
use crate::history::new_incident::NewIncident;
use crate::ingest::batch::Batch;
use crate::ingest::identity::{identity, load_stored};
use crate::ingest::known_alerts::Taken;
use crate::ingest::prepared_alert::{PreparedAlert, alert_to_place};
use crate::ingest::result::IngestResult;
use crate::model::alert::Alert;
use crate::model::episode::Episode;
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::LinkedBy;
use crate::model::linking::is_weakness;
use crate::model::naming;
use crate::rules::decision::RuleDecision;
use crate::text::one_line;

/// What is decided about an alert before it is placed.
enum Decided {
    Taken(IngestResult),
    New,
    /// It is the next episode of this alert.
    Continues(Box<Alert>),
}

/// The provider's incident that an alert is reported in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProviderIncident {
    pub id: i64,
    /// Whether it takes the alerts that its provider put into it.
    pub takes_alerts: bool,
}

impl<'r> Batch<'_, '_, 'r> {
    /// Takes one alert; `into` is the provider's incident that it is reported in.
    pub(crate) fn ingest_alert(
        &mut self,
        alert: &'r IncomingAlert,
        payload: &'r str,
        into: Option<ProviderIncident>,
    ) -> Result<IngestResult> {
        match self.ingest_without_placing(alert, payload, into.is_some())? {
            Decided::Taken(result) => Ok(result),
            Decided::New => self.ingest_new(alert, payload, into, None),
            Decided::Continues(earlier) => {
                self.rules.mark_ignored(std::iter::once(alert));
                match self.ignored(alert, payload) {
                    Some(result) => Ok(result),
                    None => self.ingest_new(alert, payload, into, Some(&earlier)),
                }
            }
        }
    }

    /// Places a new alert; `earlier` is the alert that it is the next episode of.
    fn ingest_new(
        &mut self,
        alert: &'r IncomingAlert,
        payload: &'r str,
        into: Option<ProviderIncident>,
        earlier: Option<&Alert>,
    ) -> Result<IngestResult> {
        let into = into.filter(|incident| incident.takes_alerts).map(|incident| incident.id);
        let episode = match earlier {
            Some(known) => self.next_episode(known)?,
            None => Episode::FIRST,
        };
        let prepared = self.prepared(alert)?;
        let decision = self.rules.decide(alert, &prepared.entities);
        let within = decision.as_ref().and_then(RuleDecision::within);
        let to_place = alert_to_place(alert, &prepared.detection, &prepared.link_keys, within);
        self.index.count_detection(&to_place, &prepared.own_keys);
        // Where a rule says how far an alert links, it links even when it is routine.
        let gathered_by = if within.is_none() { self.gathered_by(alert, &to_place) } else { None };
        let may_count = self.minutes_of(alert) > 0 && into.is_none() && earlier.is_none();
        if may_count
            && self.occurrences.counted_in(identity(alert)).is_none()
            && let Some(result) = self.count_occurrence(alert, payload, &prepared)?
        {
            self.note_occurrence(decision.as_ref(), alert, &result);
            return Ok(result);
        }
        let id = self.next_id()?;
        self.rules.note_new(id, alert);
        let (incident, linked_by) =
            self.choose_incident((alert, &episode), into, decision.as_ref(), &to_place, gathered_by.as_ref())?;
        // Other alerts do not link to one that a rule keeps in an incident of its own.
        let alone = decision.is_some_and(|decision| decision.is_alone());
        let keys = match &gathered_by {
            _ if alone => &[],
            Some(key) => std::slice::from_ref(key),
            None => prepared.link_keys.as_slice(),
        };
        self.index.record_alert(incident, (id, &alert.title), &to_place, keys);
        self.start_counting(alert, &prepared, (id, incident), gathered_by.is_some() || alone);
        let reported = prepared.as_reported(id, (alert, payload), &self.rights.reporter);
        let new_alert = NewAlert { linked_by, routine: gathered_by.is_some() || alone, episode, ..reported };
        self.add_new_alert(incident, new_alert)?;
        if let Some(known) = earlier {
            self.note_continued(known, id, incident)?;
        }
        self.known.remove(&identity(alert));
        self.new_alerts.insert(identity(alert), (id, incident));
        Ok(IngestResult { created: 1, alert_id: Some(id), incident_id: Some(incident), ..IngestResult::default() })
    }

    /// An occurrence that a rule decided about counts for the rule's group, too.
    fn note_occurrence(&mut self, decision: Option<&RuleDecision>, alert: &IncomingAlert, result: &IngestResult) {
        if let (Some(decision), Some(incident)) = (decision, result.incident_id) {
            self.rules.record_occurrence(decision, incident, alert.last_activity);
        }
    }

    /// Further occurrences of the alert are counted from now on, where its source's repeats count as one.
    fn start_counting(
        &mut self,
        alert: &'r IncomingAlert,
        prepared: &PreparedAlert,
        (id, incident): (i64, i64),
        links_nothing: bool,
    ) {
        if self.minutes_of(alert) > 0 {
            let series = self.series(alert, &prepared.subject, &prepared.entities);
            self.occurrences.start_counting(series, id, incident, (alert, links_nothing));
        }
    }

    /// Takes an alert that a rule ignores, that is stored already or that was counted as an occurrence
    /// already.
    fn ingest_without_placing(
        &mut self,
        alert: &'r IncomingAlert,
        payload: &'r str,
        in_provider_incident: bool,
    ) -> Result<Decided> {
        if let Some(why) = self.refusals.of_alert(alert) {
            return Ok(Decided::Taken(IngestResult::rejected(why)));
        }
        if let Some(result) = self.ignored(alert, payload) {
            return Ok(Decided::Taken(result));
        }
        let identity = identity(alert);
        if self.new_alerts.contains_key(&identity) {
            // It is in this batch twice: the first is stored before the second is compared with it.
            self.write()?;
        }
        if self.written.remove(&identity) {
            let stored = load_stored(self.tx.conn, &[(alert, payload)])?;
            self.known.extend(stored);
        }
        if let Some(taken) = self.ingest_known(alert, payload, in_provider_incident)? {
            return Ok(match taken {
                Taken::Known(result) => Decided::Taken(result),
                Taken::Continues(known) => Decided::Continues(known),
            });
        }
        Ok(match self.counted_already(alert, payload)? {
            Some(result) => Decided::Taken(result),
            None => Decided::New,
        })
    }

    /// The provider's incident first, then a rule's, then the one that correlation finds.
    fn choose_incident(
        &mut self,
        (alert, episode): (&IncomingAlert, &Episode),
        into: Option<i64>,
        decision: Option<&RuleDecision>,
        to_place: &AlertToPlace<'_>,
        gathered_by: Option<&LinkKey>,
    ) -> Result<(i64, LinkedBy)> {
        let from_provider = into.or(self.expected(alert, episode.earlier.is_some())?);
        let (incident, mut linked_by) = match (from_provider, decision) {
            (Some(incident), _) => (incident, LinkedBy::provider()),
            (None, Some(decision)) => self.place_by_rule(decision, alert, to_place)?,
            (None, None) => self.place(alert, to_place, gathered_by)?,
        };
        if let Some(decision) = decision {
            self.note_rule(decision, incident, to_place, from_provider.is_some(), &mut linked_by);
        }
        Ok((incident, linked_by))
    }

    fn add_new_alert(&mut self, incident: i64, new_alert: NewAlert<'r>) -> Result<()> {
        self.claim(incident)?;
        if let Some(pending) = self.pending_incidents.get_mut(&incident) {
            pending.new_alerts.push(new_alert);
        }
        Ok(())
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
        gathered_by: Option<&LinkKey>,
    ) -> Result<(i64, LinkedBy)> {
        if let Some(key) = gathered_by {
            self.index.load_day(self.tx.conn, key, to_place.first)?;
        }
        let keys = gathered_by.map_or(to_place.link_keys, std::slice::from_ref);
        let (candidates, placement) = loop {
            let candidates = self.index.candidates(to_place, keys);
            let placement = match gathered_by {
                Some(key) => {
                    let linked_by = explanation::gathered(key, self.index.routine_key(to_place));
                    gather(&candidates, linked_by, self.related(to_place, key))
                }
                None => place(&candidates),
            };
            match placement {
                // What was read of it before it was claimed may have changed.
                Placement::Joined { incident, .. } if !self.is_open(incident)? => {}
                placement => break (candidates, placement),
            }
        };
        match placement {
            Placement::Joined { incident, also_linked, mut linked_by } => {
                let home = self.merge_linked(incident, &also_linked, alert, &candidates, &mut linked_by)?;
                Ok((home, linked_by))
            }
            Placement::OpensNew { related, linked_by } => Ok((self.open_incident_for(alert, related)?, linked_by)),
        }
    }

    /// Whether an incident takes alerts, claimed.
    fn is_open(&mut self, incident: i64) -> Result<bool> {
        self.claim(incident)?;
        let Some(pending) = self.pending_incidents.get(&incident) else { return Ok(false) };
        let incident = pending.claimed.incident();
        self.index.update_incident(incident);
        Ok(incident.is_open())
    }

    /// The incident that a weakness is related to although it is not linked.
    fn related(&self, to_place: &AlertToPlace<'_>, gathered_by: &LinkKey) -> Option<i64> {
        if gathered_by.kind != LinkKind::Weakness {
            return None;
        }
        let candidates = self.index.candidates(to_place, to_place.link_keys);
        candidates.iter().max_by_key(|candidate| score(candidate)).map(|candidate| candidate.incident)
    }

    /// Where an alert that links nothing is gathered: with what is routine, or with the weaknesses, on its asset that day.
    fn gathered_by(&self, alert: &IncomingAlert, to_place: &AlertToPlace<'_>) -> Option<LinkKey> {
        if is_weakness(&alert.category) {
            let assets = to_place.link_keys.iter().filter(|key| key.is_asset());
            return assets.min_by_key(|key| (key.kind, &key.name)).map(|key| LinkKey::weakness(key, to_place.first));
        }
        self.index.routine_on(to_place).map(|key| LinkKey::routine(key, to_place.first))
    }

    pub(crate) fn open_incident_for(&mut self, alert: &IncomingAlert, related: Option<i64>) -> Result<i64> {
        let name: String = one_line(&alert.title).chars().take(naming::LENGTH_LIMIT).collect();
        // Its activity is that of its first alert, not the time of ingest.
        let active = Some((alert.first_activity, alert.last_activity));
        self.open(NewIncident { active, ..NewIncident::automatic(name, related) })
    }
}
