//! A change as a sentence: once, for the page, the stream, the conflict form and exports. Which
//! incident it names is told beside the text, so that a page can make a link of it.

use std::collections::HashMap;

use crate::history::entry::Entry;
use crate::model::change::Change;
use crate::model::follow_up::date_label;
use crate::model::incident::{NameSource, Status};
use crate::model::outcome::Outcome;
use crate::model::severity::SeveritySource;
use crate::model::user::{Owner, User};
use crate::text::{counted, file_size, thousands};

/// Most incidents that one sentence names.
const INCIDENTS_NAMED: usize = 5;

type People = HashMap<i64, User>;

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    /// The incident that the part names, by number.
    pub incident: Option<i64>,
    /// The same for an alert.
    pub alert: Option<i64>,
    /// The same for an attachment, and whether it is handed on as an encrypted zip.
    pub attachment: Option<(i64, bool)>,
}

impl Part {
    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), incident: None, alert: None, attachment: None }
    }

    /// "incident 12".
    fn incident(id: i64) -> Self {
        Self { incident: Some(id), ..Self::text(format!("incident {id}")) }
    }

    /// "alert 12".
    fn alert(id: i64) -> Self {
        Self { alert: Some(id), ..Self::text(format!("alert {id}")) }
    }
}

/// An entry as a sentence. One that undoes another begins with "Undo.".
pub fn entry_parts(entry: &Entry, people: &People) -> Vec<Part> {
    let mut parts = match &entry.change {
        Change::AlertsMovedOut { to: others, .. } | Change::AlertsMovedIn { from: others, .. } => {
            alerts_moved(&entry.change, others, &entry.incident_names)
        }
        Change::IncidentsMerged { from, .. } => incidents_merged(&entry.change, from, &entry.incident_names),
        change => parts(change, people),
    };
    if entry.undoes && !matches!(entry.change, Change::MergeUndone { .. }) {
        parts.insert(0, Part::text("Undo. "));
    }
    parts
}

/// What happened, without who and when. Plain text; the page escapes it.
pub fn sentence(change: &Change, people: &People) -> String {
    parts(change, people).into_iter().map(|part| part.text).collect()
}

/// The same in parts, in which the incident that it names stands alone.
fn parts(change: &Change, people: &People) -> Vec<Part> {
    let naming =
        |before: String, id: i64, after: String| vec![Part::text(before), Part::incident(id), Part::text(after)];
    match change {
        Change::Opened { note, related: Some(id), .. } => {
            naming(format!("Incident created. {note} It continues "), *id, ", which is closed.".to_owned())
        }
        Change::AlertAdded { linked_by, earlier: Some(earlier), .. } => {
            let before = format!("Alert added. {} It continues ", linked_by.explanation);
            alert_in(before, earlier.alert, earlier.incident, outcome_of_earlier(earlier.outcome))
        }
        Change::AlertContinued { alert, incident, .. } => {
            alert_in("Continued by ".to_owned(), *alert, *incident, ".".to_owned())
        }
        Change::AlertMovedOut { to, reason, comment, .. } => {
            naming("Alert moved to ".to_owned(), *to, because(reason, comment))
        }
        Change::AlertMovedIn { from, reason, comment, .. } => {
            naming("Alert moved here from ".to_owned(), *from, because(reason, comment))
        }
        Change::Redirected { to, status } => {
            let before = format!("Status: {status} → {}. Its alerts are now in ", Status::Redirected);
            naming(before, *to, ".".to_owned())
        }
        Change::Merged { from, why, alerts, .. } => vec![
            Part { incident: Some(*from), ..Part::text(format!("Incident {from}")) },
            Part::text(format!(" merged into this one with {}. {why}", counted(alerts.len(), "alert"))),
        ],
        Change::MergedInto { to, why, alerts, comment, .. } => {
            let comment = if comment.is_empty() { String::new() } else { format!("Comment: {comment}") };
            naming("Merged into ".to_owned(), *to, format!(" with {}. {why}{comment}", counted(alerts.len(), "alert")))
        }
        Change::AlertsMovedOut { to: others, .. } | Change::AlertsMovedIn { from: others, .. } => {
            alerts_moved(change, others, &HashMap::new())
        }
        Change::IncidentsMerged { from, .. } => incidents_merged(change, from, &HashMap::new()),
        Change::AlertsChanged { .. } => vec![Part::text(alerts_changed(change, people))],
        Change::Attached { attachment, name, size, sha256, risky } => vec![
            Part::text("Attached "),
            Part { attachment: Some((*attachment, *risky)), ..Part::text(name) },
            Part::text(format!(", {}, SHA-256 {sha256}", file_size(*size))),
        ],
        Change::MergeUndone { other, back } => {
            let after = format!(" was undone; {} moved back.", counted(back.len(), "alert"));
            naming("The merge with ".to_owned(), *other, after)
        }
        _ => vec![Part::text(without_incident(change, people))],
    }
}

