//! Workbench alerts of Trend Vision One.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::{FactField, add_fact};
use crate::formats::building::file::File;
use crate::formats::building::path::{
    has_any, long_name_at, long_text_at, name_at, objects_at, text_at, texts_at, time_at, value_at,
};
use crate::formats::building::principals::Device;
use crate::formats::building::terms::{self, normalized};
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::{Incoming, IncomingEvidence};

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "trendVisionOne",
    label: "Trend Vision One workbench alerts",
    detect: |value| {
        let named = has_any(value, &["workbenchLink", "alertProvider"])
            && has_any(value, &["impactScope", "model", "matchedRules", "investigationStatus"]);
        let numbered = has_any(value, &["workbenchId"]) || text_at(value, &["id"]).starts_with("WB-");
        named || numbered && has_any(value, &["model"]) && has_any(value, &["impactScope", "indicators"])
    },
    parse: parse_record,
    documentation: "https://automation.trendmicro.com/xdr/api-v3, workbench alerts",
    fields: Fields {
        title: "model, description",
        id: "id, workbenchId",
        severity: "severity",
        times: "matchedRules[].matchedFilters[].matchedDateTime, createdDateTime; changed: updatedDateTime",
        device: "impactScope.entities[] and indicators[] of type host",
        user: "impactScope.entities[] of type account and emailAddress; indicators[] of type user_account and email_sender",
        address: "indicators[] of type ip",
        file: "indicators[] of type fullpath and filename",
        hash: "indicators[] of type file_sha256, file_sha1 and file_md5",
        process: "indicators[] of type command_line",
        url: "indicators[] of type url and domain",
        technique: "matchedRules[].matchedFilters[].mitreTechniqueIds",
        category: "matchedRules[].matchedFilters[].mitreTacticIds, else SuspiciousActivity",
        status: "status, investigationStatus",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("trendVisionOne", "Trend Vision One");
    draft.set_title(value, &["model", "description"]);
    draft.set_id(value, &["id", "workbenchId"]);
    draft.alert.description = long_text_at(value, &["description"]);
    draft.set_severity_from_word(&text_at(value, &["severity"]));
    set_status(&mut draft, value);
    let times = set_attack_and_find_times(&mut draft, value);
    let created = time_at(value, &["createdDateTime"]);
    draft.set_times(times.iter().min().copied().or(created), times.iter().max().copied().or(created), created);
    draft.alert.provider_updated_at = time_at(value, &["updatedDateTime"]);
    draft.alert.assigned_to = texts_at(value, "ownerIds").join(", ");
    draft.add_facts(value, FACTS);
    for entity in objects_at(value, "impactScope.entities") {
        add_entity(&mut draft, entity);
    }
    for indicator in objects_at(value, "indicators") {
        add_indicator(&mut draft, indicator);
    }
    draft.into_incoming(value)
}

/// Sets status and classification. The older investigation status has the result in place of "Closed".
fn set_status(draft: &mut Draft, value: &Value) {
    let status = text_at(value, &["status", "investigationStatus"]);
    let result = text_at(value, &["investigationResult", "investigationStatus"]);
    let result_word = normalized(&result);
    let known = match normalized(&status).as_str() {
        "truepositive" | "falsepositive" | "benigntruepositive" => "resolved",
        _ => terms::alert_status(&status),
    };
    known.clone_into(&mut draft.alert.status);
    let class = if result_word == "benigntruepositive" { "BenignPositive" } else { &result };
    terms::parse_assessment(class, "").classification.clone_into(&mut draft.alert.classification);
}

