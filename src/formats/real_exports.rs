//! Tests with real exports, when they are in a folder beside the project: every record is read, or skipped or refused for
//! a reason.
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::formats::format::Format;
use crate::formats::not_taken::NotTaken;
use crate::formats::readers::body_reader::read_body;
use crate::formats::record::read_record;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{Incoming, IncomingAlert};

/// What each file holds: records taken, skipped and refused, and different alerts and incidents
/// among what was taken.
const FIGURES: &[(&str, [usize; 5])] = &[
    ("ait-ads/fox.jsonl.gz", [2981, 0, 0, 2981, 0]),
    ("ait-ads/russellmitchell.jsonl.gz", [2335, 0, 0, 2335, 0]),
    ("ait-ads/shaw.jsonl.gz", [3035, 0, 0, 3035, 0]),
    ("ait-ads/wilson.jsonl.gz", [4859, 0, 0, 4859, 0]),
    ("defender/graph-incident-with-alert.ndjson", [9, 1, 0, 7, 7]),
    ("defender/m365-api-incident-alert.ndjson", [11, 0, 0, 7, 4]),
    ("defender/mde-alerts.ndjson", [4, 1, 0, 3, 0]),
    ("defender/msdocs-api-incidents.ndjson", [3, 0, 0, 3, 3]),
    ("defender/msdocs-mde-alerts.ndjson", [2, 0, 0, 2, 0]),
    ("defender/rapid7-m365-incident.ndjson", [1, 0, 0, 1, 1]),
    ("defender/rapid7-m365-incidents.ndjson", [1, 0, 0, 1, 1]),
    ("defender/rapid7-mde-alert.ndjson", [1, 0, 0, 1, 0]),
    ("defender/stix-shifter-alerts_v2.ndjson", [2, 0, 0, 1, 0]),
    ("defender/streaming-alertinfo-alertevidence.ndjson", [3, 0, 0, 2, 0]),
    ("edr/cortex-xdr.ndjson", [6, 1, 0, 5, 0]),
    ("edr/elastic-defend.ndjson", [2, 0, 0, 2, 0]),
    ("edr/sentinel-one.ndjson", [1, 0, 0, 1, 0]),
    ("falco/falco-events.ndjson", [20, 0, 0, 20, 0]),
    ("guardduty/guardduty.ndjson", [4, 1, 0, 4, 0]),
    ("guide/guide_10k_evidence_rows.csv", [10000, 0, 0, 9312, 0]),
    ("ocsf/ocsf-findings.ndjson", [8, 0, 0, 5, 0]),
    ("sentinel/alerts.jsonl", [33, 0, 0, 33, 0]),
    ("sentinel/incidents.jsonl", [4, 0, 0, 0, 4]),
    ("sigma/sigmahq-regression-rule+event.ndjson", [238, 0, 0, 238, 0]),
    ("suricata/eve-alerts.ndjson", [21, 1, 0, 21, 0]),
    ("suricata/frankhassanabad-wrccdc-2018-one-per-signature.ndjson", [207, 0, 0, 207, 0]),
    ("suricata/slips-test6-malicious.eve.ndjson", [745, 4255, 0, 745, 0]),
    ("wazuh/docker__findings.ndjson", [15, 0, 0, 15, 0]),
    ("wazuh/malware-detection__findings.ndjson", [8, 0, 0, 8, 0]),
    ("wazuh/ossec_insect.jsonl", [497, 0, 0, 497, 0]),
    ("wazuh/threat-hunting__findings_windows.ndjson", [11, 0, 0, 11, 0]),
];

type Records = Vec<Result<Incoming, NotTaken>>;

/// Where real records are; `None` where they are not at hand.
pub(in crate::formats) fn folder() -> Option<PathBuf> {
    let shared = std::env::var("WATCHDESK_SHARED")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    Some(shared.join("data")).filter(|folder| folder.is_dir())
}

fn read_file(path: &Path) -> Records {
    let bytes = std::fs::read(path).unwrap();
    let name = path.to_string_lossy();
    if name.ends_with(".csv") {
        let mut rows = csv::Reader::from_reader(bytes.as_slice());
        let rows: Vec<BTreeMap<String, String>> = rows.deserialize().map(Result::unwrap).collect();
        let read = |row| read_record(&Format::Auto, &serde_json::to_value(row).unwrap());
        return rows.into_iter().map(read).collect();
    }
    let mut text = Vec::new();
    if name.ends_with(".gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut text).unwrap();
    } else {
        text = bytes;
    }
    read_body(&Format::Auto, &text).into_iter().map(|item| item.record).collect()
}

