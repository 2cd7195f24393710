//! The scales on which products give severities as numbers, with the lowest number of each step.

use crate::formats::building::path::whole_number;
use crate::formats::building::severity_words;
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

/// The severity of a number of syslog (RFC 5424): 0 is an emergency, 4 a warning, 7 is for debugging.
pub(crate) fn severity_of_syslog(number: i64) -> Option<Severity> {
    match number {
        0..4 => Some(Severity::High),
        4 => Some(Severity::Medium),
        5 => Some(Severity::Low),
        6..8 => Some(Severity::Informational),
        _ => None,
    }
}

/// The severity of what stands in the place of a number: by the number, or by the one table of words.
pub(crate) fn severity_of_text(text: &str, of_number: impl Fn(i64) -> Option<Severity>) -> Option<Severity> {
    whole_number(text).map_or_else(|| severity_words::severity_of(text), of_number)
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
    fn a_word_may_stand_in_the_place_of_a_number() {
        let of = |text| severity_of_text(text, |number| severity_of(number, ZERO_TO_TEN));
        assert_eq!(
            ["High", "8.9", "0", "-1", "odd"].map(of).map(|found| found.map(Severity::rank)),
            [Some(3), Some(3), Some(0), None, None]
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
