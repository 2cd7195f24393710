//! Storing a batch of new alerts: every table written in a few statements, whatever the batch holds.
//! What follows for the incidents (counts, name, severity) is added to what is known of them; only
//! where more happened than arrivals is it recomputed from all alerts.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;

use crate::clock;
use crate::db::Tx;
use crate::error::Result;
use crate::history::claim::Claimed;
use crate::history::commit::NewEntry;
use crate::history::derive::Added;
use crate::history::detection_counts::Lately;
use crate::history::new_alerts::Arrival;
use crate::history::new_incident::NewIncident;
use crate::history::recompute::DerivedRow;
use crate::history::{commit, derive, new_alerts, new_incident, search_index};
use crate::model::actor::Actor;
use crate::model::change::{Act, Change};
use crate::model::entity::Resolved;
use crate::model::incident::{Incident, NameSource};
use crate::model::incoming::IncomingComment;
use crate::schema::incidents;

/// What happened to one incident in a batch.
#[derive(Debug)]
pub struct Landing<'a> {
    pub claimed: Claimed,
    /// It was made by this batch and is not stored yet.
    pub opened: Option<NewIncident>,
    pub arrivals: Vec<Arrival<'a>>,
    /// What happened beside arrivals, in order.
    pub acts: Vec<Act>,
    /// Something that arrivals cannot tell changed it (an entity was merged).
    pub recount: bool,
}

impl Landing<'_> {
    /// Whether what follows can be added to what is known.
    fn is_plain(&self) -> bool {
        let incident = self.claimed.incident();
        let known = incident.alert_count == 0 || !incident.scope.titles.is_empty();
        known && !self.recount && self.acts.is_empty() && !self.arrivals.is_empty()
    }

    fn acts_of_arrivals(&self) -> Vec<Act> {
        let owner = self.claimed.incident().assigned_to;
        let mut acts = Vec::with_capacity(self.arrivals.len() + 1);
        for arrival in &self.arrivals {
            let (title, linked_by) = (arrival.alert.title.clone(), arrival.linked_by.clone());
            acts.push(Act::alert(arrival.id, Change::AlertAdded { title, linked_by }));
            // R2: who owns the incident owns what joins it.
            if owner.is_some() {
                acts.push(Act::nested(arrival.id, Change::Assigned { from: None, to: owner }));
            }
            for comment in &arrival.alert.comments {
                acts.push(Act::alert(arrival.id, imported(comment)).by(comment.author.clone()));
            }
        }
        acts
    }
}

/// A comment that came along, as it is recorded.
pub fn imported(comment: &IncomingComment) -> Change {
    Change::Commented { body: comment.body.clone(), at: Some(comment.at) }
}

/// Stores all of it.
pub fn land(tx: &mut Tx<'_>, actor: &Actor, landings: Vec<Landing<'_>>) -> Result<()> {
    let (plain, other): (Vec<Landing<'_>>, Vec<Landing<'_>>) = landings.into_iter().partition(Landing::is_plain);
    let known = new_alerts::entities_of(tx, plain.iter().chain(&other))?;
    let arriving = plain.iter().chain(&other).flat_map(|landing| &landing.arrivals);
    let mut lately =
        Lately::load(tx.conn, arriving.map(|arrival| (arrival.detection.as_str(), arrival.last_activity)))?;
    let mut settled = Vec::with_capacity(plain.len());
    for landing in &plain {
        settled.push(settle(landing, &known, &mut lately, tx.automatic_names));
    }
    for arrival in other.iter().flat_map(|landing| &landing.arrivals) {
        lately.add(&arrival.detection, arrival.last_activity);
    }
    lately.store(tx)?;
    let opened: Vec<&Incident> = plain
        .iter()
        .zip(&settled)
        .filter(|(landing, _)| landing.opened.is_some())
        .map(|(_, done)| &done.incident)
        .collect();
    new_incident::insert(tx, &opened)?;
    let mut revisions = HashMap::new();
    for act in settled.iter().flat_map(|done| &done.acts) {
        if let Some(alert) = act.alert {
            *revisions.entry(alert).or_insert(0) += 1;
        }
    }
    let all = plain.iter().chain(&other);
    new_alerts::store(tx, all, &revisions, &known)?;
    record(tx, actor, &plain, settled)?;
    for landing in other {
        commit_other(tx, actor, landing)?;
    }
    Ok(())
}

/// An incident as it is after its arrivals, and what is recorded of them.
struct Settled {
    incident: Incident,
    acts: Vec<Act>,
    /// How many of the acts, at the end, are the machine's own.
    automatic: usize,
}

type KnownEntities = BTreeMap<(i64, i64), new_alerts::Stored>;