/// A sentence that names an alert and its incident.
fn alert_in(before: String, alert: i64, incident: i64, after: String) -> Vec<Part> {
    vec![Part::text(before), Part::alert(alert), Part::text(" in "), Part::incident(incident), Part::text(after)]
}

fn outcome_of_earlier(outcome: Outcome) -> String {
    if outcome.is_set() {
        format!(", classified {}.", outcome.label())
    } else {
        ", which was not classified.".to_owned()
    }
}

/// The incidents that the sentence of a change names together with their names.
pub(super) fn named_incidents(change: &Change) -> &[i64] {
    first_named(change.moved_between())
}

fn first_named(others: &[i64]) -> &[i64] {
    others.get(..INCIDENTS_NAMED).unwrap_or(others)
}

/// "50 alerts moved here from incident 5 (Beacon) and incident 7 (Phish)".
fn alerts_moved(change: &Change, others: &[i64], names: &HashMap<i64, String>) -> Vec<Part> {
    let (alerts, direction, after) = match change {
        Change::AlertsMovedOut { alerts, reason, comment, .. } => (*alerts, "moved to", because(reason, comment)),
        Change::AlertsMovedIn { alerts, reason, comment, .. } => (*alerts, "moved here from", because(reason, comment)),
        _ => return Vec::new(),
    };
    let mut parts = vec![Part::text(format!("{} {direction} ", counted(alerts, "alert")))];
    parts.extend(listed(others, names));
    parts.push(Part::text(after));
    parts
}

/// "12 alerts: status set to Resolved, assigned to Dana Reyes".
fn alerts_changed(change: &Change, people: &People) -> String {
    let Change::AlertsChanged { alerts, status, outcome, owner: assigned } = change else { return String::new() };
    let status = status.map(|to| format!("status set to {to}"));
    let classified = |to: Outcome| format!("classified as {}", to.label());
    let outcome = outcome.map(|to| if to.is_set() { classified(to) } else { "classification cleared".to_owned() });
    let assigned = assigned.map(|to| match to {
        Owner::Nobody => "unassigned".to_owned(),
        Owner::Person(id) => format!("assigned to {}", owner(Some(id), people)),
    });
    let set: Vec<String> = [status, outcome, assigned].into_iter().flatten().collect();
    let what = if set.is_empty() { "earlier values restored".to_owned() } else { set.join(", ") };
    let alerts = thousands(*alerts);
    format!("{}: {what}", counted(alerts, "alert"))
}

/// "Incident 5 (Beacon) and incident 7 (Phish) merged into this one with 12 alerts".
fn incidents_merged(change: &Change, from: &[i64], names: &HashMap<i64, String>) -> Vec<Part> {
    let Change::IncidentsMerged { alerts, why, comment, .. } = change else { return Vec::new() };
    let mut parts = listed(from, names);
    if let Some(first) = parts.first_mut() {
        first.text = first.text.replacen('i', "I", 1);
    }
    let because = if why.is_empty() { because("", comment) } else { format!(". {why}") };
    parts.push(Part::text(format!(" merged into this one with {}{because}", counted(*alerts, "alert"))));
    parts
}

/// "incident 5 (Beacon), incident 7 (Phish) and 3 more incidents".
fn listed(others: &[i64], names: &HashMap<i64, String>) -> Vec<Part> {
    let named = first_named(others);
    let rest = others.len() - named.len();
    let mut parts = Vec::new();
    for (position, id) in named.iter().enumerate() {
        if position > 0 {
            parts.push(Part::text(if position + 1 == others.len() { " and " } else { ", " }));
        }
        parts.push(Part::incident(*id));
        parts.extend(names.get(id).map(|name| Part::text(format!(" ({name})"))));
    }
    if rest > 0 {
        parts.push(Part::text(format!(" and {}", counted(rest, "more incident"))));
    }
    parts
}

