//! Times as pages show them: in the viewer's time zone, with UTC as a tooltip (R15).

use actix_web::{HttpMessage as _, HttpRequest};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::clock;
use crate::model::user::User;
use crate::text::counted;

/// The viewer's time zone: the one that they chose, else that of the browser, from a cookie that a script sets, else UTC.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    pub fn of(request: &HttpRequest) -> Self {
        let chosen = request.extensions().get::<User>().and_then(|user| TimeZone::get(&user.time_zone).ok());
        if let Some(zone) = chosen {
            return Self(zone);
        }
        let name = request.cookie("tz").map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        let name =
            form_urlencoded::parse(name.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default();
        Self(TimeZone::get(&name).unwrap_or(TimeZone::UTC))
    }

    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its IANA name, which tells zones apart.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The time of day alone: "14:00".
    pub fn time_of_day(&self, micros: i64) -> String {
        let stamp = Timestamp::from_microsecond(micros).unwrap_or_default();
        stamp.to_zoned(self.0.clone()).strftime("%H:%M").to_string()
    }

    /// A stored time, ready to be shown.
    pub fn show(&self, micros: i64) -> ShownTime {
        let stamp = Timestamp::from_microsecond(micros).unwrap_or_default();
        let local = stamp.to_zoned(self.0.clone());
        let now = Timestamp::from_microsecond(clock::now()).unwrap_or_default().to_zoned(self.0.clone());
        let is_this_year = local.year() == now.year();
        let pattern = if is_this_year { "%b %-d, %H:%M" } else { "%b %-d, %Y %H:%M" };
        ShownTime {
            iso: stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            text: local.strftime(pattern).to_string(),
            day: local.strftime(if is_this_year { "%b %-d" } else { "%b %-d, %Y" }).to_string(),
            full: local.strftime("%b %-d, %Y %H:%M:%S").to_string(),
            utc: stamp.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            ago: ago(clock::now() - micros),
        }
    }

    /// A time as the value of a `datetime-local` field.
    pub fn field(&self, micros: i64) -> String {
        let stamp = Timestamp::from_microsecond(micros).unwrap_or_default();
        stamp.to_zoned(self.0.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// Parses a date in this zone, with or without a time, or a time of RFC 3339. With `end`, a date alone
    /// is the last microsecond of its day, else the first.
    pub fn read(&self, typed: &str, end: bool) -> Option<i64> {
        let typed = typed.trim();
        if let Ok(moment) = typed.parse::<Timestamp>() {
            return Some(moment.as_microsecond());
        }
        let start = |at: DateTime| Some(at.to_zoned(self.0.clone()).ok()?.timestamp().as_microsecond());
        if typed.contains(':') {
            return start(typed.parse().ok()?);
        }
        let date: Date = typed.parse().ok()?;
        if end { Some(start(date.tomorrow().ok()?.to_datetime(Time::midnight()))? - 1) } else { start(date.into()) }
    }
}

/// The names of all time zones.
pub fn zone_names() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect()
}

/// How long ago, in the largest unit that fits. Empty for times over a week ago or in the future.
fn ago(micros: i64) -> String {
    match micros {
        // Clocks of providers differ by some seconds.
        micros if micros < -clock::MINUTE => String::new(),
        micros if micros < clock::MINUTE => "just now".to_owned(),
        micros if micros < clock::HOUR => format!("{} min ago", micros / clock::MINUTE),
        micros if micros < clock::DAY => format!("{} h ago", micros / clock::HOUR),
        micros if micros < 7 * clock::DAY => {
            format!("{} ago", counted(micros / clock::DAY, "day"))
        }
        _ => String::new(),
    }
}

/// A time in the formats that pages need.
#[derive(Debug, Clone)]
pub struct ShownTime {
    /// For the attribute `datetime`.
    pub iso: String,
    /// Short, for lists.
    pub text: String,
    /// The day alone, where there is little room.
    pub day: String,
    /// With seconds, for details.
    pub full: String,
    /// For the tooltip.
    pub utc: String,
    /// "5 min ago"; empty for times over a week ago or in the future.
    pub ago: String,
}

/// A time as addresses contain it.
pub fn rfc3339(micros: i64) -> String {
    Timestamp::from_microsecond(micros).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_dates_are_of_the_viewers_zone() {
        let berlin = Zone(TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC));
        let read = |typed, end| berlin.read(typed, end).map(rfc3339).unwrap_or_default();
        assert_eq!(read("2026-07-01T12:30", false), "2026-07-01T10:30:00Z");
        assert_eq!(read("2026-07-01 12:30", true), "2026-07-01T10:30:00Z");
        assert_eq!(read("2026-07-01", false), "2026-06-30T22:00:00Z");
        assert_eq!(read("2026-07-01", true), "2026-07-01T21:59:59Z");
        assert_eq!(read("2026-07-01T12:30:00Z", false), "2026-07-01T12:30:00Z");
        for nonsense in ["", "yesterday", "2026-13-01", "12:30", "2026-07-01T25:00"] {
            assert_eq!(berlin.read(nonsense, false), None, "{nonsense}");
        }
        assert_eq!(berlin.field(1_782_901_800_000_000), "2026-07-01T12:30");
    }

    #[test]
    fn recent_times_say_how_long_ago() {
        assert_eq!(ago(clock::SECOND), "just now");
        assert_eq!(ago(59 * clock::MINUTE), "59 min ago");
        assert_eq!(ago(25 * clock::HOUR), "1 day ago");
        assert_eq!(ago(8 * clock::DAY), "");
    }
}
