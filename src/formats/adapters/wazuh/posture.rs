//! Weaknesses and settings: the vulnerability detector, configuration assessment, CIS-CAT and OpenSCAP. They
//! say what is weak, not what anybody did.

use serde_json::Value;

use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, text_at, texts_at, value_at};
use crate::formats::building::severity_words;

/// "Vulnerability" or "Compliance", for alerts of these families.
pub(super) fn category(value: &Value) -> Option<&'static str> {
    let groups = texts_at(value, "rule.groups");
    let any = |names: &[&str]| groups.iter().any(|group| names.contains(&group.as_str()));
    let audited = any(&["rootcheck"]) && text_at(value, &["rule.description"]).contains("Audit event");
    let service = text_at(value, &["data.aws.source"]);
    if has_any(value, &["data.vulnerability"]) || any(&["vulnerability-detector"]) || service == "inspector" {
        Some("Vulnerability")
    } else if has_any(value, &["data.sca", "data.cis", "data.oscap"])
        || any(&["sca", "ciscat", "oscap"])
        || matches!(service.as_str(), "config" | "trustedadvisor")
        || audited
    {
        Some("Compliance")
    } else {
        None
    }
}

pub(super) fn add(draft: &mut Draft, value: &Value) {
    if let Some(found) = value_at(value, "data.vulnerability") {
        add_vulnerability(draft, found);
    }
    if let Some(check) = value_at(value, "data.sca") {
        set_description(draft, check, "check.rationale", "check.remediation");
        draft.add_facts(check, ASSESSMENT);
        if text_at(check, &["check.result"]) == "passed" {
            "resolved".clone_into(&mut draft.alert.status);
        }
    }
    draft.add_facts(value, BENCHMARK);
}

fn add_vulnerability(draft: &mut Draft, found: &Value) {
    set_description(draft, found, "rationale", "remediation");
    // The level of a rule is the same for many severities.
    draft.raise_severity(severity_words::severity_of(&text_at(found, &["severity"])));
    draft.add_facts(found, VULNERABILITY);
    draft.add_fact("Fixed in", fixed_in(&text_at(found, &["package.condition"])));
    if text_at(found, &["status"]).eq_ignore_ascii_case("solved") {
        "resolved".clone_into(&mut draft.alert.status);
    }
}

/// The version in "Package less than 3.0.9"; empty where no version mends it.
fn fixed_in(condition: &str) -> &str {
    let lower = condition.to_lowercase();
    let before = ["less than or equal to ", "less or equal than "].iter().any(|words| lower.contains(words));
    let start = lower.find("less than ").filter(|_| !before).map(|start| start + "less than ".len());
    start.and_then(|start| condition.get(start..)).unwrap_or_default().trim()
}

fn set_description(draft: &mut Draft, value: &Value, why: &str, remedy: &str) {
    let text = long_text_at(value, &[why]);
    if !text.is_empty() {
        draft.alert.description = text;
    }
    draft.alert.recommended_actions = long_text_at(value, &[remedy]);
}

const VULNERABILITY: &[FactField] = &[
    ("CVE", &["cve"]),
    ("Package", &["package.name"]),
    ("Version", &["package.version"]),
    ("Architecture", &["package.architecture"]),
    ("Condition", &["package.condition"]),
    ("CVSS", &["cvss.cvss3.base_score", "score.base", "cvss.cvss2.base_score", "cvss3_score", "cvss2_score"]),
    ("Vulnerability severity", &["severity"]),
    ("State", &["status"]),
    ("Published", &["published"]),
    ("Reference", &["reference", "references", "scanner.reference"]),
    ("Assigned by", &["assigner"]),
];

const ASSESSMENT: &[FactField] = &[
    ("Policy", &["policy"]),
    ("Check", &["check.title"]),
    ("Check ID", &["check.id"]),
    ("Result", &["check.result"]),
    ("Result before", &["check.previous_result"]),
    ("Reason", &["check.reason"]),
    ("CIS", &["check.compliance.cis"]),
    ("Passed", &["passed"]),
    ("Failed", &["failed"]),
    ("Score", &["score"]),
];

const BENCHMARK: &[FactField] = &[
    ("Benchmark", &["data.cis.benchmark", "data.oscap.scan.profile.title"]),
    ("Check", &["data.cis.rule_title", "data.oscap.check.title"]),
    ("Result", &["data.cis.result", "data.oscap.check.result"]),
];

#[cfg(test)]
mod tests {
    use super::fixed_in;

    #[test]
    fn the_mended_version_stands_in_the_condition() {
        assert_eq!(fixed_in("Package less than 3.0.9"), "3.0.9");
        assert_eq!(fixed_in("Package less than or equal to 3.0.8"), "");
        assert_eq!(fixed_in("Package unfixed"), "");
    }
}
