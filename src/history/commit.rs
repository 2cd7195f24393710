//! The one place that changes incidents and alerts and records what happened (architecture 1.4).

use diesel::prelude::*;

use crate::accounts::Actor;
use crate::alerts::AlertStatus;
use crate::clock;
use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::change::VERSION;
use crate::history::{Act, Change, refresh};
use crate::incidents::claim::{self, Claimed};
use crate::incidents::{Incident, NameSource, Outcome, Scope, SeveritySource, Status, tags};
use crate::schema::{alerts, history, incident_tags, incidents};
use crate::severity::Severity;

/// Rows a statement: far below SQLite's 32,766 variables.
const BATCH: usize = 500;

/// Who renames and regrades an incident whose name and severity nobody has set.
const AUTOMATIC: &str = "Automatic naming and severity";

/// What a new incident starts with; everything derived follows from its alerts.
#[derive(Debug, Clone)]
pub struct NewIncident {
    pub name: String,
    pub name_source: NameSource,
    pub status: Status,
    /// `None`: the highest of its alerts.
    pub severity: Option<Severity>,
    pub outcome: Outcome,
    pub resolving_note: Option<String>,
    pub related_to: Option<i64>,
    pub created_at: i64,
    pub provider_key: Option<String>,
    pub provider_updated_at: Option<i64>,
}

impl NewIncident {
    /// The first entry of its history; what it began with is filled in when it is committed.
    pub fn opened(&self, note: String) -> Act {
        Act::incident(Change::Opened {
            name: self.name.clone(),
            severity: Severity::default(),
            status: self.status,
            outcome: self.outcome,
            note,
            related: self.related_to,
        })
    }

    /// An incident opened now, automatic in everything.
    pub fn automatic(name: String, related_to: Option<i64>) -> Self {
        Self {
            name,
            name_source: NameSource::Automatic,
            status: Status::Active,
            severity: None,
            outcome: Outcome::default(),
            resolving_note: None,
            related_to,
            created_at: clock::now(),
            provider_key: None,
            provider_updated_at: None,
        }
    }
}

/// Inserts an incident and claims it. The caller commits its `Opened` entry with its first alerts.
pub fn open_incident(tx: &mut Tx<'_>, new: &NewIncident) -> Result<Claimed> {
    let id = tx.take_ids("incident", 1)?;
    let now = clock::now();
    let numbered = new.name_source == NameSource::Automatic && !tx.automatic_names;
    let name_source = if numbered { NameSource::Numbered } else { new.name_source };
    let name = if numbered { format!("Incident {id}") } else { new.name.clone() };
    let severity = new.severity.unwrap_or_default();
    let severity_source = if new.severity.is_some() { SeveritySource::Imported } else { SeveritySource::Automatic };
    diesel::insert_into(incidents::table)
        .values((
            incidents::id.eq(id),
            incidents::revision.eq(0),
            incidents::name.eq(&name),
            incidents::name_key.eq(name.to_lowercase()),
            incidents::name_source.eq(name_source.as_str()),
            incidents::status.eq(new.status.as_str()),
            incidents::severity.eq(severity.as_str()),
            incidents::severity_rank.eq(severity.rank()),
            incidents::severity_source.eq(severity_source.as_str()),
            incidents::classification.eq(new.outcome.classification.as_str()),
            incidents::determination.eq(new.outcome.determination.as_str()),
            incidents::resolving_note.eq(&new.resolving_note),
            incidents::related_to.eq(new.related_to),
            incidents::created_at.eq(new.created_at),
            incidents::updated_at.eq(now),
            (
                incidents::first_activity.eq(now),
                incidents::last_activity.eq(now),
                incidents::resolved_at.eq((new.status == Status::Resolved).then_some(now)),
                incidents::alert_count.eq(0),
                incidents::open_alert_count.eq(0),
                incidents::device_count.eq(0),
                incidents::user_count.eq(0),
                incidents::mailbox_count.eq(0),
                incidents::scope.eq(serde_json::to_string(&Scope::default())?),
                incidents::provider_key.eq(&new.provider_key),
                incidents::provider_updated_at.eq(new.provider_updated_at),
            ),
        ))
        .execute(tx.conn)?;
    claim::claim(tx, id)
}

