//! Times as lines of syslog, CEF and LEEF give them: "Mar 01 2025 10:00:00.123 UTC", "Mar 1 10:00:00", or in a
//! format in Java's letters.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::formats::building::time;

/// Parses a time to microseconds since 1970 UTC, by `format` in Java's letters ("yyyy-MM-dd'T'HH:mm:ss.SSSZ") or
/// by its own look. Without a zone it is UTC; without a year it is the latest that is at most a day ahead.
pub(crate) fn parse(text: &str, format: Option<&str>) -> Option<i64> {
    let text = text.trim();
    if let Some(found) = format.and_then(|format| by_format(text, &strftime_of(format))) {
        return Some(found);
    }
    time::parse(text).or_else(|| by_month(text))
}

fn by_format(text: &str, format: &str) -> Option<i64> {
    let found = strtime::parse(format, text).ok()?;
    let instant = match found.to_timestamp() {
        Ok(instant) => instant,
        Err(_) => in_utc(found.to_datetime().ok()?)?,
    };
    Some(instant.as_microsecond()).filter(|micros| *micros >= 0)
}

fn in_utc(time: DateTime) -> Option<Timestamp> {
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// "Mar 01 2025 10:00:00", with or without year, fraction and zone.
fn by_month(text: &str) -> Option<i64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (month, day, year, clock, zone) = match *words.as_slice() {
        [month, day, clock] => (month, day, None, clock, ""),
        [month, day, year, clock, ref rest @ ..] if year.len() == 4 => {
            (month, day, Some(year), clock, rest.first().copied().unwrap_or_default())
        }
        [month, day, clock, zone] => (month, day, None, clock, zone),
        _ => return None,
    };
    let zone = if zone.starts_with(['+', '-']) { zone } else { "+0000" };
    let at = |year: i16| by_format(&format!("{month} {day} {year} {clock} {zone}"), "%b %d %Y %H:%M:%S%.f %z");
    match year {
        Some(year) => at(year.parse().ok()?),
        None => time::in_latest_year(at),
    }
}

/// The format in the letters of `strftime`.
fn strftime_of(java: &str) -> String {
    let mut format = String::new();
    let mut quoted = false;
    let mut rest = java;
    while let Some(first) = rest.chars().next() {
        let length = rest.chars().take_while(|c| *c == first).count();
        let run = if first.is_ascii_alphabetic() && !quoted { length } else { first.len_utf8() };
        let (token, after) = rest.split_at(run);
        match (first, run) {
            ('\'', _) => quoted = !quoted,
            _ if quoted => format.push(first),
            ('y', 3..) | ('u', _) => format.push_str("%Y"),
            ('y', _) => format.push_str("%y"),
            ('M' | 'L', 4..) => format.push_str("%B"),
            ('M' | 'L', 3) => format.push_str("%b"),
            ('M' | 'L', _) => format.push_str("%m"),
            ('d', _) => format.push_str("%d"),
            ('E', _) => format.push_str("%a"),
            ('H', _) => format.push_str("%H"),
            ('h', _) => format.push_str("%I"),
            ('m', _) => format.push_str("%M"),
            ('s', _) => format.push_str("%S"),
            ('S', _) => format.push_str("%f"),
            ('a', _) => format.push_str("%p"),
            ('Z', _) => format.push_str("%z"),
            ('X' | 'x', _) => format.push_str("%:z"),
            ('%', _) => format.push_str("%%"),
            _ => format.push_str(token),
        }
        rest = after;
    }
    format
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    /// 2025-03-01T10:00:00Z.
    const TEN: i64 = 1_740_823_200_000_000;

    #[test]
    fn times_of_lines_are_read_with_and_without_year_zone_and_format() {
        for text in ["Mar 01 2025 10:00:00", "Mar 1 2025 10:00:00.000 UTC", "Mar 01 2025 11:00:00 +0100"] {
            assert_eq!(parse(text, None), Some(TEN), "{text}");
        }
        for (text, format) in [
            ("2025-03-01T10:00:00.000+0000", "yyyy-MM-dd'T'HH:mm:ss.SSSZ"),
            ("01/03/2025 10:00:00", "dd/MM/yyyy HH:mm:ss"),
            ("Mar 01 2025 10:00:00", "MMM dd yyyy HH:mm:ss"),
        ] {
            assert_eq!(parse(text, Some(format)), Some(TEN), "{text}");
        }
        assert_eq!(clock::at(TEN + 5, || parse("Mar 1 10:00:00", None)), Some(TEN));
        let new_year = parse("Jan 1 2026 00:05:00", None);
        let before = |minutes: i64| new_year.map_or(0, |micros| micros - minutes * clock::MINUTE);
        assert_eq!(clock::at(before(10), || parse("Jan 1 00:05:00", None)), new_year, "a clock that is ahead");
        assert_eq!(
            clock::at(TEN - 20 * clock::DAY, || parse("Mar 1 10:00:00", None)),
            parse("Mar 1 2024 10:00:00", None)
        );
        for text in ["", "soon", "Foo 1 10:00:00", "Mar 99 2025 10:00:00", "a b c d e f"] {
            assert_eq!(parse(text, Some("%%'")), None, "{text}");
        }
    }
}