/// A change that names no other incident.
fn without_incident(change: &Change, people: &People) -> String {
    match change {
        Change::Opened { note, .. } => format!("Incident created. {note}").trim().to_owned(),
        Change::Renamed { from, to, to_source, .. } => match to_source {
            NameSource::Automatic => format!("Name: \"{from}\" → \"{to}\" (automatic)"),
            _ => format!("Name: \"{from}\" → \"{to}\""),
        },
        Change::SeveritySet { from, from_source, to, to_source } => {
            format!("Severity: {} → {}", severity(from.label(), *from_source), severity(to.label(), *to_source))
        }
        Change::StatusSet { from, to, note, .. } => {
            let note = note.as_ref().map(|note| format!(". Resolution note: {note}")).unwrap_or_default();
            format!("Status: {from} → {to}{note}")
        }
        Change::ResolvingNoteSet { from, to } => {
            format!("Resolution note: {} → {}", text(from.as_deref()), text(to.as_deref()))
        }
        Change::Classified { from, to } => format!("Classification: {} → {}", outcome(*from), outcome(*to)),
        Change::Assigned { from, to } => format!("Assigned to: {} → {}", owner(*from, people), owner(*to, people)),
        Change::FollowUpSet { from, to } => format!("Follow up: {} → {}", follow_up(*from), follow_up(*to)),
        Change::Tagged { tag, .. } => format!("Tag added: {tag}"),
        Change::Untagged { tag, .. } => format!("Tag removed: {tag}"),
        Change::Commented { .. } => "Commented".to_owned(),
        Change::CommentEdited { .. } => "Comment edited.".to_owned(),
        Change::AttachmentRemoved { name, sha256, .. } => format!("Attachment removed: {name}, SHA-256 {sha256}"),
        Change::AlertAdded { linked_by, .. } => format!("Alert added. {}", linked_by.explanation),
        Change::AlertUpdated { what, .. } => format!("Updated by its source: {}", what.join(", ")),
        Change::AlertStatusSet { from, to, with_incident, .. } => {
            let why = if *with_incident { " with its incident" } else { "" };
            format!("Alert status: {from} → {to}{why}")
        }
        Change::AlertSeveritySet { from, to } => format!("Alert severity: {from} → {to}"),
        Change::Restored { status } => format!("Status: {} → {status}. Alerts moved back.", Status::Redirected),
        Change::AlertFolded { gone, into, occurrences, .. } => folded(*gone, *into, *occurrences),
        Change::AlertRepeated { occurrences, .. } => format!("Seen {} times so far", thousands(*occurrences)),
        Change::ProviderSeen { .. } => "Updated from the provider's incident".to_owned(),
        Change::Attached { .. }
        | Change::AlertContinued { .. }
        | Change::AlertMovedOut { .. }
        | Change::AlertMovedIn { .. }
        | Change::AlertsMovedOut { .. }
        | Change::AlertsMovedIn { .. }
        | Change::AlertsChanged { .. }
        | Change::Redirected { .. }
        | Change::Merged { .. }
        | Change::IncidentsMerged { .. }
        | Change::MergedInto { .. }
        | Change::MergeUndone { .. } => String::new(),
    }
}

fn folded(gone: i64, into: i64, occurrences: i64) -> String {
    let occurrences = counted(occurrences, "occurrence");
    format!(
        "Alert {gone} ({occurrences}) was merged into alert {into}: a late record shows that both are the same \
         detection"
    )
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

fn follow_up(at: Option<i64>) -> String {
    at.map_or_else(|| "none".to_owned(), date_label)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alert::AlertStatus;

    #[test]
    fn a_change_of_many_alerts_says_and_stores_only_what_was_set() {
        let unset = Change::AlertsChanged { alerts: 2, status: None, outcome: None, owner: None };
        let some = Change::AlertsChanged {
            alerts: 1_200,
            status: Some(AlertStatus::Resolved),
            outcome: Some(Outcome::default()),
            owner: Some(Owner::Nobody),
        };
        for (change, said, stored) in [
            (unset, "2 alerts: earlier values restored", r#"{"kind":"alertsChanged","alerts":2}"#),
            (
                some,
                "1,200 alerts: status set to Resolved, classification cleared, unassigned",
                concat!(
                    r#"{"kind":"alertsChanged","alerts":1200,"status":"resolved","#,
                    r#""outcome":{"classification":"unknown","determination":"unknown"},"owner":"nobody"}"#
                ),
            ),
        ] {
            assert_eq!(sentence(&change, &People::new()), said);
            assert_eq!(serde_json::to_string(&change).ok().as_deref(), Some(stored));
            assert_eq!(serde_json::from_str::<Change>(stored).ok(), Some(change));
        }
    }
}