/// Applies and records. Returns the incident's new revision, which is the old one when nothing
/// was asked: an unchanged save leaves no trace (R7).
pub fn commit(tx: &mut Tx<'_>, claimed: Claimed, actor: &Actor, mut acts: Vec<Act>) -> Result<i64> {
    let incident = claimed.incident().clone();
    if acts.is_empty() {
        return Ok(incident.revision);
    }
    let now = clock::now();
    for act in &acts {
        apply(tx, incident.id, act, now)?;
    }
    let mut automatic = Vec::new();
    if acts.iter().any(|act| act.change.moves_derived_facts()) {
        automatic = refresh::refresh(tx, incident.id)?;
        for act in &automatic {
            apply(tx, incident.id, act, now)?;
        }
    }
    // A new incident begins with the name and severity that its first alerts give it.
    if acts.iter().any(|act| matches!(act.change, Change::Opened { .. })) {
        automatic.clear();
    }
    complete_opening(tx, incident.id, &mut acts)?;
    let system = Actor::System(AUTOMATIC);
    let by_hand = acts.len();
    acts.append(&mut automatic);
    let revision = record(
        tx,
        incident.id,
        incident.revision,
        now,
        acts.iter().enumerate().map(|(index, act)| (if index < by_hand { actor } else { &system }, act)),
    )?;
    diesel::update(incidents::table.find(incident.id))
        .set((incidents::revision.eq(revision), incidents::updated_at.eq(now)))
        .execute(tx.conn)?;
    tx.touch(incident.id);
    Ok(revision)
}

/// Lets the first entry tell what the incident began with.
fn complete_opening(tx: &mut Tx<'_>, id: i64, acts: &mut [Act]) -> Result<()> {
    for act in acts {
        if let Change::Opened { name, severity, status, outcome, .. } = &mut act.change {
            let began: Incident = incidents::table.find(id).select(Incident::as_select()).first(tx.conn)?;
            (*severity, *status, *outcome) = (began.severity, began.status, began.outcome());
            *name = began.name;
        }
    }
    Ok(())
}

/// Commits, and keeps the claim for one more commit in the same transaction.
pub fn commit_and_keep(tx: &mut Tx<'_>, claimed: Claimed, actor: &Actor, acts: Vec<Act>) -> Result<Claimed> {
    let id = claimed.incident().id;
    commit(tx, claimed, actor, acts)?;
    claim::claim(tx, id)
}

/// Recomputes what follows from an incident's alerts when something beside an act of its own
/// changed it: two spellings of one entity were found to be the same.
pub fn recount(tx: &mut Tx<'_>, claimed: Claimed) -> Result<()> {
    let incident = claimed.incident();
    let now = clock::now();
    let acts = refresh::refresh(tx, incident.id)?;
    if acts.is_empty() {
        return Ok(());
    }
    for act in &acts {
        apply(tx, incident.id, act, now)?;
    }
    let system = Actor::System(AUTOMATIC);
    let revision = record(tx, incident.id, incident.revision, now, acts.iter().map(|act| (&system, act)))?;
    diesel::update(incidents::table.find(incident.id))
        .set((incidents::revision.eq(revision), incidents::updated_at.eq(now)))
        .execute(tx.conn)?;
    tx.touch(incident.id);
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = history, treat_none_as_default_value = false)]
struct NewEntry {
    id: i64,
    incident_id: i64,
    revision: i64,
    parent: Option<i64>,
    alert_id: Option<i64>,
    alert_revision: Option<i64>,
    actor_kind: &'static str,
    actor_id: Option<i64>,
    actor_label: String,
    kind: &'static str,
    version: i32,
    detail: String,
    at: i64,
}

