//! Times as pages show them: in the viewer's zone, with UTC beside (R15).

use actix_web::HttpRequest;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock;

/// The viewer's zone, told by a cookie that the script sets from the browser; UTC without it.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    pub fn of(request: &HttpRequest) -> Self {
        let name = request.cookie("tz").map(|cookie| cookie.value().to_owned()).unwrap_or_default();
        let name =
            form_urlencoded::parse(name.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default();
        Self(TimeZone::get(&name).unwrap_or(TimeZone::UTC))
    }

    /// The time of day alone: "14:00".
    pub fn time_of_day(&self, micros: i64) -> String {
        let stamp = Timestamp::from_microsecond(micros).unwrap_or_default();
        stamp.to_zoned(self.0.clone()).strftime("%H:%M").to_string()
    }

    /// A stored time, ready to be shown.
    pub fn show(&self, micros: i64) -> Moment {
        let stamp = Timestamp::from_microsecond(micros).unwrap_or_default();
        let local = stamp.to_zoned(self.0.clone());
        let now = Timestamp::from_microsecond(clock::now()).unwrap_or_default().to_zoned(self.0.clone());
        let pattern = if local.year() == now.year() { "%b %-d, %H:%M" } else { "%b %-d, %Y %H:%M" };
        Moment {
            iso: stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            text: local.strftime(pattern).to_string(),
            full: local.strftime("%b %-d, %Y %H:%M:%S").to_string(),
            utc: stamp.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        }
    }
}

/// One time in every form a page needs.
#[derive(Debug, Clone)]
pub struct Moment {
    /// For `datetime`.
    pub iso: String,
    /// Short, for lists.
    pub text: String,
    /// With seconds, for details.
    pub full: String,
    /// For the hover.
    pub utc: String,
}
