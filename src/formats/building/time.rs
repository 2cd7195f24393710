//! Parses times as providers write them, to microseconds since 1970 UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::clock;

/// More digits than this are an error in jiff; Watchdesk keeps six.
const FRACTION_MAX: usize = 9;
/// How many years a 29 February may lie back, with the year to come: from 1896 to 1904 there was none.
const YEARS_BACK_MAX: i16 = 9;

/// Parses RFC 3339 and similar forms, and American dates ("11/27/2026, 10:15:30.123 AM", as Log Analytics exports
/// them). A time without a zone is UTC, as the providers document it. Years before 1970 are placeholders
/// ("0001-01-01") and give `None`.
pub(crate) fn parse(text: &str) -> Option<i64> {
    parse_in(text, &TimeZone::UTC)
}

/// [`parse`] with the zone of times without one.
pub(crate) fn parse_in(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    if text.contains('/') {
        return parse_iso(&american_to_iso(text)?, zone);
    }
    parse_iso(text, zone).or_else(|| parse_named_month(text, zone))
}

/// A time without a year: the latest that lies at most a day in the future. `in_year` gives it in a year, in
/// microseconds since 1970 UTC; `None` where that year has no such day.
pub(crate) fn in_latest_year(in_year: impl FnMut(i16) -> Option<i64>) -> Option<i64> {
    let now = clock::now();
    let next_year = Timestamp::from_microsecond(now).ok()?.to_zoned(TimeZone::UTC).year() + 1;
    let years = (0..=YEARS_BACK_MAX).map(|back| next_year - back);
    years.filter_map(in_year).find(|micros| *micros <= now + clock::DAY)
}

/// "04-Jul-2024 22:35:02".
fn parse_named_month(text: &str, zone: &TimeZone) -> Option<i64> {
    micros_in(DateTime::strptime("%d-%b-%Y %H:%M:%S", text).ok()?, zone)
}

fn parse_iso(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = shorten_fraction(text);
    match text.parse::<Timestamp>() {
        Ok(instant) => Some(instant.as_microsecond()).filter(|micros| *micros >= 0),
        Err(_) => micros_in(text.parse().ok()?, zone),
    }
}

fn micros_in(time: DateTime, zone: &TimeZone) -> Option<i64> {
    let micros = time.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond();
    (micros >= 0).then_some(micros)
}

fn shorten_fraction(text: &str) -> String {
    let Some((whole, rest)) = text.split_once('.') else {
        return text.to_owned();
    };
    let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.strip_suffix(zone).unwrap_or(rest);
    let kept: String = digits.chars().take(FRACTION_MAX).collect();
    format!("{whole}.{kept}{zone}")
}

fn american_to_iso(text: &str) -> Option<String> {
    let mut words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let mut date = words.next()?.split('/');
    let month: u8 = date.next()?.parse().ok()?;
    let day: u8 = date.next()?.parse().ok()?;
    let year: u16 = date.next()?.parse().ok()?;
    let (hour, rest) = words.next().unwrap_or("0:00").split_once(':')?;
    let hour = on_24_hours(hour.parse().ok()?, words.next())?;
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{rest}"))
}

fn on_24_hours(hour: u8, half: Option<&str>) -> Option<u8> {
    let Some(half) = half else { return Some(hour) };
    if !(1..=12).contains(&hour) {
        return None;
    }
    match half.to_ascii_uppercase().as_str() {
        "AM" => Some(hour % 12),
        "PM" => Some(hour % 12 + 12),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// 2024-07-04T22:35:02Z.
    const BASE: i64 = 1_720_132_502_000_000;

    #[test]
    fn every_spelling_of_one_instant_is_that_instant() {
        for text in [
            "2024-07-04T22:35:02Z",
            "2024-07-04 22:35:02Z",
            "2024-07-04T22:35:02+00:00",
            "2024-07-05T00:35:02+02:00",
            "2024-07-04T22:35:02",
            "2024-07-04 22:35:02",
            "07/04/2024 22:35:02",
            "04-Jul-2024 22:35:02",
            "7/4/2024 10:35:02 PM",
            "7/4/2024, 10:35:02 PM",
            "7/4/2024, 10:35:02.000 PM",
            "7/4/2024, 10:35:02\u{202f}PM",
            "07/04/2024, 22:35:02",
            " 2024-07-04T22:35:02.0000009Z ",
            "2024-07-04T22:35:02.000000000000001",
        ] {
            assert_eq!(parse(text), Some(BASE), "{text}");
        }
    }

    #[test]
    fn fractions_are_cut_to_microseconds() {
        assert_eq!(parse("2024-07-04T22:35:02.6088309Z"), Some(BASE + 608_830));
        assert_eq!(parse("2024-07-04 22:35:02.608830+00:00"), Some(BASE + 608_830));
        assert_eq!(parse("2024-07-04T22:35:02.5Z"), Some(BASE + 500_000));
    }

    #[test]
    fn noon_and_midnight_are_distinguished() {
        let noon = parse("7/4/2024 12:00:00 PM");
        let midnight = parse("7/4/2024 12:00:00 AM");
        assert_eq!(noon, parse("2024-07-04T12:00:00Z"));
        assert_eq!(midnight, parse("2024-07-04"));
    }

    #[test]
    fn placeholders_and_nonsense_are_no_time() {
        for text in [
            "",
            "never",
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "10000-01-01T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "13/13/2024 10:00:00",
            "7/4/2024 13:00:00 PM",
            "1/2",
            "2024-07-04T22:35:02.",
            "\u{661}/1/2024",
            "////",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
