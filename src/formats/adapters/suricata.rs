//! Suricata's EVE records: alerts are taken, all else that the sensor logs is skipped.

use serde_json::Value;

use crate::formats::adapter::Adapter;
use crate::formats::building::draft::Draft;
use crate::formats::building::evidence_kinds::{self, File};
use crate::formats::building::facts::{Row, add_fact};
use crate::formats::building::network::{Ends, web_address};
use crate::formats::building::path::{at, has, number, objects_at, say, when, words};
use crate::formats::building::principals::Device;
use crate::formats::building::terms::folded;
use crate::formats::not_taken::NotTaken;
use crate::model::incoming::Incoming;

pub(crate) const ADAPTER: Adapter = Adapter {
    name: "suricata",
    label: "Suricata EVE",
    detect: |value| {
        let typed = value.get("event_type").is_some_and(Value::is_string);
        typed && has(value, &["flow_id", "src_ip", "stats", "alert.signature_id", "timestamp"])
    },
    read,
};

fn read(value: &Value) -> Result<Incoming, NotTaken> {
    let kind = say(value, &["event_type"]);
    if kind != "alert" && at(value, "alert").is_none() {
        return Err(NotTaken::Skipped(format!("This is a sensor's {kind} record, not an alert.")));
    }
    let mut draft = Draft::new("suricata", "Suricata");
    draft.title(value, &["alert.signature"]);
    identify(&mut draft, value);
    let level = number(value, &["alert.severity"]);
    // 1 is the worst.
    draft.severity_steps(level.map(|level| 4 - level), [3, 2, 1]);
    draft.alert.facts.retain(|(label, _)| label != "Severity in the source" || level.is_none());
    draft.tactics(&words(value, "alert.metadata.mitre_tactic_id"));
    draft.category_else(category(&say(value, &["alert.category"])));
    draft.techniques(&words(value, "alert.metadata.mitre_technique_id"));
    let at_time = when(value, &["timestamp"]);
    draft.seen(at_time, at_time, at_time);
    draft.rows(value, FACTS);
    add_ends(&mut draft, value);
    add_contents(&mut draft, value);
    draft.finish(value)
}

/// A flow has many alerts; its number, the signature and the moment tell one from another.
fn identify(draft: &mut Draft, value: &Value) {
    let parts = ["flow_id", "alert.signature_id", "timestamp"].map(|path| say(value, &[path]));
    if parts.iter().all(|part| !part.is_empty()) {
        let id = format!("{}:{}", parts.join(":"), say(value, &["tx_id"]));
        id.trim_end_matches(':').clone_into(&mut draft.alert.provider_alert_id);
    } else {
        draft.identify(value, &[]);
    }
}

fn add_ends(draft: &mut Draft, value: &Value) {
    let mut ends = Ends::read(value, &["src_ip"], &["dest_ip"], [&["src_port"], &["dest_port"]]);
    ends.answer = say(value, &["alert.signature"]).contains("ATTACK_RESPONSE");
    if let Some((home, role)) = ends.home() {
        draft.add(Device { names: vec![home.to_string()], ..Device::default() }.build(), &[role]);
    }
    draft.add_ip(&say(value, &["src_ip"]), &["source"]);
    draft.add_ip(&say(value, &["dest_ip"]), &["destination"]);
}

fn add_contents(draft: &mut Draft, value: &Value) {
    let [host, path] = ["http.hostname", "http.url"].map(|path| say(value, &[path]));
    draft.add(evidence_kinds::url(&web_address(&host, &path)), &[]);
    draft.fact("Path", &path);
    for path in ["dns.query", "dns.queries", "dns"] {
        for query in objects_at(value, path) {
            draft.add(evidence_kinds::url(&say(query, &["rrname"])), &[]);
        }
    }
    draft.add(evidence_kinds::url(&say(value, &["tls.sni"])), &[]);
    for path in ["fileinfo", "files"] {
        for file in objects_at(value, path) {
            let [path, sha256, sha1, md5] = ["filename", "sha256", "sha1", "md5"].map(|key| say(file, &[key]));
            let made = File { path, sha256, sha1, md5, ..File::default() }.build();
            draft.add(
                made.map(|mut made| {
                    add_fact(&mut made.facts, "Size", &say(file, &["size"]));
                    made
                }),
                &[],
            );
        }
    }
    for path in ["email.from", "email.to"] {
        for address in words(value, path) {
            draft.add(evidence_kinds::mailbox(&[address], ""), &[]);
        }
    }
}

/// Tactics and Defender's categories for the class types, in their long and short names.
fn category(class: &str) -> &'static str {
    match folded(class).as_str() {
        "attemptedinformationleak"
        | "attemptedrecon"
        | "detectionofanetworkscan"
        | "networkscan"
        | "largescaleinformationleak"
        | "informationleak"
        | "deviceretrievingexternalipaddressdetected"
        | "successfulreconlimited"
        | "successfulreconlargescale" => "Reconnaissance",
        "anetworktrojanwasdetected"
        | "anetworktrojanwasactivitydetected"
        | "trojanactivity"
        | "crypocurrencyminingactivitydetected"
        | "executablecodewasdetected"
        | "asuspiciousfilenamewasdetected" => "Malware",
        "malwarecommandandcontrolactivitydetected"
        | "commandandcontrol"
        | "domainobservedusedforc2detected"
        | "domainc2" => "CommandAndControl",
        "attemptedadministratorprivilegegain"
        | "successfuladministratorprivilegegain"
        | "attemptedadmin"
        | "successfuladmin"
        | "attempteduserprivilegegain"
        | "successfuluserprivilegegain"
        | "unsuccessfuluserprivilegegain"
        | "attempteduser"
        | "successfuluser" => "PrivilegeEscalation",
        "webapplicationattack"
        | "webapplicationactivity"
        | "accesstoapotentiallyvulnerablewebapplication"
        | "exploitkitactivitydetected"
        | "possiblesocialengineeringattempted" => "InitialAccess",
        "attempteddenialofservice" | "denialofservice" | "detectionofadenialofserviceattack" | "attempteddos" => {
            "Impact"
        }
        "successfulcredentialtheftdetected"
        | "attempttologinbyadefaultusernameandpassword"
        | "anattemptedloginusingasuspicioususernamewasdetected" => "CredentialAccess",
        "possiblyunwantedprogramdetected" => "UnwantedSoftware",
        _ => "SuspiciousActivity",
    }
}

const FACTS: &[Row] = &[
    ("Action", &["alert.action"]),
    ("Class", &["alert.category"]),
    ("Signature ID", &["alert.signature_id"]),
    ("Signature severity", &["alert.metadata.signature_severity"]),
    ("Attack target", &["alert.metadata.attack_target"]),
    ("Protocol", &["proto"]),
    ("Application protocol", &["app_proto"]),
    ("Source port", &["src_port"]),
    ("Destination port", &["dest_port"]),
    ("Sensor", &["host", "sensor_name"]),
    ("Interface", &["in_iface"]),
    ("Flow ID", &["flow_id"]),
    ("User agent", &["http.http_user_agent"]),
    ("Method", &["http.http_method"]),
    ("HTTP status", &["http.status"]),
    ("Forwarded for", &["http.xff"]),
    ("Certificate", &["tls.subject"]),
    ("JA3", &["tls.ja3.hash"]),
    ("Sender", &["smtp.mail_from"]),
];
