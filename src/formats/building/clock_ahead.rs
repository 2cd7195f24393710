//! Notes on an alert that the clock of its source is ahead of ours. The times stay as they were sent.

use crate::clock;
use crate::model::incoming::{CLOCK_OF_SOURCE, Incoming, IncomingAlert};
use crate::text::counted;

/// Smaller differences are usual between clocks, in microseconds.
const TOLERATED: i64 = 5 * clock::MINUTE;

/// Adds a fact to each alert whose activity lies in the future.
pub(crate) fn note_clock_ahead(record: &mut Incoming) {
    let now = clock::now();
    match record {
        Incoming::Alert(alert, _) => note(alert, now),
        Incoming::Incident(_, alerts, _) => alerts.iter_mut().for_each(|(alert, _)| note(alert, now)),
    }
}

fn note(alert: &mut IncomingAlert, now: i64) {
    let ahead = alert.first_activity.max(alert.last_activity).saturating_sub(now);
    if ahead > TOLERATED {
        let text = format!("{} ahead when it arrived", in_words(ahead));
        alert.facts.push((CLOCK_OF_SOURCE.to_owned(), text));
    }
}

fn in_words(micros: i64) -> String {
    let rounded = |unit: i64, name: &str| counted((micros + unit / 2) / unit, name);
    if micros < 2 * clock::HOUR {
        rounded(clock::MINUTE, "minute")
    } else if micros < 2 * clock::DAY {
        rounded(clock::HOUR, "hour")
    } else {
        rounded(clock::DAY, "day")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use crate::clock;
    use crate::formats::format::Format;
    use crate::formats::record::read_record;
    use crate::model::incoming::{CLOCK_OF_SOURCE, Incoming};

    /// The fact of an alert whose activity is that far in the future, in microseconds.
    fn fact(ahead: i64) -> Option<String> {
        let now = 1_795_000_000_000_000;
        let at = jiff::Timestamp::from_microsecond(now + ahead).unwrap().to_string();
        let alert =
            json!({"id": "1", "title": "One", "createdDateTime": "2026-11-01T00:00:00Z", "lastActivityDateTime": at});
        let record = clock::at(now, || read_record(&Format::Auto, &alert)).unwrap();
        let Incoming::Alert(alert, _) = record else { panic!("no alert") };
        assert_eq!(alert.last_activity, now + ahead, "the time stays as it was sent");
        alert.facts.into_iter().find(|(label, _)| label == CLOCK_OF_SOURCE).map(|(_, text)| text)
    }

    #[test]
    fn a_clock_that_is_more_than_five_minutes_ahead_is_noted() {
        assert_eq!(fact(-clock::HOUR), None);
        assert_eq!(fact(5 * clock::MINUTE), None);
        assert_eq!(fact(7 * clock::MINUTE + 1).as_deref(), Some("7 minutes ahead when it arrived"));
        assert_eq!(fact(3 * clock::HOUR - clock::MINUTE).as_deref(), Some("3 hours ahead when it arrived"));
        assert_eq!(fact(3 * clock::HOUR).as_deref(), Some("3 hours ahead when it arrived"));
        assert_eq!(fact(400 * clock::DAY).as_deref(), Some("400 days ahead when it arrived"));
    }
}
