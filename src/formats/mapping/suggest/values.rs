//! What an example looks like, and the value tables for severities and statuses.

use crate::formats::building::{severity_words, terms};
use crate::formats::mapping::document_field::Pairs;
use crate::formats::mapping::entity;
use crate::formats::mapping::time_format::TimeFormat;

/// Patterns of times beside those that need none.
const TIME_PATTERNS: [&str; 13] = [
    "%Y-%m-%d %H:%M:%S%.f %:z",
    "%Y-%m-%d %H:%M:%S (UTC)",
    "%d/%b/%Y:%H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y UTC",
    "%a %b %d %H:%M:%S %Y",
    "%d %b %Y %H:%M GMT",
    "%Y.%m.%dT%H:%M:%S",
    "%Y.%m.%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%m/%d-%H:%M:%S%.f",
    "%b %d %H:%M:%S",
];
/// The years 2001 and 2096 in microseconds.
const TIMES: std::ops::Range<i64> = 1_000_000_000_000_000..4_000_000_000_000_000;

/// Words for a status, with Watchdesk's.
const STATUSES: &[(&str, &str)] = &[
    ("new", "new"),
    ("open", "new"),
    ("active", "new"),
    ("firing", "new"),
    ("alerting", "new"),
    ("unresolved", "new"),
    ("pending", "new"),
    ("in_progress", "inProgress"),
    ("in progress", "inProgress"),
    ("inprogress", "inProgress"),
    ("acknowledged", "inProgress"),
    ("notified", "inProgress"),
    ("investigating", "inProgress"),
    ("resolved", "resolved"),
    ("closed", "resolved"),
    ("inactive", "resolved"),
    ("ok", "resolved"),
    ("normal", "resolved"),
    ("suppressed", "resolved"),
    ("dismissed", "resolved"),
    ("archived", "resolved"),
    ("false_positive", "resolved"),
    ("true_positive", "resolved"),
];

/// Words for a severity that name a verdict or a weight instead.
const SEVERITIES: &[(&str, &str)] = &[
    ("malicious", "high"),
    ("serious", "high"),
    ("important", "high"),
    ("suspicious", "medium"),
    ("normal", "medium"),
    ("benign", "informational"),
];

/// Whether a text is a path, an ARN, an address or a hash instead of a name for people.
pub(super) fn is_path(text: &str) -> bool {
    let blank = text.contains(char::is_whitespace);
    let code = text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    code || (!blank && (text.starts_with("arn:") || text.starts_with('/') || text.matches('/').count() >= 2))
}

/// Whether a text has a placeholder that its sender did not fill in, as in "Odd logins of $user$".
pub(super) fn is_unfilled(text: &str) -> bool {
    text.split('$').skip(1).step_by(2).any(|inner| !inner.is_empty() && !inner.contains(' '))
        && text.matches('$').count() >= 2
}

/// Whether a text is the path of a virtual machine and nothing else.
pub(super) fn is_instance_path(text: &str) -> bool {
    entity::is_instance_path(text) && !text.contains(' ')
}

/// The format of a time with a day and a time of day; empty where it needs none, `None` for other texts.
pub(super) fn time_format(example: &str) -> Option<&'static str> {
    let read = |format: &str| TimeFormat::parse(format).ok()?.parse_time(example).filter(|time| TIMES.contains(time));
    let plain = example.parse::<f64>().is_ok() || example.contains(':');
    if plain && read("").is_some() {
        return Some("");
    }
    TIME_PATTERNS.iter().copied().find(|pattern| read(pattern).is_some())
}

/// Whether a pattern reads a time of this century.
pub(super) fn is_read_by(pattern: &str, example: &str) -> bool {
    TimeFormat::parse(pattern)
        .ok()
        .and_then(|format| format.parse_time(example))
        .is_some_and(|time| TIMES.contains(&time))
}

