//! The header of a line of syslog: of RFC 3164 ("<134>Mar  1 10:00:00 host app: ") or RFC 5424 ("<134>1
//! 2025-03-01T10:00:00Z host app 12 - - "), also without its priority, as files have it.

use serde_json::{Map, Value};

use crate::formats::building::activity_times::set_time_of_sending;
use crate::formats::building::clock_ahead::note_clock_ahead;
use crate::formats::building::event_time;
use crate::formats::building::facts::add_fact;
use crate::model::incoming::Incoming;

/// Time and host of a header; empty where it has none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SyslogHeader {
    time: String,
    host: String,
}

impl SyslogHeader {
    pub(super) fn parse(header: &str) -> Self {
        let words: Vec<&str> = without_priority(header).unwrap_or(header).split_whitespace().collect();
        let words = words.strip_prefix(&["1"]).unwrap_or(&words);
        let (time, rest) = match words {
            [month, day, clock, rest @ ..] if month.len() == 3 && clock.contains(':') => {
                (format!("{month} {day} {clock}"), rest)
            }
            [time, rest @ ..] if time.contains('T') && time.contains(':') => ((*time).to_owned(), rest),
            rest => (String::new(), rest),
        };
        let host = rest.first().filter(|host| !host.ends_with(':') && **host != "-").copied().unwrap_or_default();
        Self { time, host: host.to_owned() }
    }

    /// Whether a text is a header: it begins with a priority or a time.
    pub(super) fn is_header(text: &str) -> bool {
        without_priority(text).is_some() || Self::parse(text).micros().is_some()
    }

    /// Its parts by name; `None` when it has none.
    pub(super) fn into_object(self) -> Option<Value> {
        let parts = [("time", self.time), ("host", self.host)];
        let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
        let object: Map<String, Value> = parts.map(|(name, text)| (name.to_owned(), Value::String(text))).collect();
        (!object.is_empty()).then_some(Value::Object(object))
    }

    /// Adds to each alert of a record who sent it, and when, where the record gives no time itself.
    pub(super) fn complete(&self, record: &mut Incoming) {
        for alert in record.alerts_mut() {
            add_fact(&mut alert.facts, "Syslog host", &self.host);
        }
        let Some(micros) = self.micros() else { return };
        if record.alerts().any(|alert| alert.times_of_arrival) {
            record.alerts_mut().for_each(|alert| set_time_of_sending(alert, micros));
            note_clock_ahead(record);
        }
    }

    /// Its time in microseconds since 1970 UTC.
    fn micros(&self) -> Option<i64> {
        event_time::parse(&self.time, None)
    }
}

/// What follows the priority in angle brackets; `None` for a text that does not begin with one.
fn without_priority(header: &str) -> Option<&str> {
    let (priority, rest) = header.trim_start().strip_prefix('<')?.split_once('>')?;
    let is_number = !priority.is_empty() && priority.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(rest)
}
