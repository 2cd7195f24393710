//! The formats of times that a mapping can read: RFC 3339, numbers since 1970, or a pattern.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::TimeZone;

use crate::clock;
use crate::formats::building::time;

/// The format of a field's times.
#[derive(Debug, Clone, Default)]
pub struct TimeFormat {
    style: Style,
    /// The zone of times without one; UTC when not set.
    zone: Option<TimeZone>,
}

#[derive(Debug, Clone, Default)]
enum Style {
    #[default]
    Auto,
    /// Numbers; the unit in microseconds.
    Number(f64),
    Pattern(String),
    /// A pattern of a day without a year, such as `%m/%d-%H:%M:%S%.f`.
    PatternWithoutYear(String),
}

impl TimeFormat {
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let style = match text {
            "" | "auto" | "rfc3339" => Style::Auto,
            "seconds" => Style::Number(1_000_000.0),
            "milliseconds" => Style::Number(1_000.0),
            "microseconds" => Style::Number(1.0),
            "nanoseconds" => Style::Number(0.001),
            pattern if pattern.contains('%') => check_pattern(pattern)?,
            _ => {
                return Err("Enter auto, seconds, milliseconds, microseconds, or a pattern such as %d/%m/%Y %H:%M:%S."
                    .to_owned());
            }
        };
        Ok(Self { style, zone: None })
    }

    pub fn in_zone(mut self, name: &str) -> Result<Self, String> {
        let name = name.trim();
        if !name.is_empty() {
            let unknown = |_| format!("There is no time zone {name:?}. Enter one such as Europe/Berlin.");
            self.zone = Some(TimeZone::get(name).map_err(unknown)?);
        }
        Ok(self)
    }

    /// Microseconds since 1970 UTC. Times of 1970 and earlier are placeholders and give `None`.
    pub fn parse_time(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        let micros = match &self.style {
            Style::Auto => self.parse_auto(text)?,
            Style::Number(unit) => parse_number(text, *unit)?,
            Style::Pattern(pattern) => self.parse_by_pattern(pattern, text)?,
            Style::PatternWithoutYear(pattern) => self.parse_without_year(pattern, text)?,
        };
        (micros > 0).then_some(micros)
    }

    /// Whether its times have no year, so that the year of arrival is taken.
    pub fn is_without_year(&self) -> bool {
        matches!(self.style, Style::PatternWithoutYear(_))
    }

    fn parse_auto(&self, text: &str) -> Option<i64> {
        if let Ok(number_given) = text.parse::<f64>() {
            return parse_number(text, guess_unit(number_given.abs()));
        }
        time::parse_in(text, self.zone.as_ref().unwrap_or(&TimeZone::UTC))
    }

    fn parse_by_pattern(&self, pattern: &str, text: &str) -> Option<i64> {
        let broken = BrokenDownTime::parse(pattern, text).ok()?;
        if let Ok(instant) = broken.to_timestamp() {
            return Some(instant.as_microsecond());
        }
        to_micros(civil_time(&broken)?, self.zone.as_ref().unwrap_or(&TimeZone::UTC))
    }

    fn parse_without_year(&self, pattern: &str, text: &str) -> Option<i64> {
        let mut broken = BrokenDownTime::parse(pattern, text).ok()?;
        let zone = broken.offset().map(TimeZone::fixed).or_else(|| self.zone.clone()).unwrap_or(TimeZone::UTC);
        time::in_latest_year(|year| {
            broken.set_year(Some(year)).ok()?;
            to_micros(civil_time(&broken)?, &zone)
        })
    }
}

/// A date without a time of day means midnight.
fn civil_time(broken: &BrokenDownTime) -> Option<DateTime> {
    broken.to_datetime().ok().or_else(|| Some(broken.to_date().ok()?.to_datetime(jiff::civil::Time::midnight())))
}

fn to_micros(local: DateTime, zone: &TimeZone) -> Option<i64> {
    Some(local.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond())
}

/// The unit of a number by its size; each limit is beyond the year 5000 in the larger unit.
fn guess_unit(number: f64) -> f64 {
    match number {
        n if n < 1e11 => 1_000_000.0,
        n if n < 1e14 => 1_000.0,
        n if n < 1e17 => 1.0,
        _ => 0.001,
    }
}

/// Whole numbers are exact; fractions are as exact as their text.
#[expect(clippy::cast_possible_truncation, reason = "no time of the next thousands of years is cut")]
fn parse_number(text: &str, unit: f64) -> Option<i64> {
    let micros = match (text.parse::<i64>(), unit) {
        (Ok(whole), unit) if unit >= 1.0 => whole.checked_mul(unit as i64)?,
        (Ok(whole), _) => whole / 1_000,
        (Err(_), unit) => (text.parse().ok().filter(|number: &f64| number.is_finite())? * unit).round() as i64,
    };
    Timestamp::from_microsecond(micros).ok()?;
    Some(micros)
}