fn alerts(records: &Records) -> Vec<&IncomingAlert> {
    records.iter().flatten().flat_map(Incoming::alerts).collect()
}

fn figures(records: &Records) -> [usize; 5] {
    let count =
        |wanted: fn(&Result<Incoming, NotTaken>) -> bool| records.iter().filter(|record| wanted(record)).count();
    let ids: BTreeSet<_> = alerts(records).iter().map(|alert| (&alert.source, &alert.provider_alert_id)).collect();
    let incidents: BTreeSet<_> = records
        .iter()
        .filter_map(|record| match record {
            Ok(Incoming::Incident(incident, _, _)) => Some(&incident.provider_key),
            _ => None,
        })
        .collect();
    [
        count(Result::is_ok),
        count(|record| matches!(record, Err(NotTaken::Skipped(_)))),
        count(|record| matches!(record, Err(NotTaken::Refused(_)))),
        ids.len(),
        incidents.len(),
    ]
}

fn files() -> Vec<(String, Records)> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut found = Vec::new();
    for inner in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for path in std::fs::read_dir(inner).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            let is_data = [".ndjson", ".jsonl", ".jsonl.gz", "rows.csv"].iter().any(|ending| name.ends_with(ending));
            // Inputs that once failed are no exports.
            if is_data && !name.starts_with("cases/") {
                found.push((name, read_file(&path)));
            }
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

#[test]
fn every_record_of_real_exports_is_taken_skipped_or_refused_for_a_reason() {
    for (name, records) in files() {
        assert!(alerts(&records).iter().all(|alert| !alert.provider_alert_id.is_empty()), "{name}");
        let expected = FIGURES.iter().find(|(file, _)| *file == name).map(|(_, figures)| *figures);
        assert_eq!(Some(figures(&records)), expected, "{name}: taken, skipped, refused, alerts, incidents");
    }
}

#[test]
#[ignore = "prints what was read, for looking at it"]
fn print() {
    for (name, records) in files() {
        println!("(\"{name}\", {:?}),", figures(&records));
    }
    let wanted = std::env::var("SHOW").unwrap_or_default();
    for (name, records) in files().into_iter().filter(|(name, _)| !wanted.is_empty() && name.contains(&wanted)) {
        println!("=== {name}");
        let mut reasons = BTreeMap::<String, usize>::new();
        for record in &records {
            if let Err(why) = record {
                *reasons.entry(why.sentence().to_owned()).or_default() += 1;
            }
            if let Ok(Incoming::Incident(incident, alerts, _)) = record {
                println!(
                    "INCIDENT {} {} {} alerts={} ids={}",
                    incident.provider_key,
                    incident.name,
                    incident.status,
                    alerts.len(),
                    incident.alert_ids.len()
                );
            }
        }
        println!("{reasons:#?}");
        let mut lines = BTreeMap::<String, usize>::new();
        for alert in alerts(&records) {
            let of = |kind: EvidenceKind| -> Vec<&str> {
                alert.evidence.iter().filter(|item| item.kind == kind).map(|item| item.name.as_str()).collect()
            };
            let others: Vec<String> = alert
                .evidence
                .iter()
                .filter(|item| !matches!(item.kind, EvidenceKind::Device | EvidenceKind::User | EvidenceKind::Ip))
                .map(|item| format!("{:?}:{}", item.kind, item.name.chars().take(40).collect::<String>()))
                .collect();
            let line = format!(
                "{:?} | {} | {} | {}/{} | {} | dev {:?} | user {:?} | ip {:?} | {others:?}",
                alert.severity,
                alert.title,
                alert.category,
                alert.source,
                alert.detection_source,
                alert.techniques.join(","),
                of(EvidenceKind::Device),
                of(EvidenceKind::User),
                of(EvidenceKind::Ip),
            );
            *lines.entry(line).or_default() += 1;
        }
        let mut lines: Vec<_> = lines.into_iter().collect();
        lines.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (line, count) in lines.iter().take(120) {
            println!("{count} x {line}");
        }
    }
}
