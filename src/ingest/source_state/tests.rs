//! Claims about the health of sources.

use super::*;

const NOW: i64 = 1_000 * HOUR;

fn hours(at: &[i64]) -> Vec<(i64, Counts)> {
    at.iter().map(|back| (1_000 - back, Counts { created: 1, ..Counts::default() })).collect()
}

#[test]
fn silence_is_told_only_where_it_is_unusual() {
    let daily = hours(&[120, 96, 72, 48]);
    assert_eq!(state(true, RHYTHM, Some(NOW - 48 * HOUR), &daily, NOW), State::Receiving);
    assert_eq!(state(true, RHYTHM, Some(NOW - 145 * HOUR), &daily, NOW), State::Silent(145 * HOUR));
    let hourly: Vec<_> = hours(&(26..90).rev().collect::<Vec<_>>());
    assert_eq!(state(true, RHYTHM, Some(NOW - 26 * HOUR), &hourly, NOW), State::Silent(26 * HOUR));
    assert_eq!(state(true, RHYTHM, Some(NOW - 23 * HOUR), &hourly, NOW), State::Receiving);
}

#[test]
fn a_source_that_sent_in_few_hours_is_never_silent() {
    let once = hours(&[48]);
    assert_eq!(state(true, 1, Some(NOW - 48 * HOUR), &once, NOW), State::Quiet);
    assert_eq!(state(true, RHYTHM - 1, Some(NOW - 900 * HOUR), &[], NOW), State::Quiet);
    assert_eq!(state(true, RHYTHM, Some(NOW - 900 * HOUR), &[], NOW), State::Silent(900 * HOUR));
    assert_eq!(state(true, 1, Some(NOW - HOUR), &hours(&[1]), NOW), State::Receiving);
}

#[test]
fn nothing_more_is_expected_of_a_file() {
    assert_eq!(state(false, RHYTHM, Some(0), &[], NOW), State::Imported);
    assert_eq!(state(false, RHYTHM, None, &[], NOW), State::Imported, "nothing of it was taken");
    assert_eq!(state(true, RHYTHM, None, &[], NOW), State::NothingTaken);
}

#[test]
fn a_sender_with_refused_items_is_not_silent_while_its_alerts_are_counted_under_their_sources() {
    let state = |live, last, hours: &[(i64, Counts)], now| super::state(live, 0, last, hours, now);
    let refused = [(970, Counts { refused: 1, ..Counts::default() })];
    assert_eq!(state(true, Some(NOW - 29 * HOUR), &refused, NOW), State::Receiving);
    assert_eq!(state(true, None, &refused, NOW), State::NothingTaken);
    let still_refused = [(999, Counts { refused: 1, ..Counts::default() })];
    assert_eq!(state(true, Some(NOW - 240 * HOUR), &still_refused, NOW), State::Silent(240 * HOUR));
}