/// A pattern in the letters of Java ("dd/MM/yyyy HH:mm:ss") in those of strptime.
pub(super) fn strptime_pattern(java: &str) -> String {
    let letters = [("yyyy", "%Y"), ("MMM", "%b"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S")];
    let rest = [(".SSS", "%.f"), ("XXX", "%:z"), ("Z", "%z"), ("z", "%Z"), ("'", "")];
    letters.iter().chain(&rest).fold(java.to_owned(), |text, (from, to)| {
        // What was replaced begins with a percent sign, which no pattern of Java has.
        let parts: Vec<String> = text.split(from).map(str::to_owned).collect();
        parts.join(to)
    })
}

/// Whether a word or a number may be a severity.
pub(super) fn is_severity(example: &str) -> bool {
    is_severity_word(example) || example.parse::<f64>().is_ok() || example.chars().count() <= 12
}

/// Whether a word names a severity and nothing else.
pub(super) fn is_known_severity(example: &str) -> bool {
    severity_words::severity_of(example).is_some()
}

pub(super) fn is_severity_word(example: &str) -> bool {
    severity_words::severity_of(example).is_some() || table_word(SEVERITIES, example).is_some()
}

/// Whether a word is a status of an alert.
pub(super) fn is_status(example: &str) -> bool {
    table_word(STATUSES, example).is_some() || terms::alert_status(example) != "new"
}

/// How the numbers of a severity are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// The higher, the more severe.
    Usual,
    /// Priorities of an intrusion detection system, from 1 as the highest to 4.
    Signature,
    /// From 0 as the highest to 7.
    Falling,
}

/// The table for the severities that were seen at a member; empty when they need none.
pub(super) fn severity_table(name: &str, seen: &[String], scale: Scale) -> Pairs {
    let numbers: Vec<f64> = seen.iter().filter_map(|text| text.parse().ok()).collect();
    if numbers.is_empty() || numbers.len() < seen.len() {
        return words_table(SEVERITIES, seen);
    }
    let highest = numbers.iter().copied().fold(0.0, f64::max);
    let whole = numbers.iter().all(|number| number.fract() == 0.0);
    let steps: &[(&str, &str)] = if scale == Scale::Signature && highest <= 4.0 {
        &[("1", "high"), ("2", "medium"), ("3", "low"), (">= 4", "informational")]
    } else if scale == Scale::Falling && whole && highest <= 7.0 {
        &[("0-3", "high"), ("4-5", "medium"), ("6", "low"), ("7", "informational")]
    } else if name.ends_with("priority") && whole && highest <= 3.0 {
        &[(">= 3", "high"), ("2", "medium"), ("1", "low"), ("0", "informational")]
    } else if name.ends_with("id") || name.ends_with("priority") && whole && highest <= 4.0 {
        &[("4-6", "high"), ("3", "medium"), ("2", "low"), ("0-1", "informational")]
    } else if name.ends_with("level") && whole && highest <= 15.0 {
        &[(">= 12", "high"), (">= 7", "medium"), (">= 4", "low"), ("< 4", "informational")]
    } else if highest <= 1.0 && !whole {
        &[(">= 0.7", "high"), (">= 0.4", "medium"), ("> 0", "low"), ("0", "informational")]
    } else if highest <= 10.0 && (name.contains("cvss") || !(name.ends_with("score") && whole)) {
        &[(">= 7", "high"), (">= 4", "medium"), (">= 1", "low"), ("< 1", "informational")]
    } else {
        &[(">= 70", "high"), (">= 40", "medium"), (">= 1", "low"), ("< 1", "informational")]
    };
    pairs(steps)
}

/// The table for the statuses that were seen.
pub(super) fn status_table(seen: &[String]) -> Pairs {
    let known = |text: &String| terms::alert_status(text) != "new" || text.eq_ignore_ascii_case("new");
    let unknown: Vec<String> = seen.iter().filter(|text| !known(text)).cloned().collect();
    let mut table = words_table(STATUSES, &unknown);
    // Whoever sends "firing" or "active" will send the other word one day.
    for (word, other) in [("firing", "resolved"), ("active", "inactive"), ("open", "closed")] {
        if table.0.iter().any(|(known, _)| known.eq_ignore_ascii_case(word)) {
            table.0.extend(pairs(&[(other, "resolved")]).0);
        }
    }
    table
}

fn words_table(known: &[(&'static str, &'static str)], seen: &[String]) -> Pairs {
    let mut rows: Vec<(String, String)> = Vec::new();
    for text in seen {
        if let Some(ours) = table_word(known, text)
            && !rows.iter().any(|(word, _)| word == text)
        {
            rows.push((text.clone(), ours.to_owned()));
        }
    }
    Pairs(rows)
}

fn table_word(known: &[(&'static str, &'static str)], text: &str) -> Option<&'static str> {
    known.iter().find(|(word, _)| word.eq_ignore_ascii_case(text.trim())).map(|(_, ours)| *ours)
}

fn pairs(rows: &[(&str, &str)]) -> Pairs {
    Pairs(rows.iter().map(|(word, ours)| ((*word).to_owned(), (*ours).to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_a_name() {
        for path in ["arn:aws:x:1:finding/2", "/subscriptions/a", "organizations/1/sources/2", &"ab".repeat(20)] {
            assert!(is_path(path), "{path}");
        }
        for name in ["Malware: Bad Domain", "LNK/Odd.A", "SSH::Guessing", "Run 'C:/a/b/c' now"] {
            assert!(!is_path(name), "{name}");
        }
    }

    #[test]
    fn a_time_has_a_day_and_a_time_of_day() {
        for (text, format) in [
            ("2026-05-01T10:00:00Z", Some("")),
            ("1778925600", Some("")),
            ("1778925600000000000", Some("")),
            ("2025-03-01 12:00:00.000 +02:00", Some("%Y-%m-%d %H:%M:%S%.f %:z")),
            ("11:00:00", None),
            ("0001-01-01T00:00:00Z", None),
            ("2026-05-01", None),
            ("1500", None),
        ] {
            assert_eq!(time_format(text), format, "{text}");
        }
    }

    #[test]
    fn numbers_get_the_table_of_their_scale() {
        let first = |name: &str, seen: &str, scale| {
            severity_table(name, &[seen.to_owned()], scale).0.first().map(|(word, _)| word.clone())
        };
        for (name, seen, scale, expected) in [
            ("severity", "70", Scale::Usual, ">= 70"),
            ("severity", "8", Scale::Usual, ">= 7"),
            ("riskscore", "8", Scale::Usual, ">= 70"),
            ("level", "10", Scale::Usual, ">= 12"),
            ("severityid", "4", Scale::Usual, "4-6"),
            ("severity", "1", Scale::Signature, "1"),
            ("severity", "1", Scale::Falling, "0-3"),
        ] {
            assert_eq!(first(name, seen, scale).as_deref(), Some(expected), "{name} {seen}");
        }
        assert!(severity_table("severity", &["High".to_owned()], Scale::Usual).0.is_empty());
    }
}
