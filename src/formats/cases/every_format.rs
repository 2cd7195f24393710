//! A small record of every format with its expected alert. `auto` must detect the format.
use serde_json::{Value, json};

use crate::formats::adapters::ocsf;
use crate::formats::cases::sample_case::Case;
use crate::formats::cases::samples::{cases, incidents};
use crate::formats::cases::summary::summary;
use crate::formats::envelope::records_of;
use crate::formats::format::Format;
use crate::formats::record::read_record;
use crate::formats::registry::{self, ADAPTERS};
use crate::model::incoming::{Incoming, IncomingAlert};

pub(super) fn read(format: &Format, sample: &Value) -> IncomingAlert {
    match read_record(format, sample).unwrap_or_else(|why| panic!("{}: {sample}", why.sentence())) {
        Incoming::Alert(alert, _) => *alert,
        Incoming::Incident(..) => panic!("an incident: {sample}"),
    }
}

/// The first sample of a format.
pub(super) fn sample_of(format: &str) -> Value {
    cases().into_iter().find(|case| case.format == format).map(|case| case.sample).unwrap()
}

#[test]
fn every_format_is_found_and_read() {
    let mut wrong = Vec::new();
    for Case { format, sample, expected } in cases() {
        let inner = sample.get("_source").unwrap_or(&sample);
        assert_eq!(registry::detect(inner).map(|adapter| adapter.name), Some(format), "{sample}");
        let alert = read(&Format::Auto, &sample);
        let found = summary(&alert);
        if found != expected {
            wrong.push(format!("{sample}\n  reads {found:?}\n  wants {expected:?}"));
        }
        assert_eq!(alert, read(&Format::parse(format).unwrap(), &sample));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_adapter_has_a_case() {
    let formats: Vec<&str> = cases().iter().map(|case| case.format).collect();
    for adapter in ADAPTERS {
        let incident = incidents().into_iter().find(|(format, _)| *format == adapter.name);
        assert!(incident.is_some() || formats.contains(&adapter.name), "{} has no case", adapter.name);
        if let Some((format, sample)) = incident {
            assert_eq!(registry::detect(&sample).map(|adapter| adapter.name), Some(format), "{sample}");
        }
    }
}

#[test]
fn a_product_has_the_same_source_by_its_own_format_and_by_ocsf() {
    for Case { sample, .. } in cases() {
        let alert = read(&Format::Auto, &sample);
        if !alert.product.is_empty() && !alert.source.starts_with("microsoft") {
            assert_eq!(ocsf::source_of_product(&alert.product), alert.source, "{}", alert.product);
        }
    }
}

#[test]
fn only_one_adapter_detects_a_record() {
    // Graph's adapters look for a title alone, which is why they come last.
    for Case { format, sample, .. } in cases() {
        let sample = sample.get("_source").unwrap_or(&sample);
        let claims = ADAPTERS.iter().filter(|adapter| !adapter.name.starts_with("graph") && (adapter.detect)(sample));
        let claims: Vec<_> = claims.map(|adapter| adapter.name).filter(|name| *name != format).collect();
        assert!(claims.is_empty(), "{format} is also {claims:?}");
    }
}

/// Every member in turn is missing, null, a list, an object, a number or a text of nothing.
#[test]
fn nothing_that_a_member_may_be_breaks_an_adapter() {
    let odd = [
        Value::Null,
        json!([]),
        json!([null]),
        json!({}),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{200b}"),
        json!([{"a": [{}]}]),
        json!(true),
    ];
    for Case { format, sample, .. } in cases() {
        let format = Format::parse(format).unwrap();
        for path in paths(&sample) {
            for value in &odd {
                let mut broken = sample.clone();
                *broken.pointer_mut(&path).unwrap() = value.clone();
                for format in [&format, &Format::Auto] {
                    if let Err(why) = read_record(format, &broken) {
                        assert!(why.sentence().len() > 10, "{path}: {}", why.sentence());
                    }
                }
                let _ = records_of(&broken);
            }
        }
    }
}

fn paths(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(key, child)| (key.replace('~', "~0").replace('/', "~1"), child)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect(),
        _ => Vec::new(),
    };
    let below = children.into_iter().flat_map(|(key, child)| {
        std::iter::once(format!("/{key}"))
            .chain(paths(child).into_iter().map(move |path| format!("/{key}{path}")))
            .collect::<Vec<_>>()
    });
    below.collect()
}

#[test]
fn equal_records_are_one_alert_and_labels_do_not_count() {
    let sample = sample_of("aitAds");
    let mut relabelled = sample.clone();
    relabelled["gt_attack"] = Value::Null;
    let mut other = sample.clone();
    other["count"] = json!(5);
    let id = |value: &Value| read(&Format::Auto, value).provider_alert_id;
    assert_eq!(id(&sample), id(&relabelled));
    assert_ne!(id(&sample), id(&other));
}

#[test]
fn a_missing_time_is_now_and_becomes_a_fact() {
    let mut sample = sample_of("suricata");
    sample["timestamp"] = Value::Null;
    let alert = crate::clock::at(42_000_000, || read(&Format::Auto, &sample));
    assert_eq!(alert.first_activity, 42_000_000);
    assert!(alert.facts.iter().any(|(label, _)| label == "Time in the source"), "{:?}", alert.facts);
}

#[test]
fn incidents_name_their_alerts_or_bring_them() {
    let sentinel = json!({"IncidentName": "n1", "IncidentNumber": 7, "Title": "Odd things\u{200b}", "Status": "Closed", "Severity": "High", "Classification": "BenignPositive",
        "ClassificationReason": "SuspiciousButExpected", "ClassificationComment": "A test", "TenantId": "w", "ProviderName": "Microsoft XDR", "ProviderIncidentId": "356",
        "Owner": "{\"assignedTo\": \"ana@contoso.test\"}", "AlertIds": "[\"a\", \"b\"]", "Labels": [{"labelName": "Demo"}], "CreatedTime": "2025-03-01T10:00:00Z",
        "Comments": [{"message": "Seen", "author": {"name": "ana"}, "createdTimeUtc": "2025-03-01T11:00:00Z"}],
        "AdditionalData": {"providerIncidentUrl": "https://security.example/incidents/356?tid=t1"}});
    let Ok(Incoming::Incident(incident, alerts, _)) = read_record(&Format::Auto, &sentinel) else {
        panic!("not an incident")
    };
    assert!(alerts.is_empty());
    assert_eq!((incident.provider_key.as_str(), incident.name.as_str()), ("graph:t1:356", "Odd things"));
    assert_eq!(
        (incident.status.as_str(), incident.classification.as_str()),
        ("resolved", "informationalExpectedActivity")
    );
    assert_eq!((incident.determination.as_str(), incident.resolving_note.as_str()), ("confirmedActivity", "A test"));
    assert_eq!((incident.assigned_to.as_str(), incident.alert_ids.join(" ").as_str()), ("ana@contoso.test", "a b"));
    assert_eq!((incident.tags.join(" ").as_str(), incident.comments.len()), ("Demo", 1));

    let xdr = json!({"incidentId": 356, "incidentName": "Odd things", "incidentUri": "https://security.example/incidents/356?tid=t1", "status": "Redirected",
        "alerts": [{"alertId": "x", "title": "Odd", "creationTime": "2025-03-01T10:00:00Z"}, {"alertId": "y"}]});
    let Ok(Incoming::Incident(incident, alerts, refused)) = read_record(&Format::Auto, &xdr) else {
        panic!("not an incident")
    };
    assert_eq!((incident.provider_key.as_str(), incident.status.as_str()), ("graph:t1:356", "redirected"));
    assert_eq!((alerts.len(), refused.len()), (1, 1));
    assert!(refused[0].starts_with("Alert 2 of the incident: title is missing"), "{refused:?}");
}

#[test]
fn what_is_no_alert_is_skipped_and_what_lacks_a_title_is_refused() {
    let why = |value: Value| format!("{:?}", read_record(&Format::Auto, &value).unwrap_err());
    assert!(why(json!({"event_type": "flow", "flow_id": 1})).starts_with("Skipped"));
    assert!(why(json!({"class_uid": 3002, "category_uid": 3})).starts_with("Skipped"));
    assert!(why(json!({"category": "AdvancedHunting-DeviceEvents", "properties": {}})).starts_with("Skipped"));
    assert!(why(json!({"findings": []})).starts_with("Skipped"));
    assert!(
        why(json!({"rule": {"level": 3, "description": " "}, "agent": {}}))
            .contains("title is missing: none of rule.description is given")
    );
}
