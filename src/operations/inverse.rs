//! What gives an incident back as it was before an operation: each change the other way round, as
//! long as nothing later touched the same field. Pure.

use std::collections::{BTreeSet, HashMap};

use crate::accounts::User;
use crate::alerts::AlertState;
use crate::history::timeline::Entry;
use crate::history::{Act, Change};
use crate::incidents::status::closing;
use crate::incidents::tags::{self, Tag};
use crate::incidents::{Incident, NameSource, SeveritySource, Status};

/// What an incident is, what was done to it, and what happened since.
#[derive(Debug)]
pub struct Undoing<'a> {
    pub incident: &'a Incident,
    pub states: &'a [AlertState],
    pub tags: &'a [Tag],
    /// The operation's entries of this incident, oldest first.
    pub done: &'a [Entry],
    /// Entries after them, oldest first.
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

impl Undoing<'_> {
    /// Works it out.
    pub fn invert(&self) -> Inverse {
        let mut inverse = Inverse::default();
        if let (Status::Redirected, Some(to)) = (self.incident.status, self.incident.redirect_to) {
            inverse.stays.push(format!("It lives on in incident {to} now."));
            return inverse;
        }
        let mut left: BTreeSet<i64> = BTreeSet::new();
        // Whether the act that alerts followed is taken back with them.
        let mut with_parent = false;
        for entry in self.done.iter().filter(|entry| entry.actor_kind != "system") {
            match entry.alert_id {
                None => {
                    let before = inverse.acts.len();
                    self.of_incident(entry, &mut inverse);
                    with_parent = inverse.acts.len() > before;
                }
                Some(alert) => match self.of_alert(alert, &entry.change) {
                    Ok(Some(change)) if with_parent => inverse.acts.push(Act::nested(alert, change)),
                    Ok(Some(change)) => inverse.acts.push(Act::alert(alert, change)),
                    Ok(None) => {}
                    Err(()) => drop(left.insert(alert)),
                },
            }
        }
        match left.len() {
            0 => {}
            1 => inverse.stays.push("1 alert stays as it is: it was changed or moved since.".to_owned()),
            count => inverse.stays.push(format!("{count} alerts stay as they are: they were changed or moved since.")),
        }
        inverse
    }

    /// Who changed a field of the incident since.
    fn changed_since(&self, fields: &[&str]) -> Option<String> {
        // What the machine made of an automatic name or severity is nobody's word.
        let follows = |entry: &Entry| {
            entry.actor_kind == "system" && matches!(entry.change, Change::Renamed { .. } | Change::SeveritySet { .. })
        };
        let touches = |entry: &&Entry| {
            entry.alert_id.is_none()
                && !follows(entry)
                && entry.change.field().is_some_and(|field| fields.contains(&field))
        };
        self.later.iter().rev().find(touches).map(|entry| entry.actor(self.people))
    }

    fn of_incident(&self, entry: &Entry, into: &mut Inverse) {
        let incident = self.incident;
        let (field, fields, so_again, stands): (&str, &[&str], bool, String) = match &entry.change {
            Change::Renamed { from, .. } => {
                ("Name", &["name"], incident.name == *from, format!("\"{}\"", incident.name))
            }
            Change::SeveritySet { from, from_source, .. } => (
                "Severity",
                &["severity"],
                (incident.severity, incident.severity_source) == (*from, *from_source),
                incident.severity.label().to_owned(),
            ),
            Change::StatusSet { from, .. } => {
                ("Status", &["status", "resolving_note"], incident.status == *from, incident.status.label().to_owned())
            }
            Change::ResolvingNoteSet { from, .. } => {
                ("Resolving note", &["status", "resolving_note"], incident.resolving_note == *from, String::new())
            }
            Change::Classified { from, .. } => {
                ("Classification", &["classification"], incident.outcome() == *from, incident.outcome().label())
            }
            Change::Assigned { from, .. } => {
                ("Assigned to", &["assigned_to"], incident.assigned_to == *from, self.owner())
            }
            Change::Tagged { tag, .. } | Change::Untagged { tag, .. } => return self.of_tag(entry, tag, into),
            _ => return,
        };
        if so_again {
            return;
        }
        if let Some(who) = self.changed_since(fields) {
            let stands = if stands.is_empty() { "as it is".to_owned() } else { stands };
            into.stays.push(format!("{field} stays {stands}: {who} changed it since."));
            return;
        }
        into.acts.extend(self.back(&entry.change).map(Act::incident));
        if let Change::Assigned { from, to } = &entry.change {
            into.acts.extend(self.joined_since(*from, *to));
        }
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
            _ => return None,
        })
    }

    fn of_tag(&self, entry: &Entry, tag: &str, into: &mut Inverse) {
        let has = self.tags.iter().any(|known| tags::key(&known.name) == tags::key(tag));
        let later = self.later.iter().rev().find(|later| match &later.change {
            Change::Tagged { tag: other, .. } | Change::Untagged { tag: other, .. } => {
                tags::key(other) == tags::key(tag)
            }
            _ => false,
        });
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
        let joined: BTreeSet<i64> = self
            .later
            .iter()
            .filter(|entry| matches!(entry.change, Change::AlertAdded { .. } | Change::AlertMovedIn { .. }))
            .filter_map(|entry| entry.alert_id)
            .collect();
        self.states
            .iter()
            .filter(|state| to.is_some() && state.assigned_to == to && joined.contains(&state.id))
            .map(|state| Act::nested(state.id, Change::Assigned { from: to, to: from }))
            .collect()
    }

    /// The change of an alert the other way round; nothing where it is so again, an error where
    /// something else happened to it since.
    fn of_alert(&self, alert: i64, change: &Change) -> Result<Option<Change>, ()> {
        let field = change.field();
        if field.is_none() {
            return Ok(None);
        }
        let state = self.states.iter().find(|state| state.id == alert).ok_or(())?;
        let back = match change {
            Change::AlertStatusSet { from, before, with_incident, .. } if state.status != *from => {
                Change::AlertStatusSet {
                    from: state.status,
                    to: *from,
                    with_incident: *with_incident,
                    before: state.closing(),
                    restores: before.clone(),
                }
            }
            Change::Classified { from, .. } if state.outcome() != *from => {
                Change::Classified { from: state.outcome(), to: *from }
            }
            Change::Assigned { from, .. } if state.assigned_to != *from => {
                Change::Assigned { from: state.assigned_to, to: *from }
            }
            _ => return Ok(None),
        };
        let since = self.later.iter().any(|later| later.alert_id == Some(alert) && later.change.field() == field);
        if since { Err(()) } else { Ok(Some(back)) }
    }
}
