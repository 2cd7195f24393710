//! Severities of the products whose records Wazuh's rules match: where one is higher than the rule's level, it
//! counts.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::path::{has_any, text_at};
use crate::formats::building::{severity_scales, severity_words};
use crate::model::severity::Severity;

/// Where the records of services and sensors have a severity as a word.
const WORDS: [&str; 13] = [
    "data.ms-graph.severity",
    "data.gcp.jsonPayload.severity",
    "data.gcp.jsonPayload.alert_severity",
    "data.gcp.jsonPayload.finding.severity",
    "data.gcp.finding.severity",
    "data.aws.finding.Severity.Label",
    "data.aws.detail.findings.Severity.Label",
    "data.okta.severity",
    "data.properties.severity",
    "data.event.SeverityName",
    "data.crowdstrike.event.SeverityName",
    "data.crowdstrike.severity_name",
    "data.severity_name",
];

/// Members that FortiGate's logs have, and where these have a severity: that of a signature before the level of the
/// log, which is "alert" for every attack.
const FORTIGATE: [&str; 4] = ["data.devid", "data.devname", "data.logid", "data.vd"];
const OF_FORTIGATE: [&str; 3] = ["data.severity", "data.crlevel", "data.level"];

pub(super) fn raise(draft: &mut Draft, value: &Value) {
    let falco = has_any(value, &["data.output_fields"]).then_some("data.priority");
    raise_from_google(draft, value);
    raise_from_fortigate(draft, value);
    for path in WORDS.into_iter().chain(falco) {
        let word = text_at(value, &[path]);
        draft.raise_severity(severity_words::severity_of(&word));
        draft.add_fact("Severity in the event", &word);
    }
}

fn raise_from_fortigate(draft: &mut Draft, value: &Value) {
    if !has_any(value, &FORTIGATE) {
        return;
    }
    let words = OF_FORTIGATE.map(|path| text_at(value, &[path]));
    if let Some(word) = words.iter().find(|word| severity_words::severity_of(word).is_some()) {
        draft.raise_severity(severity_words::severity_of(word));
        draft.add_fact("Severity in the event", word);
    }
}

/// The level of a log of Google Cloud: an error there is a call that failed, which is less than an attack.
fn raise_from_google(draft: &mut Draft, value: &Value) {
    let level = text_at(value, &["data.gcp.severity"]);
    let found = severity_words::severity_of(&level);
    let failed = level.eq_ignore_ascii_case("error");
    draft.raise_severity(if failed { Some(Severity::Medium) } else { found });
}

/// The severity of a record of AWS: GuardDuty and others give numbers of 0 to 10, and some give words.
pub(super) fn raise_from_aws(draft: &mut Draft, record: &Value) {
    let text = text_at(record, &["severity.description", "severity.label", "severity"]);
    let of_number = |number| severity_scales::severity_of(number, severity_scales::GUARD_DUTY);
    draft.raise_severity(severity_scales::severity_of_text(&text, of_number));
    draft.add_fact("Severity in AWS", &text);
}
