//! A placement in words: "Linked by", and why what is near is not linked.

use crate::clock::{DAY, HOUR, MINUTE, SECOND};
use crate::correlation::candidate::{Candidate, NearestAlert, SharedKey};
use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::correlation::reach;
use crate::model::entity::EvidenceKind;
use crate::model::linked_by::{LinkedBy, REPEATED};
use crate::text::{capitalised, counted};

/// Why an alert joined `candidate`.
pub(super) fn joined(candidate: &Candidate) -> LinkedBy {
    let shared = &candidate.shared;
    let mut reasons = Vec::new();
    if shared.iter().any(|shared| shared.key.is_asset()) {
        reasons.push("sameAsset".to_owned());
    }
    if shared.iter().any(|shared| !shared.key.is_asset()) {
        reasons.push("sharedIndicators".to_owned());
    }
    reasons.push("temporalProximity".to_owned());
    if candidate.follows {
        reasons.push("eventSequence".to_owned());
    }
    let when = nearest(shared).map(|near| format!(", {}", time_between(near))).unwrap_or_default();
    LinkedBy { reasons, explanation: format!("{}{when}.", capitalised(&same(shared))), ..LinkedBy::default() }
}

/// Why an alert is with others of its asset and day, which `by` stands for; `routine` is what its detection is
/// routine on.
pub fn gathered(by: &LinkKey, routine: Option<&LinkKey>) -> LinkedBy {
    let same_asset = "sameAsset".to_owned();
    let asset = &by.name;
    if by.kind == LinkKind::Weakness {
        let explanation =
            format!("A weakness of {asset}, not a step of an attack. Weaknesses are grouped by asset and day.");
        return LinkedBy { reasons: vec![same_asset], explanation, ..LinkedBy::default() };
    }
    let seen = match routine {
        Some(key) if key.kind == LinkKind::SameSource => format!("from {}", key.name),
        Some(key) => format!("on {}", key.name),
        None => format!("on {asset}"),
    };
    let here = if routine.is_some_and(|key| key.name != *asset) { format!(", here {asset}") } else { String::new() };
    LinkedBy {
        reasons: vec![REPEATED.to_owned(), same_asset],
        explanation: format!(
            "A recurring detection: seen {seen} in at least {} other hours of the week before and after. Recurring \
             detections are not correlated. They are grouped by asset and day{here}.",
            reach::ROUTINE_HOURS
        ),
        ..LinkedBy::default()
    }
}

/// Why an alert is no longer in the incident that it was placed in.
pub fn split_off(from: i64) -> LinkedBy {
    let explanation =
        format!("Removed from incident {from}: later alerts show that nothing links it to the other alerts there.");
    LinkedBy { reasons: Vec::new(), explanation, ..LinkedBy::default() }
}

/// Why an incident was opened; `related` is an earlier one that takes no more alerts.
pub(super) fn opened(related: Option<&Candidate>) -> LinkedBy {
    let sentence = match related {
        Some(Candidate { incident, shared, .. }) => {
            format!("Opened this incident: {} as in incident {incident}, which takes no more alerts.", same(shared))
        }
        None => "Opened this incident: no open incident shared its devices, users, mailboxes or indicators closely \
                 enough in time."
            .to_owned(),
    };
    LinkedBy { reasons: Vec::new(), explanation: sentence, ..LinkedBy::default() }
}

/// Why an alert is not in an incident that it shares something with.
pub(super) fn closed(candidate: &Candidate) -> String {
    format!("Incident {}: {}, but it takes no more alerts.", candidate.incident, same(&candidate.shared))
}

/// In how many other hours a routine detection is seen on an asset.
pub(super) fn routine_hours(hours: u32, asset: &str) -> String {
    let hours = counted(i64::from(hours), "other hour");
    format!("This detection was seen on {asset} in {hours} of the week before and after.")
}

/// How an entity with many detections links less far; `None`: not at all.
pub(super) fn shortened(name: &str, usual: i64, reach: Option<i64>) -> String {
    let had = format!("{name} had {} in the week before and after", counted(usual, "other detection"));
    match reach {
        Some(reach) => format!("{had}, so it links only alerts within {}.", duration_in_words(reach)),
        None => format!("{had}, so it links no alerts."),
    }
}

/// "14 minutes after", of an alert that came this long after another.
pub(super) fn distance(after: i64) -> String {
    if after.abs() < SECOND {
        return "at the same time as".to_owned();
    }
    format!("{} {}", duration_in_words(after), if after < 0 { "before" } else { "after" })
}

/// What follows the explanation of an alert that fits more other incidents than are merged at once.
pub fn too_many(others: usize) -> String {
    format!(
        " It also matches {}. They were not merged: what so many incidents share is unlikely to be one attack.",
        counted(others, "other incident")
    )
}

/// "same device web-01 and user ana"
pub(super) fn same(shared: &[SharedKey]) -> String {
    format!("same {}", names(shared))
}

fn names(shared: &[SharedKey]) -> String {
    let mut by_weight: Vec<&SharedKey> = shared.iter().collect();
    by_weight.sort_by_key(|shared| (std::cmp::Reverse(shared.score()), shared.gap));
    let names: Vec<String> = by_weight.iter().take(3).map(|shared| name(&shared.key)).collect();
    match names.split_last() {
        Some((last, rest)) if rest.len() > 1 => format!("{} and {last}", rest.join(", ")),
        _ => names.join(" and "),
    }
}

/// "device web-01"
fn name(key: &LinkKey) -> String {
    match key.kind {
        LinkKind::Entity(kind) => format!("{} {}", noun(kind), key.name),
        LinkKind::SameSource => format!("detection from {}", key.name),
        LinkKind::Outbreak => "detection, not seen at other times".to_owned(),
        LinkKind::Routine | LinkKind::Weakness => format!("day on {}", key.name),
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

fn nearest(shared: &[SharedKey]) -> Option<&NearestAlert> {
    shared.iter().map(|shared| &shared.near).min_by_key(|near| near.after.abs())
}

/// "14 minutes after 'Suspicious PowerShell'"
fn time_between(near: &NearestAlert) -> String {
    format!("{} \"{}\"", distance(near.after), near.title.trim().trim_end_matches('.'))
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
