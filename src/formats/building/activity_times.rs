//! The times of an alert's activity.

use crate::formats::building::facts::add_fact;
use crate::model::incoming::IncomingAlert;

/// The fact of an alert without a time of its own.
const NO_TIME: (&str, &str) = ("Time in the source", "not given; this is when it arrived");

/// The times of an alert's activity, in microseconds; missing ones are filled in from the others.
pub(crate) struct ActivityTimes {
    pub first: i64,
    pub last: i64,
    pub created: i64,
}

impl ActivityTimes {
    /// `None` when no time is given at all.
    pub fn new(first: Option<i64>, last: Option<i64>, created: Option<i64>) -> Option<Self> {
        let begin = first.or(created).or(last)?;
        let end = last.unwrap_or(begin);
        Some(Self { first: begin.min(end), last: begin.max(end), created: created.unwrap_or(begin.min(end)) })
    }
}

/// Notes on an alert that its times are those of its arrival.
pub(crate) fn note_times_of_arrival(alert: &mut IncomingAlert) {
    add_fact(&mut alert.facts, NO_TIME.0, NO_TIME.1);
    alert.times_of_arrival = true;
}

/// Gives an alert without a time of its own the time at which it was sent, in microseconds since 1970 UTC.
pub(crate) fn set_time_of_sending(alert: &mut IncomingAlert, micros: i64) {
    if std::mem::take(&mut alert.times_of_arrival) {
        (alert.first_activity, alert.last_activity, alert.created_at) = (micros, micros, micros);
        alert.facts.retain(|(label, value)| (label.as_str(), value.as_str()) != NO_TIME);
    }
}