fn record<'a>(
    tx: &mut Tx<'_>,
    incident_id: i64,
    mut revision: i64,
    now: i64,
    acts: impl ExactSizeIterator<Item = (&'a Actor, &'a Act)>,
) -> Result<i64> {
    let first = tx.take_ids("entry", i64::try_from(acts.len()).unwrap_or(i64::MAX))?;
    let mut parent = None;
    let mut rows = Vec::with_capacity(acts.len());
    for (id, (actor, act)) in (first..).zip(acts) {
        revision += 1;
        if !act.nested {
            parent = Some(revision);
        }
        let alert_revision = match act.alert {
            // The incident left behind notes the move, the alert itself counts only its arrival.
            Some(alert) if !matches!(act.change, Change::AlertMovedOut { .. }) => {
                Some(next_alert_revision(tx, alert, now)?)
            }
            _ => None,
        };
        let at = match &act.change {
            Change::Commented { at: Some(at), .. } => *at,
            _ => now,
        };
        rows.push(NewEntry {
            id,
            incident_id,
            revision,
            parent: if act.nested { parent } else { None },
            alert_id: act.alert,
            alert_revision,
            actor_kind: if act.by.is_some() { "import" } else { actor.kind() },
            actor_id: if act.by.is_some() { None } else { actor.id() },
            actor_label: act.by.clone().unwrap_or_else(|| actor.label().to_owned()),
            kind: act.change.kind(),
            version: VERSION,
            detail: serde_json::to_string(&act.change)?,
            at,
        });
    }
    for batch in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(history::table).values(batch).execute(inner))?;
    }
    Ok(revision)
}

fn next_alert_revision(tx: &mut Tx<'_>, alert: i64, now: i64) -> Result<i64> {
    Ok(diesel::update(alerts::table.find(alert))
        .set((alerts::revision.eq(alerts::revision + 1), alerts::updated_at.eq(now)))
        .returning(alerts::revision)
        .get_result(tx.conn)?)
}

fn apply(tx: &mut Tx<'_>, incident: i64, act: &Act, now: i64) -> Result<()> {
    match act.alert {
        None => apply_to_incident(tx, incident, &act.change, now),
        Some(alert) => apply_to_alert(tx, incident, alert, act, now),
    }
}

fn apply_to_incident(tx: &mut Tx<'_>, incident: i64, change: &Change, now: i64) -> Result<()> {
    let row = incidents::table.find(incident);
    match change {
        Change::Renamed { to, to_source, .. } => {
            diesel::update(row)
                .set((
                    incidents::name.eq(to),
                    incidents::name_key.eq(to.to_lowercase()),
                    incidents::name_source.eq(to_source.as_str()),
                ))
                .execute(tx.conn)?;
        }
        Change::SeveritySet { to, to_source, .. } => {
            diesel::update(row)
                .set((
                    incidents::severity.eq(to.as_str()),
                    incidents::severity_rank.eq(to.rank()),
                    incidents::severity_source.eq(to_source.as_str()),
                ))
                .execute(tx.conn)?;
        }
        Change::StatusSet { to, note, .. } => {
            let resolved_at = (*to == Status::Resolved).then_some(now);
            diesel::update(row)
                .set((
                    incidents::status.eq(to.as_str()),
                    incidents::resolving_note.eq(note),
                    incidents::resolved_at.eq(resolved_at),
                ))
                .execute(tx.conn)?;
        }
        Change::ResolvingNoteSet { to, .. } => {
            diesel::update(row).set(incidents::resolving_note.eq(to)).execute(tx.conn)?;
        }
        Change::Classified { to, .. } => {
            diesel::update(row)
                .set((
                    incidents::classification.eq(to.classification.as_str()),
                    incidents::determination.eq(to.determination.as_str()),
                ))
                .execute(tx.conn)?;
        }
        Change::Assigned { to, .. } => {
            diesel::update(row).set(incidents::assigned_to.eq(*to)).execute(tx.conn)?;
        }
        Change::Tagged { tag, system } => give_tag(tx, incident, tag, *system)?,
        Change::Untagged { tag, system } => take_tag(tx, incident, tag, *system)?,
        Change::Redirected { to, status } => {
            diesel::update(row)
                .set((
                    incidents::status.eq(Status::Redirected.as_str()),
                    incidents::status_before.eq(Some(status.as_str())),
                    incidents::redirect_to.eq(Some(*to)),
                ))
                .execute(tx.conn)?;
            give_tag(tx, incident, tags::REDIRECTED, true)?;
        }
        Change::Restored { status } => {
            diesel::update(row)
                .set((
                    incidents::status.eq(status.as_str()),
                    incidents::status_before.eq(None::<String>),
                    incidents::redirect_to.eq(None::<i64>),
                ))
                .execute(tx.conn)?;
            take_tag(tx, incident, tags::REDIRECTED, true)?;
        }
        Change::ProviderSeen { key, updated_at } => {
            diesel::update(row)
                .set((incidents::provider_key.eq(Some(key)), incidents::provider_updated_at.eq(*updated_at)))
                .execute(tx.conn)?;
        }
        Change::Opened { .. }
        | Change::Commented { .. }
        | Change::AlertAdded { .. }
        | Change::AlertUpdated { .. }
        | Change::AlertStatusSet { .. }
        | Change::AlertSeveritySet { .. }
        | Change::AlertMovedOut { .. }
        | Change::AlertMovedIn { .. } => {}
    }
    Ok(())
}

