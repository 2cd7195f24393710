//! A placement in words: "Linked by", and what else was considered.

use crate::clock::{DAY, HOUR, MINUTE, SECOND};
use crate::correlation::candidate::{Candidate, NearestAlert, SharedKey};
use crate::correlation::reach;
use crate::model::entity::EvidenceKind;
use crate::model::linked_by::{LinkedBy, REPEATED};
use crate::text::counted;

/// Most incidents that are listed as considered and not chosen.
const LISTED: usize = 5;

/// Why an alert joined `candidate` by what is `shared`.
pub(super) fn joined(shared: &[&SharedKey], candidate: &Candidate, considered: Vec<String>) -> LinkedBy {
    let mut reasons = Vec::new();
    if shared.iter().any(|key| reach::is_asset(key.kind)) {
        reasons.push("sameAsset".to_owned());
    }
    if shared.iter().any(|key| !reach::is_asset(key.kind)) {
        reasons.push("sharedIndicators".to_owned());
    }
    reasons.push("temporalProximity".to_owned());
    if candidate.follows {
        reasons.push("eventSequence".to_owned());
    }
    let when = nearest(shared).map(|near| format!(", {}", time_between(near))).unwrap_or_default();
    let sentence = format!("{}{when}.", capitalise(&same(shared)));
    LinkedBy { reasons, explanation: sentence, considered }
}

/// Why a routine detection joined the others of its asset.
pub(super) fn routine(shared: &[&SharedKey], considered: Vec<String>) -> LinkedBy {
    LinkedBy {
        reasons: vec![REPEATED.to_owned(), "sameAsset".to_owned()],
        explanation: format!(
            "A routine detection: seen in several hours of the week on {}. Such are gathered by asset, for up to 16 hours.",
            names(shared)
        ),
        considered,
    }
}

/// Why a finding about a weakness joined the others of its asset.
pub(super) fn weakness(shared: &[&SharedKey], considered: Vec<String>) -> LinkedBy {
    LinkedBy {
        reasons: vec!["sameAsset".to_owned()],
        explanation: format!(
            "A weakness of {}. Such findings are no steps of an attack; they are gathered by asset, for up to 16 hours.",
            names(shared)
        ),
        considered,
    }
}

/// Why an incident was opened; `related` is an earlier one that takes no more alerts.
pub(super) fn opened(related: Option<(i64, &[&SharedKey])>, considered: Vec<String>) -> LinkedBy {
    let sentence = match related {
        Some((incident, shared)) => {
            format!("Opened this incident: {} as in incident {incident}, which takes no more alerts.", same(shared))
        }
        None => "Opened this incident: no open incident shared its devices, users, mailboxes or indicators closely \
                 enough in time."
            .to_owned(),
    };
    LinkedBy { reasons: Vec::new(), explanation: sentence, considered }
}

/// What follows the explanation of an alert that fits more other incidents than are merged at once.
pub fn too_many(others: usize) -> String {
    format!(
        " It also fits {}, which were not merged: what that many share is rather something common than one attack.",
        counted(others, "other incident")
    )
}

/// One line for each incident that shares something and was not chosen.
pub(super) fn considered<'a>(others: impl Iterator<Item = &'a Candidate>) -> Vec<String> {
    others.take(LISTED).map(not_chosen).collect()
}

fn not_chosen(candidate: &Candidate) -> String {
    let within_reach: Vec<&SharedKey> = candidate.shared.iter().filter(|key| key.is_within_reach()).collect();
    if within_reach.is_empty() {
        let farthest = candidate.shared.iter().min_by_key(|key| key.gap);
        return match farthest {
            Some(key) => format!(
                "Incident {}: {}, but {} apart, and {} reaches {}.",
                candidate.incident,
                same(&[key]),
                duration_in_words(key.gap),
                busyness(key.other_detections),
                duration_in_words(key.reach)
            ),
            None => format!("Incident {}.", candidate.incident),
        };
    }
    let why = if candidate.open { "less in common, or farther away" } else { "it takes no more alerts" };
    format!("Incident {}: {}, but {why}.", candidate.incident, same(&within_reach))
}

fn busyness(other_detections: i64) -> String {
    match other_detections {
        0 => "a thing of no other alert that week".to_owned(),
        1 => "a thing of 1 other alert that week".to_owned(),
        _ => format!("a thing of {other_detections} other alerts that week"),
    }
}

/// "same device web-01 and user ana"
pub(super) fn same(shared: &[&SharedKey]) -> String {
    format!("same {}", names(shared))
}

fn names(shared: &[&SharedKey]) -> String {
    let mut link_keys: Vec<&&SharedKey> = shared.iter().collect();
    link_keys.sort_by_key(|key| (std::cmp::Reverse(reach::weight(key.kind)), key.gap));
    let names: Vec<String> = link_keys.iter().take(3).map(|key| format!("{} {}", noun(key.kind), key.name)).collect();
    match names.split_last() {
        Some((last, rest)) if rest.len() > 1 => format!("{} and {last}", rest.join(", ")),
        _ => names.join(" and "),
    }
}

fn noun(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Device => "device",
        EvidenceKind::User => "user",
        EvidenceKind::Mailbox => "mailbox",
        EvidenceKind::Ip => "IP address",
        EvidenceKind::File => "file",
        EvidenceKind::Url => "URL",
        EvidenceKind::MailMessage => "mail message",
        EvidenceKind::CloudResource => "cloud resource",
        _ => "entity",
    }
}

fn nearest<'a>(shared: &[&'a SharedKey]) -> Option<&'a NearestAlert> {
    shared.iter().filter_map(|key| key.near.as_ref()).min_by_key(|near| near.after.abs())
}

/// "14 minutes after 'Suspicious PowerShell'"
fn time_between(near: &NearestAlert) -> String {
    let title = near.title.trim();
    if near.after.abs() < SECOND {
        return format!("at the same time as \"{title}\"");
    }
    let side = if near.after < 0 { "before" } else { "after" };
    format!("{} {side} \"{title}\"", duration_in_words(near.after))
}

fn duration_in_words(time: i64) -> String {
    let size = time.abs();
    let (count, unit) = if size < MINUTE {
        (size / SECOND, "second")
    } else if size < 2 * HOUR {
        (size / MINUTE, "minute")
    } else if size < 2 * DAY {
        (size / HOUR, "hour")
    } else {
        (size / DAY, "day")
    };
    counted(count, unit)
}

fn capitalise(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}
