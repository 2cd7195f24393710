//! Severities as words in the place of numbers, as numbers, missing and not understood (R18), in every format.

use serde_json::{Value, json};

use crate::formats::cases::every_format::{read, sample_of};
use crate::formats::cases::sample_case::Case;
use crate::formats::cases::samples::{cases, incidents};
use crate::formats::format::Format;
use crate::formats::registry;
use crate::model::incoming::IncomingAlert;
use crate::model::severity::Severity;

/// A sample of a format with other values in some places; the objects around them are made.
fn changed(format: &str, changes: &[(&str, Value)]) -> IncomingAlert {
    let first = changes.first().and_then(|(path, _)| path.split('/').next()).unwrap();
    let has_it = |case: &Case| case.format == format && case.sample.get(first).is_some();
    let mut sample = cases().into_iter().find(has_it).map_or_else(|| sample_of(format), |case| case.sample);
    for (path, value) in changes {
        let mut place = &mut sample;
        for key in path.split('/') {
            place = &mut place[key];
        }
        *place = value.clone();
    }
    read(&Format::parse(format).unwrap(), &sample)
}

fn shown(alert: &IncomingAlert) -> &str {
    alert.facts.iter().find(|(label, _)| label == "Severity in the source").map_or("", |(_, value)| value)
}

#[test]
fn a_word_in_the_place_of_a_number_counts() {
    for (format, path, word) in [
        ("guardDuty", "severity", "HIGH"),
        ("suricata", "alert/severity", "high"),
        ("carbonBlackCloud", "severity", "HIGH"),
        ("wazuh", "rule/level", "high"),
        ("awsSecurityHub", "Severity", "HIGH"),
        ("leef", "LEEF/attributes/sev", "High"),
        ("cef", "CEF/severity", "Very-High"),
        ("qradar", "magnitude", "high"),
        ("graylog", "event/priority", "High"),
        ("sophosXdr", "severity", "high"),
        ("darktrace", "score", "High"),
        ("darktraceIncidents", "aiaScore", "high"),
        ("ocsf", "severity_id", "High"),
    ] {
        assert_eq!(changed(format, &[(path, json!(word))]).severity, Some(Severity::High), "{format}");
    }
}

#[test]
fn a_severity_is_shown_exactly_as_it_was_sent() {
    for (format, path, given, severity) in [
        ("guardDuty", "severity", json!(8.9), Severity::High),
        ("cef", "CEF/severity", json!("5.5"), Severity::Medium),
        ("darktrace", "score", json!(0.9), Severity::High),
        ("azureMonitor", "data/essentials/severity", json!("Sev1"), Severity::High),
        ("sophosCentral", "severity", json!("none"), Severity::Informational),
        ("leef", "LEEF/attributes/sev", json!("0"), Severity::Informational),
        ("suricata", "alert/severity", json!(3), Severity::Low),
        ("falco", "priority", json!(2), Severity::High),
        ("falco", "priority", json!("Notice"), Severity::Low),
        ("cortexXdr", "severity", json!("SEV_040_HIGH"), Severity::High),
    ] {
        let alert = changed(format, &[(path, given.clone())]);
        let sent = given.as_str().map_or_else(|| given.to_string(), str::to_owned);
        assert_eq!((alert.severity, shown(&alert)), (Some(severity), sent.as_str()), "{format} {given}");
    }
}

#[test]
fn the_number_counts_where_the_word_means_nothing() {
    for (format, word, number) in [
        ("crowdStrikeFalcon", ("severity_name", json!("Unknown")), ("severity", json!(90))),
        ("bitdefenderGravityZone", ("severity", json!("unknown")), ("severity_score", json!(90))),
        ("limaCharlie", ("detect_mtd", json!({"level": "unknown"})), ("priority", json!(9))),
        ("ocsf", ("severity", json!("Unknown")), ("severity_id", json!(5))),
        ("elastic", ("kibana.alert.severity", json!("unknown")), ("kibana.alert.risk_score", json!(90))),
    ] {
        let alert = changed(format, &[word, number.clone()]);
        assert_eq!((alert.severity, shown(&alert)), (Some(Severity::High), number.1.to_string().as_str()), "{format}");
    }
    let unknown = json!({"Label": "UNKNOWN", "Normalized": 90});
    let alert = changed("awsSecurityHub", &[("Severity", unknown), ("FindingProviderFields", Value::Null)]);
    assert_eq!((alert.severity, shown(&alert)), (Some(Severity::High), "90"));
}

/// Members that have a severity, by their names.
fn is_severity(name: &str) -> bool {
    let name = name.to_lowercase();
    ["severity", "priority", "level", "score", "magnitude", "urgency"].iter().any(|part| name.contains(part))
}

fn change_members(value: &mut Value, is_one: &impl Fn(&str, &Value) -> bool, to: Option<&Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| change_members(item, is_one, to)),
        Value::Object(members) => {
            match to {
                None => members.retain(|name, found| !is_one(name, found)),
                Some(to) => {
                    let found = members.iter_mut().filter(|(name, found)| is_one(name, found));
                    found.for_each(|(_, found)| *found = to.clone());
                }
            }
            members.values_mut().for_each(|found| change_members(found, is_one, to));
        }
        _ => {}
    }
}

/// The sample, where another adapter or none detects it.
fn not_detected(format: &str, sample: &Value) -> Option<String> {
    let inner = sample.get("_source").unwrap_or(sample);
    let found = registry::detect(inner).map(|adapter| adapter.name);
    (found != Some(format)).then(|| format!("{format} is {found:?}: {sample}"))
}

#[test]
fn a_record_without_severity_is_detected_and_read() {
    let mut wrong = Vec::new();
    for Case { format, sample, .. } in cases() {
        for to in [None, Some(&Value::Null)] {
            let mut sample = sample.clone();
            change_members(&mut sample, &|name, _| is_severity(name), to);
            wrong.extend(not_detected(format, &sample));
            read(&Format::parse(format).unwrap(), &sample);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_record_without_times_is_detected() {
    let is_time = |_: &str, found: &Value| match found {
        Value::String(text) => text.len() > 15 && crate::formats::building::time::parse(text).is_some(),
        Value::Number(number) => number.as_f64().is_some_and(|number| (1e9..2e18).contains(&number)),
        _ => false,
    };
    // The times are among the few members by which these are told from others.
    let needed = ["aitAds", "esetProtect", "graphIncident"];
    let samples = cases().into_iter().map(|case| (case.format, case.sample)).chain(incidents());
    let mut wrong = Vec::new();
    for (format, mut sample) in samples.filter(|(format, _)| !needed.contains(format)) {
        change_members(&mut sample, &is_time, None);
        wrong.extend(not_detected(format, &sample));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
