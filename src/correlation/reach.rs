//! How far a shared entity reaches in time: the weights of correlation, each with its reason.
//!
//! Two alerts on one asset belong together when they are unlikely to be that near by chance. An entity with
//! `n` detections a week has another of them within `t` by chance about `n * t / 168 h` times,
//! so a rare entity reaches far and a busy one only a little: `reach = 24 h * (5 / n) ^ 1.5`, between
//! a lowest and a highest value of its kind. Shared gateways need no list: they are busy. A
//! detection counts once an hour, so that a flood of one does not make its asset busy.

use crate::clock::{DAY, HOUR, MINUTE};
use crate::model::entity::EvidenceKind;
use crate::model::severity::Severity;

/// Time around an alert in which the other alerts of its entities are counted, in days before and after. A
/// week contains every weekly job once.
pub const MEMORY_DAYS: i64 = 7;

/// Detections a week up to which an asset reaches a full day. Beyond, the reach falls with the
/// power 1.5 of their number: chance meetings grow with the number, and so does the chance that they
/// chain. Labelled cloud and endpoint incidents stay whole under any of these; with the power 1
/// sessions hours apart on one laboratory host run into each other (pairwise F1 .65 instead of
/// .80), with the power 2 a noisy site comes to 40 incidents a day instead of 30.
const RARE: i64 = 5;

/// Indicators (addresses, files, links) in more alerts a week than this are shared by everybody: a
/// gateway, a common tool. They link nothing.
const COMMON: i64 = 100;

/// A routine detection joins other activity on its asset only when it is this near. Two hours
/// put 19 and 17 % of the noise of two labelled sites into attack incidents; linking by device
/// within an hour 23 and 22 %.
pub const ROUTINE_NEAR: i64 = 2 * HOUR;
/// Routine detections of one asset are grouped for at most this time, so that a site of a dozen noisy hosts
/// comes to at most 30 incidents a day and none of them grows for ever.
pub const ROUTINE_SPAN: i64 = 16 * HOUR;

/// How far an entity of a kind reaches when `other_detections` detections name it within [`MEMORY_DAYS`],
/// in microseconds. `None`: sharing it says nothing.
///
/// - Devices, users and mailboxes: a day at most (24 hours gives pairwise F1 .96 on labelled
///   incidents, no limit .56), half an hour at least (recorded Windows attacks: 15 minutes .96, a
///   whole day .84; but one labelled attack pauses for 41 minutes).
/// - A mail message is one message: a day, an hour at least.
/// - Links, files and cloud resources: 4 hours; they are copied and reused.
/// - Public addresses: an hour; they change hands and whole offices share one (two labelled attacks
///   from one office are 2.5 hours apart).
pub fn reach(kind: EvidenceKind, other_detections: i64) -> Option<i64> {
    let (ceiling, floor) = match kind {
        EvidenceKind::Device | EvidenceKind::User | EvidenceKind::Mailbox => (DAY, 30 * MINUTE),
        EvidenceKind::MailMessage => (DAY, HOUR),
        EvidenceKind::Url | EvidenceKind::File | EvidenceKind::CloudResource => (4 * HOUR, 0),
        EvidenceKind::Ip => (HOUR, 0),
        _ => return None,
    };
    if floor == 0 && other_detections > COMMON {
        return None;
    }
    // The root in hundredths: whole numbers are exact enough, and the same on every machine.
    let detections = other_detections + 1;
    let shrinks = |number: i64| number * (number * 10_000).isqrt();
    Some((DAY.saturating_mul(shrinks(RARE)) / shrinks(detections)).clamp(floor, ceiling))
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

/// Whether a detection is routine on an asset, where it was detected in `hours` other hours of the last
/// and next [`MEMORY_DAYS`]. What repeats in many hours is normal there; an attack's
/// detection repeats within its hour. The higher the severity, the more hours it takes.
pub fn is_routine(severity: Severity, hours: u32) -> bool {
    hours
        >= match severity {
            Severity::Informational | Severity::Low => 2,
            Severity::Medium => 3,
            Severity::High => 8,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rare_reaches_a_day_and_what_is_busy_minutes() {
        assert_eq!(reach(EvidenceKind::Device, 0), Some(DAY));
        assert_eq!(reach(EvidenceKind::Device, RARE - 1), Some(DAY));
        let busy = reach(EvidenceKind::Device, 24).unwrap_or_default();
        assert!((2 * HOUR..3 * HOUR).contains(&busy), "{busy}");
        assert_eq!(reach(EvidenceKind::User, 10_000), Some(30 * MINUTE));
    }

    #[test]
    fn addresses_reach_an_hour_and_a_gateway_not_at_all() {
        assert_eq!(reach(EvidenceKind::Ip, 0), Some(HOUR));
        assert_eq!(reach(EvidenceKind::Ip, COMMON + 1), None);
        assert_eq!(reach(EvidenceKind::Process, 0), None);
    }

    #[test]
    fn a_severe_detection_becomes_routine_later() {
        assert!(is_routine(Severity::Low, 2));
        assert!(!is_routine(Severity::Medium, 2));
        assert!(!is_routine(Severity::High, 7));
    }
}