/// Refuses a pattern that cannot parse a time that it formatted, or that has no day.
fn check_pattern(pattern: &str) -> Result<Style, String> {
    let unreadable = || format!("The pattern {pattern} must include month and day.");
    let now = Timestamp::from_microsecond(clock::now()).unwrap_or_default().to_zoned(TimeZone::UTC);
    let written = strtime::format(pattern, &now).map_err(|_| format!("{pattern} is not a time pattern."))?;
    let mut broken = BrokenDownTime::parse(pattern, &written).map_err(|_| unreadable())?;
    if broken.to_timestamp().is_ok() || civil_time(&broken).is_some() {
        return Ok(Style::Pattern(pattern.to_owned()));
    }
    let given = broken.set_year(Some(now.year())).is_ok() && civil_time(&broken).is_some();
    given.then(|| Style::PatternWithoutYear(pattern.to_owned())).ok_or_else(unreadable)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// 2024-07-04T22:35:02Z.
    const BASE: i64 = 1_720_132_502_000_000;

    #[test]
    fn a_time_is_read_in_every_style() {
        for (style, zone, text) in [
            ("auto", "", "2024-07-04T22:35:02Z"),
            ("", "", "1720132502"),
            ("", "", "1720132502000"),
            ("", "", "1720132502000000"),
            ("", "", "1720132502000000000"),
            ("", "", "1720132502.0"),
            ("seconds", "", "1720132502"),
            ("milliseconds", "", "1720132502000"),
            ("", "Europe/Berlin", "2024-07-05 00:35:02"),
            ("", "Europe/Berlin", "2024-07-04T22:35:02Z"),
            ("", "", "7/4/2024, 10:35:02.000 PM"),
            ("", "Europe/Berlin", "7/5/2024, 12:35:02.000 AM"),
            ("%d/%b/%Y:%H:%M:%S", "", "04/Jul/2024:22:35:02"),
            ("%d.%m.%Y %H:%M:%S", "Europe/Berlin", "05.07.2024 00:35:02"),
            ("%d/%b/%Y:%H:%M:%S %z", "Europe/Berlin", "04/Jul/2024:22:35:02 +0000"),
        ] {
            let time_format = TimeFormat::parse(style).unwrap().in_zone(zone).unwrap();
            assert_eq!(time_format.parse_time(text), Some(BASE), "{style} {zone} {text}");
        }
    }

    #[test]
    fn a_time_without_a_year_is_of_the_latest_year_that_is_not_ahead() {
        let format = TimeFormat::parse("%m/%d-%H:%M:%S%.f").unwrap();
        assert!(format.is_without_year() && !TimeFormat::default().is_without_year());
        let read = |now: &str, text: &str| {
            let now = now.parse::<Timestamp>().unwrap().as_microsecond();
            let micros = crate::clock::at(now, || format.parse_time(text));
            micros.map(|micros| Timestamp::from_microsecond(micros).unwrap().to_string())
        };
        for (now, text, expected) in [
            ("2026-07-04T10:00:00Z", "07/04-09:59:58.5", "2026-07-04T09:59:58.5Z"),
            ("2026-07-04T10:00:00Z", "07/05-09:00:00", "2026-07-05T09:00:00Z"),
            ("2026-07-04T10:00:00Z", "07/06-10:00:00", "2025-07-06T10:00:00Z"),
            ("2026-01-01T00:10:00Z", "12/31-23:59:00", "2025-12-31T23:59:00Z"),
            ("2026-12-31T23:59:00Z", "01/01-00:05:00", "2027-01-01T00:05:00Z"),
            ("2026-03-01T00:00:00Z", "02/29-10:00:00", "2024-02-29T10:00:00Z"),
        ] {
            assert_eq!(read(now, text).as_deref(), Some(expected), "{now} {text}");
        }
        assert_eq!(read("2026-07-04T10:00:00Z", "13/40-10:00:00"), None);
    }

    #[test]
    fn what_is_no_time_is_none() {
        let auto = TimeFormat::default();
        for text in ["", "soon", "0", "-5", "NaN", "inf", "1e300", "-9223372036854775808"] {
            assert_eq!(auto.parse_time(text), None, "{text}");
        }
        assert_eq!(auto.parse_time("1720132502.5"), Some(BASE + 500_000));
    }

    #[test]
    fn a_format_that_cannot_be_right_is_refused() {
        assert!(TimeFormat::parse("hours").unwrap_err().contains("Enter auto"));
        assert!(TimeFormat::parse("%H:%M").unwrap_err().contains("must include month"));
        assert!(TimeFormat::parse("%!").is_err());
        assert!(TimeFormat::default().in_zone("Mars/Olympus").unwrap_err().contains("Mars"));
    }
}
