//! The date on which somebody wants to come back to an incident. It is stored as midnight UTC of that
//! date, in microseconds since 1970. It hides nothing.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

crate::text_enum! {
    /// Where an incident's follow-up date stands, as the queue filters by it.
    pub enum FollowUpState {
        /// Its date has come: due is part of set.
        Due = "due" / "Due",
        Set = "set" / "Set",
        None = "none" / "Not set",
    }
}

/// Reads a date of the years 1970 to 9999: "2026-11-28".
pub fn parse_date(text: &str) -> Option<i64> {
    let date: Date = text.trim().parse().ok().filter(|_| !text.contains(':'))?;
    let at = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_microsecond();
    (at >= 0).then_some(at)
}

/// The date as forms and exports write it: "2026-11-28".
pub fn date(at: i64) -> String {
    shown_as(at, "%Y-%m-%d")
}

/// The date as people read it: "Nov 28, 2026".
pub fn date_label(at: i64) -> String {
    shown_as(at, "%b %-d, %Y")
}

fn shown_as(at: i64, pattern: &str) -> String {
    Timestamp::from_microsecond(at).unwrap_or_default().to_zoned(TimeZone::UTC).strftime(pattern).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_and_written_the_same() {
        let at = parse_date(" 2026-11-28 ").unwrap_or_default();
        assert_eq!((date(at), date_label(at)), ("2026-11-28".to_owned(), "Nov 28, 2026".to_owned()));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "tomorrow", "2026-02-30", "1969-12-31", "2026-11-28T10:00"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
