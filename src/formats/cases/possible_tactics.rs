//! A tactic that a record only suggests is a fact of the alert and not its category.

use serde_json::{Value, json};

use crate::formats::cases::every_format::read;
use crate::formats::format::Format;

/// The category, the fact about a possible tactic, and the techniques.
fn tactics(record: &Value) -> (String, String, String) {
    let alert = read(&Format::Auto, record);
    let possible = alert.facts.iter().find(|(label, _)| label == "Possible tactic");
    let possible = possible.map(|(_, tactic)| tactic.clone()).unwrap_or_default();
    (alert.category, possible, alert.techniques.join(" "))
}

fn eve(source: &str, destination: &str, signature: &str, class: &str, metadata: &Value) -> Value {
    json!({"event_type": "alert", "timestamp": "2025-03-01T10:00:00.000000+0000", "flow_id": 1,
        "src_ip": source, "src_port": 40_000, "dest_ip": destination, "dest_port": 443,
        "alert": {"signature_id": 1, "signature": signature, "category": class, "severity": 2, "metadata": metadata}})
}

fn notice(note: &str, source: &str, destination: &str) -> Value {
    json!({"ts": 1_740_823_200.0, "note": note, "msg": "m", "src": source, "dst": destination, "suppress_for": 3_600})
}

fn guard_duty(kind: &str, role: &str, direction: &str) -> Value {
    json!({"id": "g1", "title": "t", "type": kind, "severity": 5, "createdAt": "2025-03-01T10:00:00Z",
        "resource": {"resourceType": "Instance"}, "service": {"serviceName": "guardduty", "resourceRole": role,
        "action": {"networkConnectionAction": {"connectionDirection": direction}}}})
}

const HOST: &str = "10.0.0.9";
const SERVER: &str = "10.0.0.5";
const OUTSIDE: &str = "203.0.113.7";

#[test]
fn a_signature_that_only_suggests_a_tactic_is_suspicious_activity() {
    let nothing = json!({});
    for (signature, class, possible) in [
        ("ET SCAN Odd agent", "Web Application Attack", "Reconnaissance"),
        ("ET DOS Odd resets DoS Attempt", "Attempted Denial of Service", "Impact"),
        ("ET DNS Query to a *.pw domain - Likely Hostile", "Potentially Bad Traffic", ""),
        ("ET INFO Observed DNS Query to .cloud TLD", "Potentially Bad Traffic", ""),
        ("ET TOR Known Tor Relay Node Traffic group 9", "Misc Attack", ""),
    ] {
        let (category, found, _) = tactics(&eve(OUTSIDE, SERVER, signature, class, &nothing));
        assert_eq!((category.as_str(), found.as_str()), ("SuspiciousActivity", possible), "{signature}");
    }
}

#[test]
fn what_the_source_itself_says_is_the_category_also_of_a_scan() {
    let by_tactic = json!({"mitre_tactic_name": ["Discovery"]});
    let by_technique = json!({"mitre_technique_id": ["T1046"]});
    for metadata in [by_tactic, by_technique] {
        let (category, possible, _) = tactics(&eve(HOST, SERVER, "ET SCAN Odd agent", "", &metadata));
        assert_eq!((category.as_str(), possible.as_str()), ("Discovery", ""), "{metadata}");
    }
    let (category, ..) = tactics(&json!({"rule": "Odd shell", "priority": "Notice", "output": "o",
        "output_fields": {}, "time": "2025-03-01T10:00:00Z", "tags": ["mitre_execution", "T1059"]}));
    assert_eq!(category, "Execution");
}

#[test]
fn traffic_to_tor_is_command_and_control() {
    let tor = eve(HOST, OUTSIDE, "ET TOR Known Tor Relay Node Traffic group 9", "Misc Attack", &json!({}));
    assert_eq!(tactics(&tor), ("CommandAndControl".to_owned(), String::new(), "T1090.003".to_owned()));
    for name in ["TorClient", "TorRelay"] {
        let tor = guard_duty(&format!("UnauthorizedAccess:EC2/{name}"), "TARGET", "OUTBOUND");
        assert_eq!(tactics(&tor).0, "CommandAndControl", "{name}");
    }
    let caller = guard_duty("UnauthorizedAccess:IAMUser/TorIPCaller", "TARGET", "INBOUND");
    assert_eq!(tactics(&caller).0, "InitialAccess");
}

#[test]
fn attacks_on_others_are_no_access_to_this_network() {
    let brute_force = "UnauthorizedAccess:EC2/SSHBruteForce";
    for (record, inwards) in [
        (guard_duty(brute_force, "ACTOR", "OUTBOUND"), guard_duty(brute_force, "TARGET", "INBOUND")),
        (notice("SSH::Password_Guessing", HOST, OUTSIDE), notice("SSH::Password_Guessing", OUTSIDE, SERVER)),
        (
            notice("HTTP::SQL_Injection_Attacker", HOST, OUTSIDE),
            notice("HTTP::SQL_Injection_Attacker", OUTSIDE, SERVER),
        ),
        (
            eve(HOST, OUTSIDE, "ET EXPLOIT Odd call", "Web Application Attack", &json!({})),
            eve(OUTSIDE, SERVER, "ET EXPLOIT Odd call", "Web Application Attack", &json!({})),
        ),
    ] {
        let (category, possible, techniques) = tactics(&record);
        assert_eq!(
            (category.as_str(), possible.as_str(), techniques.as_str()),
            ("SuspiciousActivity", "", ""),
            "{record}"
        );
        assert_ne!(tactics(&inwards).0, "SuspiciousActivity", "{inwards}");
    }
}

#[test]
fn a_failed_login_is_no_credential_access_and_many_are() {
    let site = |rule: &str| {
        json!({"scenario": "north", "detector": "Wazuh", "rule": rule, "title": "Wazuh: Odd logins.", "host": "mail",
            "ip": "10.0.0.5", "first_activity": "2025-03-01T10:00:00Z", "last_activity": "2025-03-01T10:00:00Z"})
    };
    let found = |rule| {
        let (category, possible, _) = tactics(&site(rule));
        (category, possible)
    };
    let [suspicious, guessing] = ["SuspiciousActivity", "CredentialAccess"].map(str::to_owned);
    assert_eq!(found("W-Aut-Pam2"), (suspicious.clone(), "Credential access".to_owned()));
    assert_eq!(found("W-Aut-Pam3"), (guessing, String::new()));
    assert_eq!(found("S-Dns-Qry4"), (suspicious, String::new()));
}

#[test]
fn a_scenario_or_threat_log_of_a_scan_or_flood_suggests_its_tactic() {
    let scenario = |name: &str| {
        json!({"scenario": name, "scenario_hash": "h", "uuid": "u", "source": {"ip": OUTSIDE},
        "events_count": 3, "start_at": "2025-03-01T10:00:00Z", "decisions": [], "events": []})
    };
    let [scan, guessing] = ["crowdsecurity/http-probing", "crowdsecurity/ssh-bf"].map(|name| tactics(&scenario(name)));
    assert_eq!(scan, ("SuspiciousActivity".to_owned(), "Reconnaissance".to_owned(), "T1595".to_owned()));
    assert_eq!(guessing, ("CredentialAccess".to_owned(), String::new(), "T1110".to_owned()));
}
