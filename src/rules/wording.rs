//! Durations, days and fields of rules in words.

use crate::rules::rule::GroupField;
use crate::text::counted;

pub(super) fn field_in_words(field: GroupField, fact: &str) -> String {
    if field == GroupField::Fact { format!("\"{fact}\"") } else { field.label().to_owned() }
}

/// "90 minutes", "24 hours", "3 days".
pub fn duration(minutes: i64) -> String {
    let (count, unit) = match minutes {
        minutes if minutes % (24 * 60) == 0 && minutes > 24 * 60 => (minutes / (24 * 60), "day"),
        minutes if minutes % 60 == 0 => (minutes / 60, "hour"),
        minutes => (minutes, "minute"),
    };
    counted(count, unit)
}

/// The last day on which a rule that ends at `at` has an effect.
pub fn last_day(at: i64) -> String {
    let stamp = jiff::Timestamp::from_microsecond(at - 1).unwrap_or_default();
    stamp.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
