//! The time range of the queue: a length back from now, or two dates.

use crate::clock;

crate::text_enum! {
    /// How far back the queue looks, by last update.
    pub enum Range {
        Day = "1d" / "1 day",
        ThreeDays = "3d" / "3 days",
        Week = "7d" / "1 week",
        Month = "30d" / "30 days",
        HalfYear = "180d" / "6 months",
        All = "all" / "All time",
    }
}

impl Range {
    /// What the queue shows when the address says nothing.
    pub const DEFAULT: Self = Self::Month;

    /// Its length in microseconds; none for all time.
    pub fn length(self) -> Option<i64> {
        let days = match self {
            Self::Day => 1,
            Self::ThreeDays => 3,
            Self::Week => 7,
            Self::Month => 30,
            Self::HalfYear => 180,
            Self::All => return None,
        };
        Some(days * clock::DAY)
    }
}

/// Reads a time and keeps how it was typed; false when it is no time, which changes nothing. `end` takes
/// the end of a date's day instead of its start.
pub(super) fn read_time(value: &str, end: bool, slot: &mut Option<i64>, typed: &mut String) -> bool {
    let time = parse_time(value, end);
    if time.is_some() {
        value.clone_into(typed);
    }
    *slot = time.or(*slot);
    time.is_some()
}

/// A date (its whole day, UTC) or an RFC 3339 time, in microseconds.
fn parse_time(value: &str, end: bool) -> Option<i64> {
    if let Ok(time) = value.parse::<jiff::Timestamp>() {
        return Some(time.as_microsecond());
    }
    // A time of day without an offset is not read as a date, which would drop the time.
    let date: jiff::civil::Date = value.parse().ok().filter(|_| !value.contains(':'))?;
    let date = if end { date.tomorrow().ok()? } else { date };
    let start = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond();
    Some(if end { start - 1 } else { start })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::incident::QUEUE_DAYS;

    #[test]
    fn the_queue_looks_back_as_far_as_rule_trials_do() {
        assert_eq!(Range::DEFAULT.length(), Some(QUEUE_DAYS * clock::DAY));
    }
}
