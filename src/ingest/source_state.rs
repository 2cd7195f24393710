//! Whether a source still sends, from the hours in which it has sent.

use crate::clock::HOUR;
use crate::ingest::tally::{Counts, number};

/// A shorter silence is never reported.
pub(super) const QUIET: i64 = 24 * HOUR;
/// A source is silent after this many of its usual gaps.
const GAPS: i64 = 6;
/// A source that tokens sent in fewer hours has no usual gap yet: a test or a single delivery.
pub(super) const RHYTHM: i64 = 4;

/// The health of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No alert for this long, in microseconds, and that is not usual for it.
    Silent(i64),
    /// Everything from it was refused or skipped so far.
    NothingTaken,
    Receiving,
    /// No alert for more than a day, of a source that sent too seldom to say whether that is unusual.
    Quiet,
    /// It came from a file, so that nothing more is expected.
    Imported,
}

/// The state of a source, from whether tokens send it, in how many hours they did, its latest alert, and the counts
/// of its hours.
pub(super) fn state(live: bool, busy: i64, last_alert: Option<i64>, hours: &[(i64, Counts)], now: i64) -> State {
    if !live {
        return State::Imported;
    }
    let Some(last) = last_alert else { return State::NothingTaken };
    let with_alerts: Vec<i64> = hours.iter().filter(|(_, counts)| counts.alerts() > 0).map(|(hour, _)| *hour).collect();
    let usual = match (with_alerts.first(), with_alerts.last()) {
        (Some(first), Some(last)) if last > first => (last - first) * HOUR / (number(with_alerts.len()) - 1),
        _ => 0,
    };
    // The alerts of a sender are counted under their sources. It is receiving, unless items still come a day after
    // the last that was taken.
    let still_comes = hours.last().is_some_and(|(hour, _)| hour * HOUR > last + QUIET);
    if with_alerts.is_empty() && !hours.is_empty() && !still_comes {
        return State::Receiving;
    }
    let silence = now - last;
    let is_silent = silence > QUIET.max(GAPS * usual);
    match (is_silent, with_alerts.is_empty() && still_comes || busy >= RHYTHM) {
        (false, _) => State::Receiving,
        (true, true) => State::Silent(silence),
        (true, false) => State::Quiet,
    }
}

#[cfg(test)]
mod tests;
