//! Placing a new alert: into an open incident it is related to, or into one of its own. Pure: the
//! database part is `candidates`. The reason is kept with the alert and shown as "Linked by".

pub mod candidates;

use crate::alerts::LinkedBy;
use crate::clock::{DAY, HOUR, MINUTE, SECOND};

/// How far apart two activities on the same device, user or mailbox may be to be one story, in
/// microseconds. On labelled incidents 24 hours gives pairwise F1 .96, no limit .56.
pub const ASSET_WINDOW: i64 = DAY;
/// The same for a public address alone, which changes hands and is shared by whole offices: two
/// attacks from one office's address 2.5 hours apart are two incidents in the labelled set.
pub const ADDRESS_WINDOW: i64 = HOUR;

/// One thing that the alert and an incident have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The stored kind: "device", "user", "mailbox", "ip".
    pub kind: String,
    pub name: String,
    /// Time between the alert and this thing's activity in the incident; 0 when they overlap.
    pub gap: i64,
}

impl Shared {
    fn weight(&self) -> i64 {
        match self.kind.as_str() {
            "device" | "user" => 4,
            "mailbox" => 3,
            _ => 1,
        }
    }

    /// Near enough to count for its kind.
    fn holds(&self) -> bool {
        self.gap <= if self.kind == "ip" { ADDRESS_WINDOW } else { ASSET_WINDOW }
    }
}

/// An incident that shares something with the alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub incident: i64,
    /// Only open incidents take alerts (R4).
    pub open: bool,
    pub shared: Vec<Shared>,
    /// The title of its alert nearest in time among those that share, and the signed distance to
    /// it: positive when this alert came later.
    pub nearest: Option<(String, i64)>,
}

/// Where an alert goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    Joined { incident: i64, linked_by: LinkedBy },
    OpensNew { related: Option<i64>, linked_by: LinkedBy },
}

/// Which open candidate an alert joins: the highest sum of what is shared wins, then the nearest,
/// then the oldest incident.
pub fn winner(candidates: &[Candidate]) -> Option<usize> {
    best(candidates, true)
}

fn best(candidates: &[Candidate], open: bool) -> Option<usize> {
    candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| candidate.open == open)
        .map(|(index, candidate)| (index, candidate, holding(candidate)))
        .filter(|(_, _, shared)| !shared.is_empty())
        .max_by_key(|(_, candidate, shared)| {
            let score: i64 = shared.iter().map(|thing| thing.weight()).sum();
            let gap = shared.iter().map(|thing| thing.gap).min().unwrap_or(i64::MAX);
            (score, std::cmp::Reverse(gap), std::cmp::Reverse(candidate.incident))
        })
        .map(|(index, _, _)| index)
}

/// Decides.
pub fn place(candidates: &[Candidate]) -> Placement {
    let chosen = |open: bool| {
        best(candidates, open).and_then(|index| candidates.get(index)).map(|found| (found, holding(found)))
    };
    if let Some((candidate, shared)) = chosen(true) {
        return Placement::Joined { incident: candidate.incident, linked_by: linked_by(&shared, candidate) };
    }
    let related = chosen(false).map(|(candidate, shared)| (candidate.incident, same(&shared)));
    let sentence = match &related {
        Some((incident, same)) => {
            format!("Opened this incident: {same} as in incident {incident}, which takes no more alerts.")
        }
        None => "Opened this incident: no open incident shared its devices, users, mailboxes or public addresses \
                 closely enough in time."
            .to_owned(),
    };
    Placement::OpensNew {
        related: related.map(|(incident, _)| incident),
        linked_by: LinkedBy { reasons: Vec::new(), sentence },
    }
}

fn holding(candidate: &Candidate) -> Vec<&Shared> {
    candidate.shared.iter().filter(|thing| thing.holds()).collect()
}

