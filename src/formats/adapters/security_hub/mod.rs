//! AWS Security Hub findings in the AWS Security Finding Format: from its API, and as EventBridge events.

mod observations;
mod resources;

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::FactField;
use crate::formats::building::path::{has_any, long_text_at, number_at, objects_at, text_at, texts_at, time_at};
use crate::formats::building::terms;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: SOURCE,
    label: "AWS Security Hub findings",
    detect: |value| {
        let finding = has_any(value, &["ProductArn"]) && has_any(value, &["AwsAccountId", "GeneratorId"]);
        // An event with several findings is a wrapper around them.
        let event = text_at(value, &["detail-type"]).starts_with("Security Hub Findings");
        finding || event && objects_at(value, "detail.findings").len() < 2
    },
    parse: |value| match objects_at(value, "detail.findings").as_slice() {
        [] if has_any(value, &["detail-type"]) => {
            Err(NotTaken::Skipped("This Security Hub event has no finding in detail.findings.".to_owned()))
        }
        [] => parse_record(value, value),
        [finding, ..] => parse_record(finding, value),
    },
    documentation: "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html",
    fields: Fields {
        title: "Title",
        id: "Id",
        severity: "Severity.Label, FindingProviderFields.Severity.Label, Severity.Normalized",
        times: "FirstObservedAt, LastObservedAt, CreatedAt, UpdatedAt",
        device: "Resources of type AwsEc2Instance",
        user: "Resources of type AwsIamUser and AwsIamAccessKey",
        address: "Network, NetworkPath, Action, ThreatIntelIndicators of type IPV4_ADDRESS and IPV6_ADDRESS",
        file: "Malware.Path, Process.Path, Threats.FilePaths",
        hash: "Threats.FilePaths.Hash, ThreatIntelIndicators of type HASH_*",
        process: "Process",
        url: "Network.DestinationDomain, Action.DnsRequestAction.Domain, ThreatIntelIndicators of type DOMAIN and URL",
        technique: "Types, Detection.Sequence.Indicators",
        category: "Types, Compliance.Status, Vulnerabilities",
        status: "Workflow.Status, RecordState, Compliance.Status",
    },
};

const SOURCE: &str = "awsSecurityHub";

fn parse_record(finding: &Value, sent: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new(SOURCE, "AWS Security Hub");
    draft.alert.detection_source = detection_source(&text_at(finding, &["ProductName"]));
    draft.set_title(finding, &["Title"]);
    draft.set_id(finding, &["Id"]);
    draft.alert.description = long_text_at(finding, &["Description"]);
    draft.alert.recommended_actions = long_text_at(finding, &["Remediation.Recommendation.Text"]);
    set_severity(&mut draft, finding);
    set_category_and_techniques(&mut draft, finding);
    draft.set_times(
        time_at(finding, &["FirstObservedAt"]),
        time_at(finding, &["LastObservedAt"]),
        time_at(finding, &["CreatedAt"]),
    );
    draft.alert.provider_updated_at = time_at(finding, &["UpdatedAt"]);
    draft.alert.occurrences = number_at(finding, &["ProductFields.aws/guardduty/service/count"]).unwrap_or_default();
    status(finding).clone_into(&mut draft.alert.status);
    draft.add_facts(finding, FACTS);
    draft.add_list_fact(finding, "Finding types", "Types");
    resources::add(&mut draft, finding);
    observations::add(&mut draft, finding);
    draft.into_incoming(sent)
}

/// The product that found it, by the same name as when it reports by itself.
fn detection_source(product: &str) -> String {
    let known = terms::service_source(product).map(str::to_owned);
    let named = known.unwrap_or_else(|| terms::camel_case(&terms::category_name(product)));
    if named.is_empty() { SOURCE.to_owned() } else { named }
}

fn set_severity(draft: &mut Draft, finding: &Value) {
    let labels = ["Severity.Label", "FindingProviderFields.Severity.Label"];
    let numbers = ["Severity.Normalized", "Severity", "FindingProviderFields.Severity.Normalized"];
    // The steps that AWS documents for the labels.
    draft.set_severity_at(finding, &labels, &numbers, [70, 40, 1]);
}

/// Types are "namespace/category/classifier"; the categories of "TTPs" are ATT&CK's tactics.
fn set_category_and_techniques(draft: &mut Draft, finding: &Value) {
    let types = match texts_at(finding, "Types") {
        types if types.is_empty() => texts_at(finding, "FindingProviderFields.Types"),
        types => types,
    };
    let in_types = |part: &str| types.iter().any(|text| text.starts_with(part));
    let vulnerable = has_any(finding, &["Vulnerabilities"]) || in_types("Software and Configuration Checks/Vulner");
    if vulnerable {
        draft.set_category_if_empty("Vulnerability");
    } else if has_any(finding, &["Compliance.Status"]) || in_types("Software and Configuration Checks") {
        draft.set_category_if_empty("Compliance");
    } else {
        let (mut tactics, mut techniques) = (Vec::new(), types.clone());
        tactics.extend(types.iter().filter_map(|text| text.split('/').nth(1)).map(str::to_owned));
        for indicator in objects_at(finding, "Detection.Sequence.Indicators") {
            match text_at(indicator, &["Key"]).to_uppercase() {
                key if key.contains("TACTIC") => tactics.extend(texts_at(indicator, "Values")),
                key if key.contains("TECHNIQUE") => techniques.extend(texts_at(indicator, "Values")),
                _ => {}
            }
        }
        draft.set_tactics(&tactics);
        draft.add_techniques(&techniques);
        draft.set_category_if_empty(if in_types("Effects/Data Exfiltration") {
            "Exfiltration"
        } else if has_any(finding, &["Malware"]) {
            "Malware"
        } else {
            "SuspiciousActivity"
        });
    }
}

fn status(finding: &Value) -> &'static str {
    let archived = text_at(finding, &["RecordState"]) == "ARCHIVED";
    let passed = text_at(finding, &["Compliance.Status"]) == "PASSED";
    match text_at(finding, &["Workflow.Status"]).as_str() {
        _ if archived || passed => "resolved",
        // Suppressed: somebody has looked, and nothing is to be done.
        "RESOLVED" | "SUPPRESSED" => "resolved",
        "NOTIFIED" => "inProgress",
        _ => "new",
    }
}

const FACTS: &[FactField] = &[
    ("Found by", &["ProductName"]),
    ("AWS account", &["AwsAccountId"]),
    ("Region", &["Region"]),
    ("Confidence", &["Confidence"]),
    ("Compliance status", &["Compliance.Status"]),
    ("Control", &["Compliance.SecurityControlId", "ProductFields.ControlId"]),
    ("Workflow status", &["Workflow.Status"]),
    ("Record state", &["RecordState"]),
    ("Remediation", &["Remediation.Recommendation.Url"]),
    ("Link", &["SourceUrl"]),
    ("Note", &["Note.Text"]),
    ("Sample finding", &["Sample"]),
    ("Product ARN", &["ProductArn"]),
];
