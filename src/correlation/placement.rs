//! Placing a new alert: into the open incident that it is linked to, or into one of its own. This file
//! is pure; [`index`](super::index) holds what is known of the keys and incidents around a batch.
//!
//! ## How it decides
//!
//! Two alerts are linked when they have a key in common ([`LinkKey`](super::link_key::LinkKey)) and lie within its
//! reach of each other ([`reach`](super::reach::reach): the busier it usually is, the less far). An alert that lasts
//! links at its start and at its latest occurrence. An incident is what links tie together: an alert joins
//! the incident it is linked to, and when it is linked to two open ones, they merge (R12). All of this depends on
//! the alerts' own times alone, so neither the order of alerts nor the batches decide the grouping (R21). What a
//! later alert shows to be otherwise is regrouped.
//!
//! A detection that comes back in many hours of the week on an asset is routine there
//! ([`ROUTINE_HOURS`](super::reach::ROUTINE_HOURS)). It links nothing; what is routine on an asset is gathered by
//! day. So background noise neither floods the queue nor is swept into an attack.
//!
//! Among several incidents an alert joins the one with the highest score: what they share, how near in time,
//! and whether the alert is the attack's next stage. This matters only where merging is not allowed.

use crate::correlation::candidate::{Candidate, SharedKey};
use crate::correlation::explanation;
use crate::model::linked_by::LinkedBy;

/// Points for being the attack's next stage: more than an indicator, less than an asset.
const NEXT_STAGE: i64 = 200;

/// Most incidents that take no alerts and are named beside the one that was joined.
const CONSIDERED: usize = 3;

/// Where an alert goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// Into `incident`; `also_linked` are other open incidents that it is linked to.
    Joined {
        incident: i64,
        also_linked: Vec<i64>,
        linked_by: LinkedBy,
    },
    OpensNew {
        related: Option<i64>,
        linked_by: LinkedBy,
    },
}

/// Where the alert goes that is linked to these incidents.
pub fn place(candidates: &[Candidate]) -> Placement {
    let mut linked: Vec<&Candidate> = candidates.iter().collect();
    linked.sort_by_key(|candidate| (std::cmp::Reverse(score(candidate)), candidate.incident));
    let mut open = linked.iter().filter(|candidate| candidate.open);
    if let Some(winner) = open.next() {
        let also_linked = open.map(|candidate| candidate.incident).collect();
        let mut linked_by = explanation::joined(winner);
        linked_by.considered =
            linked.iter().filter(|one| !one.open).take(CONSIDERED).map(|one| explanation::closed(one)).collect();
        return Placement::Joined { incident: winner.incident, also_linked, linked_by };
    }
    let related = linked.first();
    Placement::OpensNew {
        related: related.map(|candidate| candidate.incident),
        linked_by: explanation::opened(related.copied()),
    }
}

/// Where an alert goes that is gathered with others of its asset and day, as `linked_by` says; `related` is named where
/// it is the first.
pub fn gather(candidates: &[Candidate], linked_by: LinkedBy, related: Option<i64>) -> Placement {
    let nearest = |candidate: &&Candidate| (candidate.shared.iter().map(|shared| shared.gap).min(), candidate.incident);
    match candidates.iter().filter(|candidate| candidate.open).min_by_key(nearest) {
        Some(found) => Placement::Joined { incident: found.incident, also_linked: Vec::new(), linked_by },
        None => Placement::OpensNew { related, linked_by },
    }
}

/// "same device web-01 and user ana": what the alert has in common with one of the candidates.
pub fn in_common(candidates: &[Candidate], incident: i64) -> String {
    let candidate = candidates.iter().find(|candidate| candidate.incident == incident);
    candidate.map_or_else(|| "what it was merged with".to_owned(), |candidate| explanation::same(&candidate.shared))
}

pub(crate) fn score(candidate: &Candidate) -> i64 {
    let common: i64 = candidate.shared.iter().map(SharedKey::score).sum();
    common + if candidate.follows { NEXT_STAGE } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{DAY, HOUR, MINUTE};
    use crate::correlation::candidate::NearestAlert;
    use crate::correlation::link_key::{LinkKey, LinkKind};
    use crate::model::entity::EvidenceKind::{self, Device, Ip, User};

    fn shared(kind: EvidenceKind, name: &str, gap: i64) -> SharedKey {
        let key = LinkKey { id: 1, kind: LinkKind::Entity(kind), name: name.into() };
        SharedKey { key, gap, reach: DAY, near: NearestAlert { alert: 9, title: "Odd shell".into(), after: gap } }
    }

    fn candidate(incident: i64, open: bool, shared: Vec<SharedKey>) -> Candidate {
        Candidate { incident, open, follows: false, shared }
    }

    #[test]
    fn a_shared_device_and_user_join_and_say_so() {
        let shared = vec![shared(User, "ana", 15 * MINUTE), shared(Device, "web-01", 14 * MINUTE)];
        let Placement::Joined { incident, linked_by, .. } = place(&[candidate(7, true, shared)]) else {
            panic!("not joined")
        };
        assert_eq!(incident, 7);
        assert_eq!(linked_by.explanation, "Same device web-01 and user ana, 14 minutes after \"Odd shell\".");
        assert_eq!(linked_by.reasons, ["sameAsset", "temporalProximity"]);
    }

    #[test]
    fn a_resolved_incident_is_never_joined_but_shown_as_related() {
        let candidates = [candidate(3, false, vec![shared(Device, "web-01", 0)])];
        let Placement::OpensNew { related, .. } = place(&candidates) else { panic!("joined a closed one") };
        assert_eq!(related, Some(3));
    }

    #[test]
    fn more_in_common_wins_and_the_others_are_tied() {
        let candidates = [
            candidate(1, true, vec![shared(Device, "web-01", 0)]),
            candidate(2, true, vec![shared(Device, "web-01", HOUR), shared(User, "ana", HOUR)]),
            candidate(3, true, vec![shared(Ip, "203.0.113.7", 0)]),
        ];
        let Placement::Joined { incident, also_linked, .. } = place(&candidates) else { panic!("not joined") };
        assert_eq!((incident, also_linked), (2, vec![1, 3]));
    }

    #[test]
    fn the_attack_s_course_decides_between_equals() {
        let mut candidates = [
            candidate(1, true, vec![shared(Device, "web-01", HOUR)]),
            candidate(2, true, vec![shared(Device, "web-01", HOUR)]),
        ];
        candidates[1].follows = true;
        assert!(matches!(place(&candidates), Placement::Joined { incident: 2, .. }));
    }
}
