//! What sources say of a piece of evidence, in Graph's words: whether it is malicious, and what was done about it.

use crate::text::humanise;

/// Where a verdict stands among others: malicious, suspicious, not known, then all that clears.
pub fn rank(verdict: &str) -> u8 {
    match verdict {
        "malicious" => 0,
        "suspicious" => 1,
        "unknown" | "" => 2,
        _ => 3,
    }
}

/// The worse of two verdicts.
pub fn worse<'a>(one: &'a str, other: &'a str) -> &'a str {
    if rank(other) < rank(one) { other } else { one }
}

/// A verdict or remediation status as a person reads it. "Unknown" and "none" say nothing and are empty.
pub fn label(value: &str) -> String {
    if matches!(value, "" | "unknown" | "none") { String::new() } else { humanise(value) }
}

#[cfg(test)]
mod tests {
    use super::{label, rank, worse};

    #[test]
    fn malicious_is_worst_and_what_is_cleared_comes_after_what_is_not_known() {
        let mut verdicts = ["noThreatsFound", "unknown", "malicious", "", "suspicious"];
        verdicts.sort_by_key(|verdict| rank(verdict));
        assert_eq!(verdicts, ["malicious", "suspicious", "unknown", "", "noThreatsFound"]);
        assert_eq!(worse("noThreatsFound", "suspicious"), "suspicious");
        assert_eq!(worse("malicious", "unknown"), "malicious");
    }

    #[test]
    fn a_verdict_that_says_nothing_is_empty() {
        assert_eq!([label("unknown"), label("none"), label("")], ["", "", ""].map(str::to_owned));
        assert_eq!(label("noThreatsFound"), "No threats found");
    }
}