fn apply_to_alert(tx: &mut Tx<'_>, incident: i64, alert: i64, act: &Act, now: i64) -> Result<()> {
    let row = alerts::table.find(alert);
    match &act.change {
        Change::AlertStatusSet { from, to, with_incident } => {
            let closed_with = (*with_incident && *to == AlertStatus::Resolved).then_some(incident);
            diesel::update(row)
                .set((
                    alerts::status.eq(to.as_str()),
                    alerts::status_before.eq(closed_with.map(|_| from.as_str())),
                    alerts::closed_with.eq(closed_with),
                    alerts::resolved_at.eq((*to == AlertStatus::Resolved).then_some(now)),
                ))
                .execute(tx.conn)?;
        }
        Change::AlertSeveritySet { to, .. } => {
            diesel::update(row).set(alerts::severity.eq(to.as_str())).execute(tx.conn)?;
        }
        Change::Classified { to, .. } => {
            diesel::update(row)
                .set((
                    alerts::classification.eq(to.classification.as_str()),
                    alerts::determination.eq(to.determination.as_str()),
                ))
                .execute(tx.conn)?;
        }
        Change::Assigned { to, .. } => {
            diesel::update(row).set(alerts::assigned_to.eq(*to)).execute(tx.conn)?;
        }
        Change::AlertMovedIn { linked_by, .. } => {
            // Which incident closed it stays known: reopening this one must not reopen it, but going
            // back to that one restores that it would.
            diesel::update(row)
                .set((alerts::incident_id.eq(incident), alerts::linked_by.eq(serde_json::to_string(linked_by)?)))
                .execute(tx.conn)?;
        }
        // The rest is an entry alone: comments, and what ingest has already stored.
        _ => {}
    }
    Ok(())
}

fn give_tag(tx: &mut Tx<'_>, incident: i64, name: &str, system: bool) -> Result<()> {
    let tag = tags::id_of(tx, name, system)?;
    let row = (incident_tags::incident_id.eq(incident), incident_tags::tag_id.eq(tag));
    each!(tx.conn, inner => diesel::insert_into(incident_tags::table).values(row).on_conflict_do_nothing().execute(inner))?;
    Ok(())
}

fn take_tag(tx: &mut Tx<'_>, incident: i64, name: &str, system: bool) -> Result<()> {
    let tag = tags::id_of(tx, name, system)?;
    diesel::delete(incident_tags::table.find((incident, tag))).execute(tx.conn)?;
    Ok(())
}
