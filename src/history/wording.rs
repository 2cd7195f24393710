//! A change as a sentence: once, for the page, the stream, the conflict form and exports.

use std::collections::HashMap;

use crate::history::timeline::Entry;
use crate::model::change::Change;
use crate::model::incident::{NameSource, Status};
use crate::model::outcome::Outcome;
use crate::model::severity::SeveritySource;
use crate::model::user::User;
use crate::text::thousands;

type People = HashMap<i64, User>;

/// An entry as a sentence: what it undoes is told as an undo.
pub fn told(entry: &Entry, people: &People) -> String {
    let sentence = sentence(&entry.change, people);
    match entry.change {
        Change::MergeUndone { .. } => sentence,
        _ if entry.undoes => format!("Undo. {sentence}"),
        _ => sentence,
    }
}

/// What happened, without who and when. Plain text; the page escapes it.
pub fn sentence(change: &Change, people: &People) -> String {
    match change {
        Change::Opened { note, related, .. } => {
            let related =
                related.map(|id| format!(" It continues incident {id}, which is closed.")).unwrap_or_default();
            format!("Incident created. {note}{related}").trim().to_owned()
        }
        Change::Renamed { from, to, to_source, .. } => match to_source {
            NameSource::Automatic => format!("Name: \"{from}\" → \"{to}\" (automatic)"),
            _ => format!("Name: \"{from}\" → \"{to}\""),
        },
        Change::SeveritySet { from, from_source, to, to_source } => {
            format!("Severity: {} → {}", severity(from.label(), *from_source), severity(to.label(), *to_source))
        }
        Change::StatusSet { from, to, note, .. } => {
            let note = note.as_ref().map(|note| format!(". Resolving note: {note}")).unwrap_or_default();
            format!("Status: {from} → {to}{note}")
        }
        Change::ResolvingNoteSet { from, to } => {
            format!("Resolving note: {} → {}", text(from.as_deref()), text(to.as_deref()))
        }
        Change::Classified { from, to } => {
            format!("Classification: {} → {}", outcome(*from), outcome(*to))
        }
        Change::Assigned { from, to } => format!("Assigned to: {} → {}", owner(*from, people), owner(*to, people)),
        Change::Tagged { tag, .. } => format!("Tag added: {tag}"),
        Change::Untagged { tag, .. } => format!("Tag removed: {tag}"),
        Change::Commented { .. } => "Commented".to_owned(),
        Change::AlertAdded { linked_by, .. } => format!("Alert added. {}", linked_by.explanation),
        Change::AlertUpdated { what, .. } => format!("Updated by its source: {}", what.join(", ")),
        Change::AlertStatusSet { from, to, with_incident, .. } => {
            let why = if *with_incident { " with its incident" } else { "" };
            format!("Alert status: {from} → {to}{why}")
        }
        Change::AlertSeveritySet { from, to } => format!("Alert severity: {from} → {to}"),
        Change::AlertMovedOut { to, reason, comment, .. } => {
            format!("Alert moved to incident {to}{}", because(reason, comment))
        }
        Change::AlertMovedIn { from, reason, comment, .. } => {
            format!("Alert moved here from incident {from}{}", because(reason, comment))
        }
        Change::Redirected { to, status } => {
            format!("Status: {status} → {}. Its alerts are in incident {to} now.", Status::Redirected)
        }
        Change::Restored { status } => format!("Status: {} → {status}. Alerts came back.", Status::Redirected),
        Change::AlertRepeated { occurrences, .. } => format!("Seen {} times by now", thousands(*occurrences)),
        Change::Merged { from, why, alerts, .. } => {
            format!("Incident {from} merged into this one with {}. {why}", counted(alerts.len()))
        }
        Change::MergedInto { to, why, alerts, .. } => {
            format!("Merged into incident {to} with {}. {why}", counted(alerts.len()))
        }
        Change::MergeUndone { other, back } => {
            format!("The merge with incident {other} was undone; {} went back.", counted(back.len()))
        }
        Change::ProviderSeen { .. } => "Updated by the provider's incident".to_owned(),
    }
}

fn counted(alerts: usize) -> String {
    format!("{alerts} alert{}", if alerts == 1 { "" } else { "s" })
}

fn severity(label: &str, source: SeveritySource) -> String {
    match source {
        SeveritySource::Automatic => format!("{label} (automatic)"),
        _ => label.to_owned(),
    }
}

fn outcome(outcome: Outcome) -> String {
    outcome.label()
}

fn owner(id: Option<i64>, people: &People) -> String {
    match id {
        None => "Unassigned".to_owned(),
        Some(id) => people.get(&id).map_or_else(|| format!("user {id}"), |user| user.display_name.clone()),
    }
}

fn text(value: Option<&str>) -> &str {
    value.filter(|text| !text.is_empty()).unwrap_or("none")
}

fn because(reason: &str, comment: &str) -> String {
    match (reason.is_empty(), comment.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!(". Reason: {reason}"),
        (true, false) => format!(". Comment: {comment}"),
        (false, false) => format!(". Reason: {reason}. Comment: {comment}"),
    }
}
