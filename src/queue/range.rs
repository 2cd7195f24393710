//! The time that the queue looks at: a length back from now, or dates of one's own.

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

/// Takes a moment and how it was typed; one that is none leaves both as they were.
pub(super) fn moment(value: &str, end: bool, slot: &mut Option<i64>, typed: &mut String) -> bool {
    let moment = parse_moment(value, end);
    if moment.is_some() {
        value.clone_into(typed);
    }
    *slot = moment.or(*slot);
    moment.is_some()
}

/// A date (its whole day, UTC) or an RFC 3339 moment.
fn parse_moment(value: &str, end: bool) -> Option<i64> {
    if let Ok(moment) = value.parse::<jiff::Timestamp>() {
        return Some(moment.as_microsecond());
    }
    // A time of day without an offset is no moment, and a date would forget it.
    let date: jiff::civil::Date = value.parse().ok().filter(|_| !value.contains(':'))?;
    let date = if end { date.tomorrow().ok()? } else { date };
    let start = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond();
    Some(if end { start - 1 } else { start })
}
