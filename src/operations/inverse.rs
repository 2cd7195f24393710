//! What gives an incident back as it was before an operation: each change the other way round, as
//! long as nothing later touched the same field. Pure.

use std::collections::{BTreeSet, HashMap};

use crate::history::timeline::Entry;
use crate::incidents::status::closing;
use crate::model::alert::{AlertState, AlertStatus};
use crate::model::change::{Act, Change};
use crate::model::field::Field;
use crate::model::follow_up::date_label;
use crate::model::incident::{Incident, NameSource, Status};
use crate::model::severity::SeveritySource;
use crate::model::tag::{self, Tag};
use crate::model::user::User;

/// What an incident is, what was done to it, and what happened since.
#[derive(Debug)]
pub struct Undoing<'a> {
    pub incident: &'a Incident,
    pub states: &'a [AlertState],
    pub tags: &'a [Tag],
    /// The operation's entries of this incident, oldest first.
    pub done: &'a [Entry],
    /// Entries after them, oldest first.
    pub since: &'a [Entry],
    /// Those of them that still stand: neither undone since nor the undoing of it.
    pub later: &'a [Entry],
    pub people: &'a HashMap<i64, User>,
    /// The name that it would have by itself.
    pub automatic_name: String,
}

/// What to do, and what stays as it is, a sentence each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inverse {
    pub acts: Vec<Act>,
    pub stays: Vec<String>,
}

/// Why an alert stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    /// It was changed or moved since.
    Changed,
    /// Who had it before can no longer be given work.
    Owner,
    /// The incident's change that it followed stays.
    Follows,
    /// Its incident is resolved.
    Resolved,
}

impl Left {
    fn told(self, count: usize) -> String {
        let (alerts, stays) = match count {
            1 => ("1 alert".to_owned(), "stays as it is"),
            count => (format!("{count} alerts"), "stay as they are"),
        };
        match (self, count) {
            (Self::Changed, 1) => format!("{alerts} {stays}: it was changed or moved since."),
            (Self::Changed, _) => format!("{alerts} {stays}: they were changed or moved since."),
            (Self::Owner, _) => format!("{alerts} {stays}: who had them can no longer be given work."),
            (Self::Follows, _) => format!("{alerts} that changed with it {stays}."),
            (Self::Resolved, _) => format!("{alerts} {stays}: the incident is resolved; reopen it first."),
        }
    }
}