fn linked_by(shared: &[&Shared], candidate: &Candidate) -> LinkedBy {
    let mut reasons = Vec::new();
    if shared.iter().any(|thing| thing.kind != "ip") {
        reasons.push("sameAsset".to_owned());
    }
    if shared.iter().any(|thing| thing.kind == "ip") {
        reasons.push("sharedIndicators".to_owned());
    }
    reasons.push("temporalProximity".to_owned());
    let when = match &candidate.nearest {
        Some((title, gap)) => format!(", {} \"{}\"", distance(*gap), title.trim()),
        None => String::new(),
    };
    let mut sentence = same(shared);
    if let Some(first) = sentence.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    LinkedBy { reasons, sentence: format!("{sentence}{when}.") }
}

/// "same device web-01 and user ana"
fn same(shared: &[&Shared]) -> String {
    let mut things: Vec<&&Shared> = shared.iter().collect();
    things.sort_by_key(|thing| std::cmp::Reverse(thing.weight()));
    let names: Vec<String> = things
        .iter()
        .take(3)
        .map(|thing| {
            let kind = if thing.kind == "ip" { "IP address" } else { thing.kind.as_str() };
            format!("{kind} {}", thing.name)
        })
        .collect();
    format!("same {}", names.join(" and "))
}

/// "14 minutes after"
fn distance(gap: i64) -> String {
    let side = if gap < 0 { "before" } else { "after" };
    let size = gap.abs();
    let (count, unit) = if size < MINUTE {
        (size / SECOND, "second")
    } else if size < 2 * HOUR {
        (size / MINUTE, "minute")
    } else if size < 2 * DAY {
        (size / HOUR, "hour")
    } else {
        (size / DAY, "day")
    };
    if count == 0 {
        return "at the same time as".to_owned();
    }
    format!("{count} {unit}{} {side}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(kind: &str, name: &str, gap: i64) -> Shared {
        Shared { kind: kind.into(), name: name.into(), gap }
    }

    fn candidate(incident: i64, open: bool, shared: Vec<Shared>) -> Candidate {
        let nearest = Some(("Suspicious PowerShell".to_owned(), 14 * MINUTE));
        Candidate { incident, open, shared, nearest }
    }

    #[test]
    fn a_shared_device_and_user_join_and_say_so() {
        let candidates = [candidate(7, true, vec![shared("user", "ana", 0), shared("device", "web-01", 14 * MINUTE)])];
        let Placement::Joined { incident, linked_by } = place(&candidates) else { panic!("not joined") };
        assert_eq!(incident, 7);
        assert_eq!(linked_by.sentence, "Same user ana and device web-01, 14 minutes after \"Suspicious PowerShell\".");
    }

    #[test]
    fn a_resolved_incident_is_never_joined_but_shown_as_related() {
        let candidates = [candidate(3, false, vec![shared("device", "web-01", 0)])];
        let Placement::OpensNew { related, .. } = place(&candidates) else { panic!("joined a closed one") };
        assert_eq!(related, Some(3));
    }

    #[test]
    fn what_is_too_far_apart_does_not_link() {
        let far = [candidate(3, true, vec![shared("device", "web-01", ASSET_WINDOW + 1)])];
        assert!(matches!(place(&far), Placement::OpensNew { related: None, .. }));
        let address = [candidate(3, true, vec![shared("ip", "203.0.113.7", ADDRESS_WINDOW + 1)])];
        assert!(matches!(place(&address), Placement::OpensNew { related: None, .. }));
    }

    #[test]
    fn more_in_common_wins_then_the_nearest() {
        let candidates = [
            candidate(1, true, vec![shared("device", "web-01", 0)]),
            candidate(2, true, vec![shared("device", "web-01", HOUR), shared("user", "ana", HOUR)]),
        ];
        assert!(matches!(place(&candidates), Placement::Joined { incident: 2, .. }));
        let even = [
            candidate(1, true, vec![shared("device", "web-01", HOUR)]),
            candidate(2, true, vec![shared("device", "web-01", MINUTE)]),
        ];
        assert!(matches!(place(&even), Placement::Joined { incident: 2, .. }));
    }
}
