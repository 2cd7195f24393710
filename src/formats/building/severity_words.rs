//! The one table of severity words, for every adapter and every mapping.

use crate::formats::building::terms::normalized;
use crate::model::severity::Severity;

/// Words in lower case without blanks and punctuation, as tools, syslog and ticket systems write them.
/// `error` is high, because in syslog it stands above `warning`. Of numbered priorities, 1 is the highest.
const WORDS: &[(Severity, &[&str])] = &[
    (
        Severity::High,
        &[
            "high",
            "critical",
            "crit",
            "fatal",
            "emergency",
            "emer",
            "emerg",
            "panic",
            "alert",
            "severe",
            "urgent",
            "veryhigh",
            "extreme",
            "disaster",
            "error",
            "err",
            "major",
            "p0",
            "p1",
            "p2",
            "sev0",
            "sev1",
            "sev2",
            "priority1",
            "priority2",
            "prio1",
            "prio2",
        ],
    ),
    (
        Severity::Medium,
        &["medium", "moderate", "med", "average", "elevated", "warning", "warn", "p3", "sev3", "priority3", "prio3"],
    ),
    (Severity::Low, &["low", "minor", "notice", "guarded", "p4", "sev4", "priority4", "prio4"]),
    (
        Severity::Informational,
        &[
            "informational",
            "info",
            "information",
            "informative",
            "inform",
            "debug",
            "verbose",
            "trace",
            "verylow",
            "negligible",
            "p5",
            "sev5",
            "priority5",
            "prio5",
        ],
    ),
];

/// Words that may stand beside the one that counts: "Severity: High", "SEV_040_HIGH", "1 - Critical".
const BESIDE: &[&str] = &["severity", "sev", "level", "risk", "priority", "threat"];

/// Shown in place of a severity that is not given.
pub(crate) const NOT_GIVEN: &str = "not given";

/// Words that say that there is no severity.
const NO_SEVERITY: &[&str] = &["", "0", "00", "none", "null", "nil", "na", "notgiven", "notset", "notavailable"];

/// The severity of a word; `None` when none is given or the word is not known. A bare number is not known,
/// because nothing says on which scale it is.
pub(crate) fn severity_of(word: &str) -> Option<Severity> {
    let whole = normalized(word);
    let tokens = word.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let counting =
        tokens.filter(|token| !BESIDE.contains(&token.as_str()) && !token.bytes().all(|b| b.is_ascii_digit()));
    listed(&whole).or_else(|| listed(&counting.collect::<String>()))
}

/// What to show of a word as the severity in the source; nothing for words that say no more than
/// Watchdesk's own.
pub(crate) fn shown(word: &str) -> Option<&str> {
    let plain = normalized(word);
    match plain.as_str() {
        "high" | "medium" | "low" | "informational" | "info" | "information" => None,
        _ if NO_SEVERITY.contains(&plain.as_str()) => Some(NOT_GIVEN),
        _ => Some(word),
    }
}

/// Whether a word says that there is no severity.
pub(crate) fn is_none(word: &str) -> bool {
    NO_SEVERITY.contains(&normalized(word).as_str())
}

fn listed(plain: &str) -> Option<Severity> {
    WORDS.iter().find(|(_, words)| words.contains(&plain)).map(|(severity, _)| *severity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_is_known_in_every_usual_spelling() {
        for (severity, words) in [
            (
                Severity::High,
                "CRITICAL crit Very-High very_high Emergency emerg P1 SEV-1 sev2 Major error SEV_040_HIGH THREAT_SEVERITY_CRITICAL",
            ),
            (Severity::Medium, "Moderate med WARN warning P3 Elevated SEVERITY_MEDIUM"),
            (Severity::Low, "minor Notice p4 LEVEL_LOW"),
            (Severity::Informational, "Information INFO informative debug verbose SEV_010_INFO"),
        ] {
            for word in words.split(' ') {
                assert_eq!(severity_of(word), Some(severity), "{word}");
            }
        }
        for word in ["1 - Critical", "Severity: High", "High (70)", "Priority 1", "High risk"] {
            assert_eq!(severity_of(word), Some(Severity::High), "{word}");
        }
    }

    #[test]
    fn what_is_missing_or_not_understood_is_no_severity_and_says_so() {
        for word in ["", " ", "None", "null", "0", "-", "N/A", "not set"] {
            assert_eq!((severity_of(word), shown(word)), (None, Some("not given")), "{word:?}");
        }
        for word in ["6", "70", "7.5", "UnSpecified", "unknown", "Undefined", "other", "hoch", "SEVERITY_UNSPECIFIED"] {
            assert_eq!((severity_of(word), shown(word)), (None, Some(word)), "{word:?}");
        }
    }

    #[test]
    fn a_word_beyond_the_four_is_shown() {
        assert_eq!(shown("Critical"), Some("Critical"));
        assert_eq!((shown("HIGH"), shown("info")), (None, None));
    }
}
