//! The scales on which products give severities as numbers, with the lowest number of each step.

use crate::model::severity::Severity;

/// The lowest numbers of high, medium and low; below them it is informational.
pub(crate) type Steps = [i64; 3];

/// 0 to 10, as the Common Vulnerability Scoring System rates ("None" at 0).
pub(crate) const ZERO_TO_TEN: Steps = [7, 4, 1];

/// 0 to 100, as Elastic Security derives severities from risk scores: 0-21 low, 22-47 medium, above high.
pub(crate) const ZERO_TO_HUNDRED: Steps = [48, 22, 1];

/// GuardDuty's 1 to 10: 7 and more is high or critical, 4 to 6.9 medium, 1 to 3.9 low.
pub(crate) const GUARD_DUTY: Steps = [7, 4, 1];

/// Wazuh's levels, 0 to 15: its dashboard calls 12 and more high, and 7 to 11 medium.
pub(crate) const WAZUH: Steps = [12, 7, 4];

/// The severity of a number; `None` for a negative one, which stands for "unknown".
pub(crate) fn severity_of(number: i64, steps: Steps) -> Option<Severity> {
    let [high, medium, low] = steps;
    match number {
        ..0 => None,
        _ if number >= high => Some(Severity::High),
        _ if number >= medium => Some(Severity::Medium),
        _ if number >= low => Some(Severity::Low),
        _ => Some(Severity::Informational),
    }
}

/// The severity of a priority as Snort and Suricata rank them: 1 is the highest, 3 low.
pub(crate) fn severity_of_priority(priority: i64) -> Option<Severity> {
    match priority {
        ..1 => None,
        1 => Some(Severity::High),
        2 => Some(Severity::Medium),
        3 => Some(Severity::Low),
        _ => Some(Severity::Informational),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_begin_at_their_lowest_number() {
        let of = |number| severity_of(number, ZERO_TO_TEN).map(Severity::as_str);
        assert_eq!(
            [-1, 0, 1, 4, 7, 99].map(of),
            [None, Some("informational"), Some("low"), Some("medium"), Some("high"), Some("high")]
        );
    }

    #[test]
    fn where_the_first_number_is_the_highest_the_scale_is_turned_round() {
        assert_eq!(
            [0, 1, 2, 3, 4].map(severity_of_priority).map(|found| found.map(Severity::rank)),
            [None, Some(3), Some(2), Some(1), Some(0)]
        );
    }
}
