//! AIT-ADS: alerts of Wazuh, Suricata and AMiner over simulated sites, with one record for repeats. Its
//! labels, which mark attacks, are not read.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::facts::add_fact;
use crate::formats::building::path::{has_any, name_at, number_at, text_at, time_at};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::record_hash;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;
use crate::model::severity::Severity;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "aitAds",
    label: "AIT Alert Data Set",
    detect: |value| {
        has_any(value, &["detector"])
            && has_any(value, &["rule"])
            && has_any(value, &["host"])
            && has_any(value, &["first_activity"])
    },
    parse: parse_record,
    documentation: "AIT Alert Data Set, https://zenodo.org/records/8263181",
    fields: Fields {
        title: "title, rule",
        id: "",
        severity: "rule",
        times: "first_activity, last_activity",
        device: "host, scenario",
        user: "",
        address: "ip",
        file: "",
        hash: "",
        process: "",
        url: "",
        technique: "",
        category: "rule",
        status: "",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let detector = text_at(value, &["detector"]);
    let rule = text_at(value, &["rule"]);
    let mut draft = Draft::new(&detector.to_lowercase(), &detector);
    draft.set_title(value, &["title", "rule"]);
    draft.alert.title = bare_title(&draft.alert.title, &detector);
    draft.alert.provider_alert_id = record_hash(&without_labels(value));
    draft.alert.id_of_content = true;
    let (severity, category) = severity_and_category(&rule);
    draft.alert.severity = Some(severity);
    draft.read_category(category);
    draft.set_category_if_empty("SuspiciousActivity");
    let first = time_at(value, &["first_activity"]);
    draft.set_times(first, time_at(value, &["last_activity"]), first);
    draft.alert.occurrences = number_at(value, &["count"]).unwrap_or_default();
    let site = text_at(value, &["scenario"]);
    let host = name_at(value, &["host"]);
    // Host names such as "mail" and "vpn" exist on every site, so the site becomes part of the name.
    let named = site.is_empty() || host.is_empty() || host.starts_with(&format!("{site}-"));
    let name = if named { host } else { format!("{site}-{host}") };
    let mut device = Device { names: vec![name], ..Device::default() }.build();
    if let Some(device) = &mut device {
        add_fact(&mut device.facts, "IP address", &text_at(value, &["ip"]));
    }
    draft.add_evidence(device, &[]);
    draft.add_ip(&name_at(value, &["ip"]), &[]);
    draft.add_fact("Site", &site);
    draft.add_fact("Rule", &rule);
    draft.into_incoming(value)
}

/// "Suricata: Alert - ET SCAN ..." without the name of the detector.
fn bare_title(title: &str, detector: &str) -> String {
    let bare = title.strip_prefix(detector).and_then(|rest| rest.strip_prefix(':')).unwrap_or(title).trim();
    bare.strip_prefix("Alert - ").unwrap_or(bare).to_owned()
}

fn without_labels(value: &Value) -> Value {
    let members = value.as_object().into_iter().flatten();
    let kept = members.filter(|(key, _)| !key.starts_with("gt_") && !key.ends_with("_label"));
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// Severity and category by the rule's short code, as the detectors themselves set them for these rules. Only a rule
/// for repeated failures means a tactic: one failed login or request, a scan, and the look-up of an odd domain do not.
fn severity_and_category(rule: &str) -> (Severity, CategoryReading) {
    let starts = |codes: &[&str]| codes.iter().any(|code| rule.starts_with(code));
    if starts(&["W-Aut-Pam3", "W-Mai-Brt"]) {
        (Severity::Medium, Clear("CredentialAccess"))
    } else if starts(&["W-Aut-Pam2", "W-Mai-Inv", "W-Sys-Fai", "W-Aut-Ssh2", "W-Acc-Cms"]) {
        (Severity::Low, Hint("CredentialAccess"))
    } else if starts(&["W-Aut-Sud", "W-Aut-Uid"]) {
        (Severity::Low, Hint("PrivilegeEscalation"))
    } else if starts(&["W-Acc-Att", "W-Acc-Sus", "W-All-Mul3"]) {
        (Severity::Medium, Hint("InitialAccess"))
    } else if starts(&["W-Acc", "W-Err"]) {
        (Severity::Low, Hint("InitialAccess"))
    } else if starts(&["S-Flw-Nmp", "S-Flw-445"]) {
        (Severity::High, Hint("Reconnaissance"))
    } else if starts(&["S-Dns", "W-All-Ids", "W-All-Mul"]) {
        (Severity::Medium, Clear("SuspiciousActivity"))
    } else if starts(&["W-Sys-Cav", "W-Sys-Dov", "W-Aut-Pam1", "W-Aut-Ssh1", "W-Aud"]) {
        (Severity::Informational, Clear("SuspiciousActivity"))
    } else {
        (Severity::Low, Clear("SuspiciousActivity"))
    }
}