/// Sets category and techniques from the matched filters, and returns when these matched.
fn set_attack_and_find_times(draft: &mut Draft, value: &Value) -> Vec<i64> {
    let (mut times, mut rules) = (Vec::new(), Vec::new());
    let (mut tactics, mut techniques) = (Vec::new(), Vec::new());
    for rule in objects_at(value, "matchedRules") {
        rules.extend(texts_at(rule, "name"));
        for filter in objects_at(rule, "matchedFilters") {
            tactics.extend(texts_at(filter, "mitreTacticIds"));
            // "V9.T1059.001" names the version of ATT&CK too.
            let ids = texts_at(filter, "mitreTechniqueIds");
            techniques.extend(ids.iter().map(|id| id.split_once(".T").map_or(id.clone(), |(_, id)| format!("T{id}"))));
            times.extend(time_at(filter, &["matchedDateTime"]));
            times.extend(
                objects_at(filter, "matchedEvents").iter().filter_map(|event| time_at(event, &["matchedDateTime"])),
            );
        }
    }
    draft.set_tactics(&tactics);
    draft.set_category_if_empty("SuspiciousActivity");
    draft.add_techniques(&techniques);
    draft.add_fact("Matched rules", &rules.join(", "));
    times
}

fn add_entity(draft: &mut Draft, entity: &Value) {
    let name = name_at(entity, &["entityValue.name", "entityValue"]);
    let evidence = match text_at(entity, &["entityType"]).as_str() {
        "host" => value_at(entity, "entityValue").and_then(host),
        "account" | "cloudIdentity" => account(&name),
        "emailAddress" => evidence_kinds::mailbox(std::slice::from_ref(&name), ""),
        kind => evidence_kinds::other(&terms::category_name(kind), &name, &text_at(entity, &["entityId"])),
    };
    draft.add_evidence(evidence, &[]);
}

/// A host, which is an object or only a name.
fn host(value: &Value) -> Option<IncomingEvidence> {
    let name = name_at(value, &["name"]);
    let name = if name.is_empty() { value.as_str().unwrap_or_default().to_owned() } else { name };
    let mut device = Device { names: vec![name], ..Device::default() }.build()?;
    add_fact(&mut device.facts, "IP addresses", &texts_at(value, "ips").join(", "));
    add_fact(&mut device.facts, "Agent ID", &text_at(value, &["guid"]));
    Some(device)
}

/// An account, whose backslash is sometimes doubled.
fn account(name: &str) -> Option<IncomingEvidence> {
    if name.starts_with(['[', '{']) {
        return windows::account(name, "", "");
    }
    windows::account(&name.replace("\\\\", "\\"), "", "")
}

fn add_indicator(draft: &mut Draft, indicator: &Value) {
    let text = long_name_at(indicator, &["value"]);
    let kind = text_at(indicator, &["type"]);
    let evidence = match kind.as_str() {
        "ip" => return draft.add_ip(&text, &[]),
        "url" | "domain" => evidence_kinds::url(&text),
        "file_sha256" | "file_sha1" | "file_md5" => {
            File::of_hash(kind.trim_start_matches("file_"), &text.to_lowercase()).build()
        }
        "fullpath" => File { path: text, ..File::default() }.build(),
        "filename" => File { name: text, ..File::default() }.build(),
        "command_line" => evidence_kinds::process(&text, &File::default(), ""),
        "registry_key" => evidence_kinds::registry("", &text, ""),
        "user_account" => account(&text),
        "email_sender" => evidence_kinds::mailbox(&[text], ""),
        "email_message_id" => evidence_kinds::message("", "", &[text]),
        "host" => value_at(indicator, "value").filter(|value| value.is_object()).and_then(host),
        _ => {
            draft.add_fact(&text_at(indicator, &["field", "type"]), &text);
            None
        }
    };
    draft.add_evidence(evidence, &[]);
}

const FACTS: &[FactField] = &[
    ("Score", &["score"]),
    ("Provider", &["alertProvider"]),
    ("Provider's incident", &["incidentId", "caseId"]),
    ("Campaign", &["campaign"]),
    ("Matched pattern", &["matchedIndicatorPatterns.pattern"]),
    ("Desktops", &["impactScope.desktopCount"]),
    ("Servers", &["impactScope.serverCount"]),
    ("Alert link", &["workbenchLink"]),
];