fn settle(landing: &Landing<'_>, known: &KnownEntities, lately: &mut Lately, automatic_names: bool) -> Settled {
    let before = landing.claimed.incident();
    let mut incident = before.clone();
    let mut seen = HashSet::new();
    let mut newcomers: Vec<&Resolved> = Vec::new();
    for entity in landing.arrivals.iter().flat_map(|arrival| &arrival.entities) {
        if seen.insert(entity.id) && !known.contains_key(&(incident.id, entity.id)) {
            newcomers.push(entity);
        }
    }
    let seen = |arrival: &Arrival<'_>| lately.seen(&arrival.detection, arrival.last_activity);
    let added: Vec<Added<'_>> = landing.arrivals.iter().map(|arrival| arrival.added(seen(arrival))).collect();
    for arrival in &landing.arrivals {
        lately.add(&arrival.detection, arrival.last_activity);
    }
    derive::add(&mut incident, &added, &newcomers);
    let highest = added.iter().map(|alert| alert.severity).max().unwrap_or_default();
    let highest = if before.alert_count > 0 { highest.max(before.severity) } else { highest };
    let mut acts = Vec::new();
    let mut automatic = derive::automatic(&incident, highest);
    for act in &automatic {
        match &act.change {
            Change::Renamed { to, .. } => incident.name.clone_from(to),
            Change::SeveritySet { to, .. } => incident.severity = *to,
            _ => {}
        }
    }
    if let Some(new) = &landing.opened {
        if !automatic_names {
            incident.name_source = NameSource::Numbered;
            incident.name = format!("Incident {}", incident.id);
        }
        // It begins with the name and severity that its first alerts give it.
        automatic.clear();
        let mut opened = new.opened(String::new());
        if let Change::Opened { name, severity, .. } = &mut opened.change {
            name.clone_from(&incident.name);
            *severity = incident.severity;
        }
        acts.push(opened);
    }
    acts.extend(landing.acts_of_arrivals());
    let count = automatic.len();
    acts.append(&mut automatic);
    incident.revision += i64::try_from(acts.len()).unwrap_or(i64::MAX);
    Settled { incident, acts, automatic: count }
}

fn record(tx: &mut Tx<'_>, actor: &Actor, plain: &[Landing<'_>], settled: Vec<Settled>) -> Result<()> {
    let now = clock::now();
    let system = Actor::System(commit::AUTOMATIC);
    let total: usize = settled.iter().map(|done| done.acts.len()).sum();
    let mut id = tx.take_ids("entry", i64::try_from(total).unwrap_or(i64::MAX))?;
    let mut rows: Vec<NewEntry> = Vec::with_capacity(total);
    for (landing, done) in plain.iter().zip(&settled) {
        let mut revision = landing.claimed.incident().revision;
        let mut parent = None;
        let mut alert_revisions: HashMap<i64, i64> = HashMap::new();
        let by_hand = done.acts.len() - done.automatic;
        for (index, act) in done.acts.iter().enumerate() {
            revision += 1;
            if !act.nested {
                parent = Some(revision);
            }
            let alert_revision = act.alert.map(|alert| {
                let revision = alert_revisions.entry(alert).or_insert(0);
                *revision += 1;
                *revision
            });
            let who = if index < by_hand { actor } else { &system };
            let (incident, operation) = (done.incident.id, tx.operation);
            let place = commit::Place { id, incident, revision, parent, alert_revision, now, operation };
            rows.push(commit::entry(&place, who, act)?);
            id += 1;
        }
    }
    commit::insert_entries(tx, &rows)?;
    let renamed =
        plain.iter().zip(&settled).filter(|(before, done)| before.claimed.incident().name != done.incident.name);
    search_index::note_names(tx, renamed.map(|(_, done)| done.incident.name.as_str()))?;
    for (landing, done) in plain.iter().zip(&settled) {
        if landing.opened.is_none() {
            update(tx, &done.incident, now)?;
        }
        tx.touch(done.incident.id);
    }
    Ok(())
}

fn update(tx: &mut Tx<'_>, incident: &Incident, now: i64) -> Result<()> {
    diesel::update(incidents::table.find(incident.id))
        .set((
            incidents::revision.eq(incident.revision),
            incidents::updated_at.eq(now),
            incidents::name.eq(&incident.name),
            incidents::name_key.eq(incident.name.to_lowercase()),
            incidents::severity.eq(incident.severity.as_str()),
            incidents::severity_rank.eq(incident.severity.rank()),
            DerivedRow::of(incident)?,
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn commit_other(tx: &mut Tx<'_>, actor: &Actor, landing: Landing<'_>) -> Result<()> {
    let mut acts = Vec::new();
    let mut rest = landing.acts_of_arrivals();
    let mut other = landing.acts;
    // What opened it comes first, then what arrived, then what else happened.
    let opening = other.iter().take_while(|act| act.alert.is_none()).count();
    acts.extend(other.drain(..opening));
    acts.append(&mut rest);
    acts.append(&mut other);
    if acts.iter().any(|act| act.change.moves_derived_facts()) {
        commit::commit(tx, landing.claimed, actor, acts)?;
    } else {
        let claimed =
            if acts.is_empty() { landing.claimed } else { commit::commit_and_keep(tx, landing.claimed, actor, acts)? };
        commit::recount(tx, claimed)?;
    }
    Ok(())
}
