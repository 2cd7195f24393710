//! Splunk: the webhook of saved searches, and notables of Enterprise Security.

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::draft::Draft;
use crate::formats::building::event_fields;
use crate::formats::building::facts::FactField;
use crate::formats::building::names_in_text::all_names;
use crate::formats::building::path::{has_any, long_text_at, name_at, text_at, texts_at, time_at, value_at};
use crate::formats::building::principals::Device;
use crate::formats::building::record_id::{id_at, record_hash};
use crate::formats::building::terms;
use crate::formats::building::windows;
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "splunk",
    label: "Splunk alerts and notables",
    detect: |value| {
        let webhook =
            has_any(value, &["sid"]) && has_any(value, &["search_name"]) && has_any(value, &["result", "results_link"]);
        webhook || is_notable(result_of(value))
    },
    parse: parse_record,
    documentation: "https://help.splunk.com/en/splunk-enterprise/alert-and-respond/alerting-manual",
    fields: Fields {
        title: "rule_title, search_name, rule_name",
        id: "event_id; sid with the result",
        severity: "urgency, severity",
        times: "firstTime, lastTime, _time; the time in sid",
        device: "dest, dest_host, dest_nt_host and others; risk_object of type system; host where no end of a \
                 connection is named",
        user: "user, src_user and others; risk_object of type user",
        address: "src, src_ip, dest, dest_ip",
        file: "file_path, file_name",
        hash: "file_hash, process_hash and others",
        process: "process, process_path, process_name",
        url: "url, domain, query",
        technique: "annotations.mitre_attack, annotations.mitre_attack.mitre_technique_id",
        category: "annotations.mitre_attack.mitre_tactic",
        status: "status_label, status of a notable",
    },
};

/// The row of the search; a notable by itself is one.
fn result_of(value: &Value) -> &Value {
    value_at(value, "result").filter(|result| result.is_object()).unwrap_or(value)
}

fn is_notable(result: &Value) -> bool {
    has_any(result, &["event_id"])
        && has_any(result, &["urgency", "security_domain"])
        && has_any(result, &["rule_title", "rule_name", "search_name"])
}

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let result = result_of(value);
    let mut draft = Draft::new("splunk", "Splunk");
    set_title_and_id(&mut draft, value, result);
    draft.alert.description = long_text_at(result, &["rule_description", "savedsearch_description", "description"]);
    draft.set_severity_from_words(result, &["urgency", "severity"]);
    set_category_and_techniques(&mut draft, result);
    set_times(&mut draft, value, result);
    if is_notable(result) {
        set_status(&mut draft, result);
    }
    draft.add_facts(value, FACTS);
    event_fields::add_facts(&mut draft, &without_internal(result));
    add_evidence(&mut draft, result);
    draft.into_incoming(value)
}

/// A search that runs an action for each row has the same `sid` for all of them.
fn set_title_and_id(draft: &mut Draft, value: &Value, result: &Value) {
    let title = text_at(result, &["rule_title"]);
    if !title.is_empty() && !title.contains('$') {
        draft.set_title(result, &["rule_title"]);
    } else if is_notable(result) {
        // The title has tokens that the search did not fill in.
        draft.set_title(result, &["rule_name", "search_name"]);
    } else {
        draft.set_title(value, &["search_name"]);
    }
    draft.set_id(result, &["event_id"]);
    let sid = id_at(value, &["sid"]);
    if id_at(result, &["event_id"]).is_empty() && !sid.is_empty() {
        let row: String = record_hash(result).chars().take(12).collect();
        draft.alert.provider_alert_id = if has_any(value, &["result"]) { format!("{sid}:{row}") } else { sid };
    }
}

fn set_category_and_techniques(draft: &mut Draft, result: &Value) {
    let paths = [
        "annotations.mitre_attack",
        "annotations.mitre_attack.mitre_technique_id",
        "annotations.mitre_attack.mitre_technique",
        "annotations._all",
        "annotations",
        "mitre_technique_id",
        "mitre_attack",
    ];
    draft.add_techniques(&paths.map(|path| texts_at(result, path)).concat());
    let tactics = ["annotations.mitre_attack.mitre_tactic", "annotations.mitre_attack.mitre_tactic_id", "mitre_tactic"];
    draft.set_tactics(&tactics.map(|path| texts_at(result, path)).concat());
    event_fields::set_weakness_category(draft, result);
    draft.set_category_if_empty("SuspiciousActivity");
}

/// The webhook itself has no time, but the ids of scheduled searches have: "scheduler__admin__search__x_at_1740823200_1".
fn set_times(draft: &mut Draft, value: &Value, result: &Value) {
    let event = time_at(result, &["_time", "orig_time"]);
    let sid = text_at(value, &["sid"]);
    let seconds = sid.rsplit_once("_at_").and_then(|(_, rest)| rest.split('_').next()).unwrap_or_default();
    let run = seconds.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000_000));
    let first = time_at(result, &["firstTime", "first_time"]).or(event).or(run);
    let last = time_at(result, &["lastTime", "last_time"]).or(event).or(run);
    draft.set_times(first, last, event.or(run));
}

/// Enterprise Security counts from 0, unassigned, and 1, new, to 5, closed.
fn set_status(draft: &mut Draft, result: &Value) {
    let status = text_at(result, &["status_label", "status"]);
    let known = match status.as_str() {
        "2" | "3" | "Pending" => "inProgress",
        "4" | "5" => "resolved",
        other => terms::alert_status(other),
    };
    known.clone_into(&mut draft.alert.status);
    let owner = text_at(result, &["owner"]);
    if owner != "unassigned" {
        draft.alert.assigned_to = owner;
    }
}

/// The fields without Splunk's own, which begin with "_" or "date_".
fn without_internal(result: &Value) -> Value {
    let members = result.as_object().into_iter().flatten();
    let kept =
        members.filter(|(name, _)| !["_", "date_", "info_", "tag::"].iter().any(|start| name.starts_with(start)));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// `host` is what logged the event, which may be a collector: it is the device only where the event names no
/// end of a connection.
fn add_evidence(draft: &mut Draft, result: &Value) {
    let connected = has_any(result, &["src", "src_ip", "dest", "dest_ip"]);
    event_fields::add_evidence(draft, result, if connected { &[] } else { &["host", "dvc"] });
    let object = name_at(result, &["risk_object"]);
    match text_at(result, &["risk_object_type"]).as_str() {
        "user" => draft.add_evidence(windows::account(&object, "", ""), &[]),
        "system" => {
            for name in all_names(EvidenceKind::Device, &object).iter().filter_map(|name| event_fields::host_name(name))
            {
                draft.add_evidence(Device { names: vec![name], ..Device::default() }.build(), &[]);
            }
            draft.add_ip(&object, &[]);
        }
        _ => {}
    }
}

const FACTS: &[FactField] =
    &[("Search", &["search_name"]), ("Search ID", &["sid"]), ("App", &["app"]), ("Results", &["results_link"])];
