//! How far a shared entity reaches in time: the weights of correlation, each with its reason.
//!
//! Two alerts on one asset belong together when they are unlikely to be that near by chance. What makes them
//! likely is how many different things are detected on the asset on other days: its usual. Only other days
//! count, so that an attack does not shorten its own reach. A detection counts once an hour, so that a flood of
//! one makes nothing busy, and one that comes back in many hours does not count, because it links nothing.
//!
//! The figures were chosen with all four labelled sites in view, in a model of this grouping, and then measured with
//! `bench correlation`: its scores of these sites are not those of sites that nobody has seen.

use crate::clock::{DAY, HOUR, MINUTE};
use crate::model::entity::EvidenceKind;

/// Days before and after an alert that are looked at. A week contains every weekly job once.
pub const MEMORY_DAYS: i64 = 7;

/// In how many other hours of the week before and after a detection is seen on an asset that is routine there.
/// An attack's detections repeat within the attack: of four labelled sites' attack alerts 7 to 16 % come back in
/// more than 8 other hours, of their noise 84 to 95 %. With 6 hours two sites put more than half of what linking by
/// host does into attack incidents, with 10 a third one loses pairs of its attack.
pub const ROUTINE_HOURS: u32 = 8;

/// The reach of an asset by its usual number of detections a week, the most first: about as far as one detection
/// comes by chance, `24 h * (15 / n) ^ 1.5`. In steps, because each step costs a look at what is stored.
const BY_USUAL: [(i64, i64); 6] =
    [(14, DAY), (23, 12 * HOUR), (30, 8 * HOUR), (49, 4 * HOUR), (78, 2 * HOUR), (124, HOUR)];

/// The least reach of an asset. Recorded attacks on Windows hosts are whole within 15 minutes.
const LEAST: i64 = 30 * MINUTE;

/// The most that a device reaches. Attacks pause for hours, and what is a day apart on a server is another matter:
/// with 24 hours, two unrelated events of one day are tied by a third between them.
const DEVICE: i64 = 8 * HOUR;

/// Indicators (addresses, files, links) with more detections a week than this are shared by everybody: a
/// gateway, a common tool. They link nothing.
const COMMON: i64 = 100;

/// How far the same detection from the same address reaches, whatever it hits: a scan of a network is one event.
pub const SAME_SOURCE: i64 = HOUR;

/// How far a detection reaches by itself that is not seen in any other hour of the week before and after: what is
/// new on several assets within a minute is one event. On two of four labelled sites more of the attack is whole by
/// it; with ten minutes a third of them puts more noise into it.
pub const OUTBREAK: i64 = MINUTE;

/// How far an entity of a kind reaches that has `usual` detections on other days of the week before and after, in
/// microseconds. `None`: sharing it says nothing.
///
/// - Devices: 8 hours at most. Users and mailboxes: a day at most (24 hours gives pairwise F1 .96 on labelled
///   incidents of cloud and endpoint, no limit .56). Both half an hour at least.
/// - A mail message is one message: a day.
/// - Links, files and cloud resources: 4 hours; they are copied and reused.
/// - Public addresses: an hour; they change hands and whole offices share one (two labelled attacks
///   from one office are 2.5 hours apart).
pub fn reach(kind: EvidenceKind, usual: i64) -> Option<i64> {
    let of_asset = || BY_USUAL.iter().find(|(most, _)| usual <= *most).map_or(LEAST, |(_, reach)| *reach);
    match kind {
        EvidenceKind::Device => Some(of_asset().min(DEVICE)),
        EvidenceKind::User | EvidenceKind::Mailbox => Some(of_asset()),
        EvidenceKind::MailMessage => Some(DAY),
        EvidenceKind::Url | EvidenceKind::File | EvidenceKind::CloudResource => (usual <= COMMON).then_some(4 * HOUR),
        EvidenceKind::Ip => (usual <= COMMON).then_some(HOUR),
        _ => None,
    }
}

/// The most that [`reach`] gives for a kind.
pub fn longest(kind: EvidenceKind) -> i64 {
    reach(kind, 0).unwrap_or(0)
}

/// The weight of sharing an entity of this kind, for choosing between incidents: an asset is where
/// the attack is, an indicator is what it uses.
pub fn weight(kind: EvidenceKind) -> i64 {
    match kind {
        EvidenceKind::Device | EvidenceKind::User | EvidenceKind::MailMessage => 4,
        EvidenceKind::Mailbox | EvidenceKind::File => 3,
        EvidenceKind::Url | EvidenceKind::CloudResource => 2,
        _ => 1,
    }
}

/// Whether entities of this kind are assets, in Graph's sense of an impacted asset.
pub fn is_asset(kind: EvidenceKind) -> bool {
    matches!(kind, EvidenceKind::Device | EvidenceKind::User | EvidenceKind::Mailbox)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busier_an_asset_usually_is_the_less_far_it_reaches() {
        assert_eq!(reach(EvidenceKind::User, 0), Some(DAY));
        assert_eq!(reach(EvidenceKind::Device, 0), Some(8 * HOUR));
        assert_eq!(reach(EvidenceKind::Device, 40), Some(4 * HOUR));
        assert_eq!(reach(EvidenceKind::User, 10_000), Some(30 * MINUTE));
        let reaches: Vec<Option<i64>> = (0..200).map(|usual| reach(EvidenceKind::User, usual)).collect();
        assert!(reaches.is_sorted_by(|one, next| one >= next), "{reaches:?}");
    }

    #[test]
    fn addresses_reach_an_hour_and_a_gateway_not_at_all() {
        assert_eq!(reach(EvidenceKind::Ip, 0), Some(HOUR));
        assert_eq!(reach(EvidenceKind::Ip, COMMON + 1), None);
        assert_eq!(reach(EvidenceKind::Process, 0), None);
    }
}
