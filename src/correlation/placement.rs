//! Placing a new alert: into the open incident it is related to, or into one of its own. This file
//! is pure; [`index`](super::index) holds what is known of the entities and incidents around a batch.
//!
//! ## How it decides
//!
//! Two alerts are linked when they share an entity and lie within that entity's reach of each other
//! ([`reach`](super::reach::reach): the rarer the farther). An incident is what links tie together: an alert joins
//! the incident it is linked to, and when it is linked to two open ones, they merge (R12). The link
//! depends on the two alerts alone, so neither the order of alerts nor the batches decide the
//! grouping; only the count of other detections on an entity may differ at the time.
//!
//! A detection that comes back hour after hour on an asset is routine there
//! ([`is_routine`](super::reach::is_routine)). It goes with other activity only when that is near and never
//! ties incidents together; by itself it is gathered with the asset's other routine for a while. So
//! background noise neither floods the queue nor sweeps into an attack.
//!
//! Among several incidents an alert joins the one with the highest score: what they share, how near in time,
//! and whether the alert is the attack's next stage. This matters only where merging is not allowed.

use crate::correlation::candidate::{Candidate, SharedKey};
use crate::correlation::explanation;
use crate::model::linked_by::LinkedBy;

/// Points for being the attack's next stage: more than an indicator, less than an asset.
const NEXT_STAGE: i64 = 200;

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

/// Where the alert goes. `routine` says that its detection is routine on one of its assets.
pub fn place(candidates: &[Candidate], routine: bool) -> Placement {
    let mut linked: Vec<(&Candidate, Vec<&SharedKey>)> = within_reach(candidates, |key| !key.routine);
    linked.sort_by_key(|(candidate, shared)| (std::cmp::Reverse(score(candidate, shared)), candidate.incident));
    let open: Vec<&(&Candidate, Vec<&SharedKey>)> = linked.iter().filter(|(candidate, _)| candidate.open).collect();
    if let Some((winner, shared)) = open.first() {
        let others = open.iter().skip(1).map(|(candidate, _)| candidate.incident);
        let also_linked: Vec<i64> = if routine { Vec::new() } else { others.collect() };
        let considered = explanation::considered(
            candidates
                .iter()
                .filter(|other| other.incident != winner.incident && !also_linked.contains(&other.incident)),
        );
        let linked_by = explanation::joined(shared, winner, considered);
        return Placement::Joined { incident: winner.incident, also_linked, linked_by };
    }
    if routine && let Some(gathered) = gather(candidates, explanation::routine) {
        return gathered;
    }
    open_new(candidates, &linked)
}

/// Where a finding about a weakness of an asset goes: to others that link nothing, or into an incident of its
/// own that names the nearest one as related. It is no step of an attack (R17).
pub fn place_weakness(candidates: &[Candidate]) -> Placement {
    gather(candidates, explanation::weakness)
        .unwrap_or_else(|| open_new(candidates, &within_reach(candidates, |key| !key.routine)))
}

/// Into the nearest open incident of the same asset that links nothing.
fn gather(candidates: &[Candidate], explain: fn(&[&SharedKey], Vec<String>) -> LinkedBy) -> Option<Placement> {
    let gathering = within_reach(candidates, |key| key.routine);
    let (winner, shared) = gathering
        .iter()
        .filter(|(candidate, _)| candidate.open)
        .min_by_key(|(candidate, shared)| (shared.iter().map(|key| key.gap).min(), candidate.incident))?;
    let others = candidates.iter().filter(|other| other.incident != winner.incident);
    let linked_by = explain(shared, explanation::considered(others));
    Some(Placement::Joined { incident: winner.incident, also_linked: Vec::new(), linked_by })
}

fn open_new(candidates: &[Candidate], linked: &[(&Candidate, Vec<&SharedKey>)]) -> Placement {
    let related = linked.first().map(|(candidate, shared)| (candidate.incident, shared.as_slice()));
    let others = candidates.iter().filter(|other| related.is_none_or(|(incident, _)| other.incident != incident));
    Placement::OpensNew {
        related: related.map(|(incident, _)| incident),
        linked_by: explanation::opened(related, explanation::considered(others)),
    }
}

/// "same device web-01 and user ana": what the alert has in common with one of the candidates.
pub fn in_common(candidates: &[Candidate], incident: i64) -> String {
    let shared: Vec<&SharedKey> = candidates
        .iter()
        .filter(|candidate| candidate.incident == incident)
        .flat_map(|candidate| candidate.shared.iter().filter(|key| key.is_within_reach()))
        .collect();
    if shared.is_empty() { "what it was merged with".to_owned() } else { explanation::same(&shared) }
}

