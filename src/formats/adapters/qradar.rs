//! IBM QRadar offenses, as its API gives them (`/api/siem/offenses`).

use serde_json::Value;

use crate::formats::adapter::{Adapter, Fields};
use crate::formats::building::address::parse_address;
use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds;
use crate::formats::building::facts::FactField;
use crate::formats::building::names_in_text::all_names;
use crate::formats::building::network::is_internal;
use crate::formats::building::path::{
    has_any, long_text_at, name_at, number_at, objects_at, text_at, texts_at, time_at,
};
use crate::formats::building::principals::Device;
use crate::formats::building::{severity_scales, windows};
use crate::formats::not_taken::NotTaken;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "qradar",
    label: "IBM QRadar offenses",
    detect: |value| {
        has_any(value, &["offense_type", "offense_source"])
            && has_any(
                value,
                &["magnitude", "credibility", "relevance", "last_persisted_time", "event_count", "start_time"],
            )
    },
    parse: parse_record,
    documentation: "IBM QRadar API reference, GET /siem/offenses",
    fields: Fields {
        title: "description, offense_source",
        id: "id",
        severity: "magnitude, severity",
        times: "start_time, last_updated_time",
        device: "offense_source of offense_type 7 (host name), 0, 1, 10 and 11 (addresses, where internal)",
        user: "offense_source of offense_type 3 (user name)",
        address: "offense_source of offense_type 0, 1, 10 and 11; source_address_ids and \
                  local_destination_address_ids where they are addresses",
        file: "",
        hash: "",
        process: "",
        url: "",
        technique: "",
        category: "categories",
        status: "status",
    },
};

fn parse_record(value: &Value) -> Result<Incoming, NotTaken> {
    let mut draft = Draft::new("qradar", "IBM QRadar");
    draft.set_title(value, &["description", "offense_source"]);
    // Descriptions have a line for each rule.
    draft.alert.title = draft.alert.title.split_whitespace().collect::<Vec<_>>().join(" ");
    draft.set_id(value, &["id"]);
    draft.alert.description = long_text_at(value, &["description"]);
    draft.set_severity_at(value, &[], &["magnitude", "severity"], severity_scales::ZERO_TO_TEN);
    let categories = texts_at(value, "categories");
    draft.read_category(category_of(&categories.join(" ").to_lowercase()));
    draft.set_category_if_empty("SuspiciousActivity");
    let started = time_at(value, &["start_time"]);
    let last = time_at(value, &["last_updated_time"]);
    draft.set_times(started, last, started);
    let persisted = time_at(value, &["last_persisted_time"]);
    draft.alert.provider_updated_at = last.max(persisted).max(time_at(value, &["close_time"]));
    draft.alert.occurrences = number_at(value, &["event_count"]).unwrap_or_default();
    // A hidden offense still collects events.
    if text_at(value, &["status"]) == "CLOSED" {
        "resolved".clone_into(&mut draft.alert.status);
    }
    draft.alert.assigned_to = text_at(value, &["assigned_to"]);
    draft.add_facts(value, FACTS);
    draft.add_fact("Categories", &categories.join(", "));
    draft.add_list_fact(value, "Destination networks", "destination_networks");
    for (label, path) in [("Log source", "log_sources"), ("Rule", "rules")] {
        for item in objects_at(value, path) {
            draft.add_fact(label, &text_at(item, &["name", "id"]));
        }
    }
    add_evidence(&mut draft, value);
    draft.into_incoming(value)
}

/// The category by QRadar's low-level categories. Failed logins and sweeps happen on any day.
fn category_of(categories: &str) -> CategoryReading {
    let known: [(&[&str], CategoryReading); 8] = [
        (&["malware", "virus", "trojan", "worm", "spyware", "ransom"], Clear("Malware")),
        (&["botnet", "command and control", "backdoor"], Clear("CommandAndControl")),
        (&["brute"], Clear("CredentialAccess")),
        (&["login fail", "authentication fail", "password"], Hint("CredentialAccess")),
        (&["recon", "scan", "sweep", "enumeration"], Hint("Reconnaissance")),
        (&["exfiltrat", "data loss"], Clear("Exfiltration")),
        (&["privilege"], Clear("PrivilegeEscalation")),
        (&["dos", "denial of service"], Clear("Impact")),
    ];
    let found = known.into_iter().find(|(words, _)| words.iter().any(|word| categories.contains(word)));
    found.map_or(Clear("SuspiciousActivity"), |(_, category)| category)
}

/// What the offense is about is in `offense_source`; `offense_type` says what that is.
fn add_evidence(draft: &mut Draft, value: &Value) {
    let source = name_at(value, &["offense_source"]);
    let role = match text_at(value, &["offense_type"]).to_lowercase().as_str() {
        "0" | "10" | "source ip" | "source ipv6" => "source",
        "1" | "11" | "destination ip" | "destination ipv6" => "attacked",
        "3" | "username" => {
            draft.add_evidence(windows::account(&source, "", ""), &[]);
            ""
        }
        "7" | "hostname" => {
            draft.add_evidence(Device { names: vec![source.clone()], ..Device::default() }.build(), &[]);
            ""
        }
        "4" | "5" | "source mac address" | "destination mac address" => {
            draft.add_evidence(evidence_kinds::other("MAC address", &source, ""), &[]);
            ""
        }
        _ => "",
    };
    let addresses = if role.is_empty() { Vec::new() } else { all_names(EvidenceKind::Ip, &source) };
    for (address, source) in addresses.iter().filter_map(|text| Some((parse_address(text)?, text))) {
        draft.add_ip(source, &[if role == "attacked" { "destination" } else { role }]);
        let names = vec![address.to_string()];
        let device = Device { names, ..Device::default() }.build();
        draft.add_evidence(device.filter(|_| is_internal(address)), &[role]);
    }
    // The API gives numbers; enriched offenses give the addresses in their place.
    draft.add_ips_at(value, "source_address_ids", &["source"]);
    draft.add_ips_at(value, "local_destination_address_ids", &["destination"]);
}

const FACTS: &[FactField] = &[
    ("Offense source", &["offense_source"]),
    ("Offense type", &["offense_type"]),
    ("Magnitude", &["magnitude"]),
    ("Relevance", &["relevance"]),
    ("Credibility", &["credibility"]),
    ("Events", &["event_count"]),
    ("Flows", &["flow_count"]),
    ("Source network", &["source_network"]),
    ("Status in the source", &["status"]),
    ("Closing reason", &["closing_reason", "closing_reason_id"]),
    ("Closed by", &["closing_user"]),
    ("Domain", &["domain_name", "domain_id"]),
];
