//! CrowdStrike Falcon: alerts, the older detections, and the events of the stream. All are of one source,
//! so that an alert that comes both by the API and by the stream is one alert.

pub mod alert;
pub mod detection;
pub mod stream;

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::terms::{self, normalized};

/// The lowest numbers of high, medium and low of the severities 1 to 100. Critical begins at 80 and is high.
const SEVERITIES: [i64; 3] = [60, 40, 20];

fn new_draft() -> Draft {
    Draft::new("crowdStrikeFalcon", "CrowdStrike Falcon")
}

/// Sets the severity from the word, or from the number when there is no word that is understood.
fn set_severity(draft: &mut Draft, value: &Value, words: &[&str], numbers: &[&str]) {
    draft.set_severity_at(value, words, numbers, SEVERITIES);
}

/// Sets status and classification. The older words "true_positive", "false_positive" and "ignored" close
/// an alert.
fn set_status(draft: &mut Draft, status: &str) {
    let known = match normalized(status).as_str() {
        "truepositive" | "falsepositive" | "ignored" => "resolved",
        _ => terms::alert_status(status),
    };
    known.clone_into(&mut draft.alert.status);
    terms::parse_assessment(status, "").classification.clone_into(&mut draft.alert.classification);
}

/// Sets the category from tactics by name or id. CrowdStrike's own tactics for what its models and lists
/// of hashes find are malware.
fn set_category(draft: &mut Draft, tactics: &[String]) {
    draft.set_tactics(tactics);
    let malware = tactics.iter().any(|tactic| matches!(normalized(tactic).as_str(), "malware" | "machinelearning"));
    draft.set_category_if_empty(if malware { "Malware" } else { "SuspiciousActivity" });
    if draft.alert.category == "Malware" || draft.alert.category == "SuspiciousActivity" {
        draft.add_fact("Tactic in the source", &tactics.join(", "));
    }
}

/// Graph's remediation status for a sentence such as "Prevention, process was blocked from execution.".
fn remediation(disposition: &str) -> &'static str {
    if disposition.starts_with("Prevention") { "prevented" } else { "none" }
}