/// Candidates with their shared keys that are within reach and wanted.
fn within_reach(candidates: &[Candidate], wanted: impl Fn(&SharedKey) -> bool) -> Vec<(&Candidate, Vec<&SharedKey>)> {
    candidates
        .iter()
        .map(|candidate| {
            let shared = candidate.shared.iter().filter(|key| key.is_within_reach() && wanted(key)).collect::<Vec<_>>();
            (candidate, shared)
        })
        .filter(|(_, shared)| !shared.is_empty())
        .collect()
}

pub(crate) fn score(candidate: &Candidate, shared: &[&SharedKey]) -> i64 {
    let common: i64 = shared.iter().map(|key| key.score()).sum();
    common + if candidate.follows { NEXT_STAGE } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{DAY, HOUR, MINUTE};
    use crate::correlation::candidate::NearestAlert;
    use crate::model::entity::EvidenceKind;

    fn shared(kind: EvidenceKind, name: &str, gap: i64) -> SharedKey {
        let near = Some(NearestAlert { title: "Suspicious PowerShell".into(), after: gap });
        SharedKey { kind, name: name.into(), gap, reach: DAY, other_detections: 2, routine: false, near }
    }

    fn candidate(incident: i64, open: bool, shared: Vec<SharedKey>) -> Candidate {
        Candidate { incident, open, follows: false, shared }
    }

    use EvidenceKind::{Device, Ip, User};

    #[test]
    fn a_shared_device_and_user_join_and_say_so() {
        let candidates =
            [candidate(7, true, vec![shared(User, "ana", 15 * MINUTE), shared(Device, "web-01", 14 * MINUTE)])];
        let Placement::Joined { incident, linked_by, .. } = place(&candidates, false) else { panic!("not joined") };
        assert_eq!(incident, 7);
        assert_eq!(
            linked_by.explanation,
            "Same device web-01 and user ana, 14 minutes after \"Suspicious PowerShell\"."
        );
        assert_eq!(linked_by.reasons, ["sameAsset", "temporalProximity"]);
    }

    #[test]
    fn a_resolved_incident_is_never_joined_but_shown_as_related() {
        let candidates = [candidate(3, false, vec![shared(Device, "web-01", 0)])];
        let Placement::OpensNew { related, .. } = place(&candidates, false) else { panic!("joined a closed one") };
        assert_eq!(related, Some(3));
    }

    #[test]
    fn what_is_out_of_reach_does_not_link_and_is_explained() {
        let far = [candidate(3, true, vec![shared(Device, "web-01", DAY + HOUR)])];
        let Placement::OpensNew { related: None, linked_by } = place(&far, false) else { panic!("linked") };
        assert_eq!(
            linked_by.considered,
            [
                "Incident 3: same device web-01, but 25 hours apart, and a thing of 2 other alerts that week reaches 24 hours."
            ]
        );
    }

    #[test]
    fn more_in_common_wins_and_the_others_are_tied() {
        let candidates = [
            candidate(1, true, vec![shared(Device, "web-01", 0)]),
            candidate(2, true, vec![shared(Device, "web-01", HOUR), shared(User, "ana", HOUR)]),
            candidate(3, true, vec![shared(Ip, "203.0.113.7", 0)]),
        ];
        let Placement::Joined { incident, also_linked, .. } = place(&candidates, false) else { panic!("not joined") };
        assert_eq!((incident, also_linked), (2, vec![1, 3]));
    }

    #[test]
    fn the_attack_s_course_decides_between_equals() {
        let mut candidates = [
            candidate(1, true, vec![shared(Device, "web-01", HOUR)]),
            candidate(2, true, vec![shared(Device, "web-01", HOUR)]),
        ];
        candidates[1].follows = true;
        assert!(matches!(place(&candidates, false), Placement::Joined { incident: 2, .. }));
    }

    #[test]
    fn a_routine_detection_ties_nothing_together() {
        let candidates =
            [candidate(1, true, vec![shared(Device, "web-01", 0)]), candidate(2, true, vec![shared(User, "ana", 0)])];
        let Placement::Joined { also_linked, .. } = place(&candidates, true) else { panic!("not joined") };
        assert!(also_linked.is_empty());
    }

    #[test]
    fn routine_is_gathered_with_routine_and_never_takes_anything_else() {
        let mut noise = shared(Device, "web-01", HOUR);
        noise.routine = true;
        let candidates = [candidate(1, true, vec![noise])];
        assert!(matches!(place(&candidates, false), Placement::OpensNew { .. }));
        let Placement::Joined { linked_by, .. } = place(&candidates, true) else { panic!("not gathered") };
        assert_eq!(linked_by.reasons, ["repeatedAlertOccurrence", "sameAsset"]);
    }
}