impl Undoing<'_> {
    /// Works it out.
    pub fn invert(&self) -> Inverse {
        let mut inverse = Inverse::default();
        if let (Status::Redirected, Some(to)) = (self.incident.status, self.incident.redirect_to) {
            inverse.stays.push(format!("It lives on in incident {to} now."));
            return inverse;
        }
        let mut left: BTreeSet<(Left, i64)> = BTreeSet::new();
        // Whether the act that alerts followed is taken back with them, and whether it stays.
        let (mut with_parent, mut parent_stays) = (false, false);
        for entry in self.done.iter().filter(|entry| entry.actor_kind != "system") {
            match entry.alert_id {
                None => {
                    let (acts, stays) = (inverse.acts.len(), inverse.stays.len());
                    self.of_incident(entry, &mut inverse);
                    with_parent = inverse.acts.len() > acts;
                    parent_stays = !with_parent && inverse.stays.len() > stays;
                }
                Some(alert) => match self.of_alert(alert, &entry.change) {
                    Ok(Some(_)) if parent_stays && entry.nested => drop(left.insert((Left::Follows, alert))),
                    Ok(Some(change)) if opens(&change) && self.stays_resolved(&inverse) => {
                        left.insert((Left::Resolved, alert));
                    }
                    Ok(Some(change)) if with_parent => inverse.acts.push(Act::nested(alert, change)),
                    Ok(Some(change)) => inverse.acts.push(Act::alert(alert, change)),
                    Ok(None) => {}
                    Err(why) => drop(left.insert((why, alert))),
                },
            }
        }
        for why in [Left::Changed, Left::Owner, Left::Follows, Left::Resolved] {
            let count = left.iter().filter(|(other, _)| *other == why).count();
            if count > 0 {
                inverse.stays.push(why.told(count));
            }
        }
        inverse
    }

    /// A resolved incident has no open alerts, unless it is no longer resolved once this is undone.
    fn stays_resolved(&self, inverse: &Inverse) -> bool {
        let reopens = |act: &Act| matches!(&act.change, Change::StatusSet { to, .. } if to.is_open());
        self.incident.status == Status::Resolved && !inverse.acts.iter().any(reopens)
    }

    /// Who touched a field of the incident last, among some entries.
    fn last_touch(&self, entries: &[Entry], fields: &[Field]) -> Option<String> {
        // What the machine made of an automatic name or severity is nobody's word.
        let follows = |entry: &Entry| {
            entry.actor_kind == "system" && matches!(entry.change, Change::Renamed { .. } | Change::SeveritySet { .. })
        };
        let touches = |entry: &&Entry| {
            entry.alert_id.is_none()
                && !follows(entry)
                && entry.change.field().is_some_and(|field| fields.contains(&field))
        };
        entries.iter().rev().find(touches).map(|entry| entry.actor(self.people))
    }

    fn of_incident(&self, entry: &Entry, into: &mut Inverse) {
        let incident = self.incident;
        // Whether it is so again, and whether it still is what was made of it.
        let (fields, (so_again, as_made), stands): (&[Field], (bool, bool), String) = match &entry.change {
            Change::Renamed { from, from_source, to, to_source } => {
                let now = (&incident.name, incident.name_source);
                let is = (now == (from, *from_source), now == (to, *to_source));
                (&[Field::Name], is, format!("\"{}\"", incident.name))
            }
            Change::SeveritySet { from, from_source, to, to_source } => {
                let now = (incident.severity, incident.severity_source);
                let is = (now == (*from, *from_source), now == (*to, *to_source));
                (&[Field::Severity], is, incident.severity.label().to_owned())
            }
            Change::StatusSet { from, to, .. } => {
                let is = (incident.status == *from, incident.status == *to);
                (&[Field::Status], is, incident.status.label().to_owned())
            }
            Change::ResolvingNoteSet { from, to } => {
                let is = (incident.resolving_note == *from, incident.resolving_note == *to);
                (&[Field::Status, Field::ResolvingNote], is, "as it is".to_owned())
            }
            Change::Classified { from, to } => {
                let is = (incident.outcome() == *from, incident.outcome() == *to);
                (&[Field::Classification], is, incident.outcome().label())
            }
            Change::Assigned { from, to } => {
                let is = (incident.assigned_to == *from, incident.assigned_to == *to);
                (&[Field::AssignedTo], is, self.owner())
            }
            Change::FollowUpSet { from, to } => {
                let is = (incident.follow_up_at == *from, incident.follow_up_at == *to);
                (&[Field::FollowUp], is, incident.follow_up_at.map_or_else(|| "not set".to_owned(), date_label))
            }
            Change::Tagged { tag, .. } | Change::Untagged { tag, .. } => return self.of_tag(entry, tag, into),
            // A move or a merge is undone by operations of their own; the rest is no field's change.
            Change::Redirected { .. }
            | Change::Restored { .. }
            | Change::Opened { .. }
            | Change::Commented { .. }
            | Change::AlertAdded { .. }
            | Change::AlertUpdated { .. }
            | Change::AlertStatusSet { .. }
            | Change::AlertSeveritySet { .. }
            | Change::AlertMovedOut { .. }
            | Change::AlertMovedIn { .. }
            | Change::AlertRepeated { .. }
            | Change::Merged { .. }
            | Change::MergedInto { .. }
            | Change::MergeUndone { .. }
            | Change::ProviderSeen { .. } => return,
        };
        if so_again {
            return;
        }
        // What was undone since only in part is another's word all the same.
        let undone = if as_made { &[] } else { self.since };
        let why = match self.last_touch(self.later, fields).or_else(|| self.last_touch(undone, fields)) {
            Some(who) => Some(format!("{who} changed it since")),
            None => self.forbids(&entry.change),
        };
        if let Some(why) = why {
            let field = match entry.change.field() {
                Some(Field::Name) => "Name",
                field => field.map_or("", Field::label),
            };
            into.stays.push(format!("{field} stays {stands}: {why}."));
            return;
        }
        into.acts.extend(self.back(&entry.change).map(Act::incident));
        match &entry.change {
            Change::Assigned { from, to } => into.acts.extend(self.joined_since(*from, *to)),
            Change::StatusSet { .. } if incident.resolving_note.is_some() => {
                if let Some(who) = self.last_touch(self.later, &[Field::ResolvingNote]) {
                    into.stays.push(format!("The resolving note that {who} wrote since goes with the status."));
                }
            }
            _ => {}
        }
    }

    /// Why a change may not be taken back although nobody changed the field since.
    fn forbids(&self, change: &Change) -> Option<String> {
        match change {
            Change::StatusSet { from: Status::Resolved, .. } => self.left_open().map(str::to_owned),
            Change::Assigned { from: Some(before), .. } if !self.can_own(*before) => {
                let name = self.people.get(before).map_or("who had it before", |user| &user.display_name);
                Some(format!("{name} can no longer be given work"))
            }
            _ => None,
        }
    }

    /// A resolved incident has no open alerts: why one would be left when it is resolved again.
    fn left_open(&self) -> Option<&'static str> {
        let closes = |entry: &Entry| {
            let alert = entry.alert_id?;
            let back = self.of_alert(alert, &entry.change).ok().flatten()?;
            matches!(back, Change::AlertStatusSet { to: AlertStatus::Resolved, .. }).then_some(alert)
        };
        let closed: BTreeSet<i64> = self.done.iter().filter_map(closes).collect();
        let open: Vec<i64> =
            self.states.iter().filter(|state| state.is_open() && !closed.contains(&state.id)).map(|it| it.id).collect();
        let joined = joined(self.since);
        if open.iter().any(|alert| joined.contains(alert)) {
            Some("alerts came in since")
        } else {
            (!open.is_empty()).then_some("an alert in it was opened since")
        }
    }

    fn can_own(&self, person: i64) -> bool {
        self.people.get(&person).is_some_and(User::can_own)
    }

    fn owner(&self) -> String {
        let person = self.incident.assigned_to.and_then(|id| self.people.get(&id));
        person.map_or_else(|| "Unassigned".to_owned(), |user| user.display_name.clone())
    }

    /// The change of the incident the other way round, from what it is now.
    fn back(&self, change: &Change) -> Option<Change> {
        let incident = self.incident;
        Some(match change {
            Change::Renamed { from, from_source, .. } => Change::Renamed {
                from: incident.name.clone(),
                from_source: incident.name_source,
                to: match from_source {
                    NameSource::Automatic => self.automatic_name.clone(),
                    _ => from.clone(),
                },
                to_source: *from_source,
            },
            Change::SeveritySet { from, from_source, .. } => Change::SeveritySet {
                from: incident.severity,
                from_source: incident.severity_source,
                to: match from_source {
                    SeveritySource::Automatic => self.states.iter().map(|alert| alert.severity).max().unwrap_or(*from),
                    _ => *from,
                },
                to_source: *from_source,
            },
            Change::StatusSet { from, before, .. } => Change::StatusSet {
                from: incident.status,
                to: *from,
                note: before.as_ref().and_then(|before| before.note.clone()),
                before: closing(incident),
                resolved_at: before.as_ref().and_then(|before| before.at),
            },
            Change::ResolvingNoteSet { from, .. } => {
                Change::ResolvingNoteSet { from: incident.resolving_note.clone(), to: from.clone() }
            }
            Change::Classified { from, .. } => Change::Classified { from: incident.outcome(), to: *from },
            Change::Assigned { from, .. } => Change::Assigned { from: incident.assigned_to, to: *from },
            Change::FollowUpSet { from, .. } => Change::FollowUpSet { from: incident.follow_up_at, to: *from },
            _ => return None,
        })
    }

    fn of_tag(&self, entry: &Entry, tag: &str, into: &mut Inverse) {
        let has = self.tags.iter().any(|known| tag::key(&known.name) == tag::key(tag));
        let touches = |later: &&Entry| later.change.tag().is_some_and(|(other, _)| tag::key(other) == tag::key(tag));
        let later = self.later.iter().rev().find(touches);
        let given = matches!(entry.change, Change::Tagged { .. });
        if has != given {
            return;
        }
        if let Some(later) = later {
            let who = later.actor(self.people);
            let what = if given { "stays" } else { "stays away" };
            into.stays.push(format!("Tag {tag} {what}: {who} changed it since."));
            return;
        }
        let tag = tag.to_owned();
        into.acts.push(Act::incident(if given {
            Change::Untagged { tag, system: false }
        } else {
            Change::Tagged { tag, system: false }
        }));
    }

    /// Alerts that joined since took the owner (R2); they go with the incident again.
    fn joined_since(&self, from: Option<i64>, to: Option<i64>) -> Vec<Act> {
        let joined = joined(self.later);
        // What the act itself gave to somebody goes back to whom it belonged.
        let given = |alert: i64| {
            self.done.iter().any(|it| it.alert_id == Some(alert) && matches!(it.change, Change::Assigned { .. }))
        };
        self.states
            .iter()
            .filter(|state| to.is_some() && state.assigned_to == to && joined.contains(&state.id) && !given(state.id))
            .map(|state| Act::nested(state.id, Change::Assigned { from: to, to: from }))
            .collect()
    }

    /// The change of an alert the other way round; nothing where it is so again, an error where
    /// something else happened to it since.
    fn of_alert(&self, alert: i64, change: &Change) -> Result<Option<Change>, Left> {
        let field = change.field();
        if field.is_none() {
            return Ok(None);
        }
        let state = self.states.iter().find(|state| state.id == alert).ok_or(Left::Changed)?;
        let (back, as_made) = match change {
            Change::AlertStatusSet { from, to, before, with_incident, .. } if state.status != *from => {
                let back = Change::AlertStatusSet {
                    from: state.status,
                    to: *from,
                    with_incident: *with_incident,
                    before: state.closing(),
                    restores: before.clone(),
                };
                (back, state.status == *to)
            }
            Change::Classified { from, to } if state.outcome() != *from => {
                (Change::Classified { from: state.outcome(), to: *from }, state.outcome() == *to)
            }
            Change::Assigned { from, to } if state.assigned_to != *from => {
                (Change::Assigned { from: state.assigned_to, to: *from }, state.assigned_to == *to)
            }
            _ => return Ok(None),
        };
        let since = self.later.iter().any(|later| later.alert_id == Some(alert) && later.change.field() == field);
        match &back {
            _ if since || !as_made => Err(Left::Changed),
            Change::Assigned { to: Some(before), .. } if !self.can_own(*before) => Err(Left::Owner),
            _ => Ok(Some(back)),
        }
    }
}

/// Whether a change opens an alert.
fn opens(change: &Change) -> bool {
    matches!(change, Change::AlertStatusSet { from: AlertStatus::Resolved, to, .. } if *to != AlertStatus::Resolved)
}

/// The alerts that joined the incident by some entries.
fn joined(entries: &[Entry]) -> BTreeSet<i64> {
    entries
        .iter()
        .filter(|entry| matches!(entry.change, Change::AlertAdded { .. } | Change::AlertMovedIn { .. }))
        .filter_map(|entry| entry.alert_id)
        .collect()
}
