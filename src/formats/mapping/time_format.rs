//! Times as a mapping reads them: RFC 3339, numbers since 1970, or a pattern.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::TimeZone;

use crate::clock;
use crate::formats::building::time;

/// How times are written.
#[derive(Debug, Clone, Default)]
pub struct Clockwork {
    style: Style,
    /// Of times that name none; UTC without it.
    zone: Option<TimeZone>,
}

#[derive(Debug, Clone, Default)]
enum Style {
    #[default]
    Auto,
    /// Numbers; each is this many microseconds.
    Number(f64),
    Pattern(String),
}

impl Clockwork {
    pub fn style(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let style = match text {
            "" | "auto" | "rfc3339" => Style::Auto,
            "seconds" => Style::Number(1_000_000.0),
            "milliseconds" => Style::Number(1_000.0),
            "microseconds" => Style::Number(1.0),
            "nanoseconds" => Style::Number(0.001),
            pattern if pattern.contains('%') => Style::Pattern(checked(pattern)?),
            _ => {
                return Err("A time format is auto, seconds, milliseconds, microseconds, or a pattern such as \
                            %d/%m/%Y %H:%M:%S."
                    .to_owned());
            }
        };
        Ok(Self { style, zone: None })
    }

    pub fn in_zone(mut self, name: &str) -> Result<Self, String> {
        let name = name.trim();
        if !name.is_empty() {
            let unknown = |_| format!("There is no time zone {name:?}; write it as Europe/Berlin.");
            self.zone = Some(TimeZone::get(name).map_err(unknown)?);
        }
        Ok(self)
    }

    /// Microseconds since 1970 UTC. 1970 and earlier is a placeholder and no time at all.
    pub fn read(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        let micros = match &self.style {
            Style::Auto => self.guess(text)?,
            Style::Number(unit) => number(text, *unit)?,
            Style::Pattern(pattern) => self.by_pattern(pattern, text)?,
        };
        (micros > 0).then_some(micros)
    }

    fn guess(&self, text: &str) -> Option<i64> {
        if let Ok(number_given) = text.parse::<f64>() {
            return number(text, unit(number_given.abs()));
        }
        match &self.zone {
            Some(zone) if text.parse::<Timestamp>().is_err() => match text.parse::<DateTime>() {
                Ok(local) => at(local, zone),
                Err(_) => time::parse(text),
            },
            _ => time::parse(text),
        }
    }

    fn by_pattern(&self, pattern: &str, text: &str) -> Option<i64> {
        let broken = BrokenDownTime::parse(pattern, text).ok()?;
        if let Ok(instant) = broken.to_timestamp() {
            return Some(instant.as_microsecond());
        }
        at(local(&broken)?, self.zone.as_ref().unwrap_or(&TimeZone::UTC))
    }
}

/// A date without a time of day is its midnight.
fn local(broken: &BrokenDownTime) -> Option<DateTime> {
    broken.to_datetime().ok().or_else(|| Some(broken.to_date().ok()?.to_datetime(jiff::civil::Time::midnight())))
}

fn at(local: DateTime, zone: &TimeZone) -> Option<i64> {
    Some(local.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond())
}

/// Numbers of today are told apart by their size; each limit lies beyond the year 5000 of the
/// smaller unit.
fn unit(number: f64) -> f64 {
    match number {
        n if n < 1e11 => 1_000_000.0,
        n if n < 1e14 => 1_000.0,
        n if n < 1e17 => 1.0,
        _ => 0.001,
    }
}

/// Whole numbers are counted exactly; fractions as exactly as they are given.
#[expect(clippy::cast_possible_truncation, reason = "no time of the next thousands of years is cut")]
fn number(text: &str, unit: f64) -> Option<i64> {
    let micros = match (text.parse::<i64>(), unit) {
        (Ok(whole), unit) if unit >= 1.0 => whole.checked_mul(unit as i64)?,
        (Ok(whole), _) => whole / 1_000,
        (Err(_), unit) => (text.parse().ok().filter(|number: &f64| number.is_finite())? * unit).round() as i64,
    };
    Timestamp::from_microsecond(micros).ok()?;
    Some(micros)
}

/// A pattern must be able to read what it writes, and tell at least a day.
fn checked(pattern: &str) -> Result<String, String> {
    let unreadable = || format!("With the pattern {pattern} no day can be read; it needs year, month and day.");
    let now = Timestamp::from_microsecond(clock::now()).unwrap_or_default().to_zoned(TimeZone::UTC);
    let written = strtime::format(pattern, &now).map_err(|_| format!("{pattern} is no pattern of a time."))?;
    let broken = BrokenDownTime::parse(pattern, &written).map_err(|_| unreadable())?;
    if broken.to_timestamp().is_err() && local(&broken).is_none() {
        return Err(unreadable());
    }
    Ok(pattern.to_owned())
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
            ("%d/%b/%Y:%H:%M:%S", "", "04/Jul/2024:22:35:02"),
            ("%d.%m.%Y %H:%M:%S", "Europe/Berlin", "05.07.2024 00:35:02"),
            ("%d/%b/%Y:%H:%M:%S %z", "Europe/Berlin", "04/Jul/2024:22:35:02 +0000"),
        ] {
            let clockwork = Clockwork::style(style).unwrap().in_zone(zone).unwrap();
            assert_eq!(clockwork.read(text), Some(BASE), "{style} {zone} {text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        let auto = Clockwork::default();
        for text in ["", "soon", "0", "-5", "NaN", "inf", "1e300", "-9223372036854775808"] {
            assert_eq!(auto.read(text), None, "{text}");
        }
        assert_eq!(auto.read("1720132502.5"), Some(BASE + 500_000));
    }

    #[test]
    fn a_style_that_cannot_be_right_is_told() {
        assert!(Clockwork::style("hours").unwrap_err().contains("A time format is"));
        assert!(Clockwork::style("%H:%M").unwrap_err().contains("needs year"));
        assert!(Clockwork::style("%!").is_err());
        assert!(Clockwork::default().in_zone("Mars/Olympus").unwrap_err().contains("Mars"));
    }
}
