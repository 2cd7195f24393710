//! Where the suggestion says that the fields of records of many shapes stand, and what it leaves empty.

use super::*;

/// Fields with the first pointer of each; an empty one when nothing may be suggested.
type Places = &'static [(&'static str, &'static str)];

/// Checks fields, the place of the "records", and the names of every "device" and "user" in order.
fn assert_places(cases: Vec<(Value, Places)>) {
    for (sample, places) in cases {
        let document = guess(&sample);
        for (key, expected) in places {
            let of_kind = document.evidence.iter().filter(|rule| rule.kind == *key);
            let names: Vec<String> = of_kind
                .filter_map(|rule| {
                    let main = ["name", "path", "category", "url"].iter().find_map(|field| rule.fields.get(*field))?;
                    Some(format!("{}{}", rule.each, main.from.0.first()?))
                })
                .collect();
            let found = match *key {
                "records" => document.records.clone(),
                "device" | "user" | "file" | "url" => names.join(" "),
                key => from(&document, key).first().copied().unwrap_or_default().to_owned(),
            };
            assert_eq!(found, *expected, "{key}: {sample}\n{}", document.to_json());
        }
    }
}

#[test]
fn a_record_that_says_how_severe_it_is_stays_the_record_whatever_lists_it_has() {
    let step = |id: &str| json!({"id": id, "name": "Odd step", "severity": "low", "timestamp": "2026-05-01T10:00:00Z", "host": "web-01"});
    assert_places(vec![
        (
            json!({"incident_name": "Chain", "incident_id": "inc-1", "priority": "P2", "created": "2026-05-01T10:09:00Z",
                "events": [step("e1"), step("e2")]}),
            &[
                ("records", ""),
                ("title", "/incident_name"),
                ("id", "/incident_id"),
                ("severity", "/priority"),
                ("device", "/events/host"),
            ],
        ),
        (
            json!({"rule": "Chain", "severity": 9, "start": "2026-05-01T10:09:00Z", "end": "2026-05-01T10:19:00Z",
                "events": [step("e1"), step("e2")]}),
            &[("records", ""), ("title", "/rule"), ("firstActivity", "/start"), ("lastActivity", "/end")],
        ),
        (
            json!({"case_no": "C-1", "sev": "P1", "opened": "2026-05-01T10:09:00Z", "detections": [step("e1"), step("e2")]}),
            &[("records", ""), ("id", "/case_no"), ("severity", "/sev"), ("firstActivity", "/opened")],
        ),
        (
            json!({"timestamp": "2026-05-01T10:00:00Z", "policy": {"id": 1, "name": "Disk encryption", "critical": true},
                "hosts": [{"id": 7, "hostname": "mac-1", "display_name": "mac-1", "url": "https://fleet.test/hosts/7"},
                    {"id": 8, "hostname": "mac-2", "display_name": "mac-2", "url": "https://fleet.test/hosts/8"}]}),
            &[
                ("records", ""),
                ("title", "/policy/name"),
                ("id", ""),
                ("severity", ""),
                ("device", "/hosts/display_name"),
                ("url", ""),
            ],
        ),
        (
            json!({"caid": "c", "certid": "d", "input": {"eventType": "Odd override", "host": {"hostname": "mac-01"},
                "match": {"uuid": "m-1", "event": {"uuid": "ev-1", "timestamp": 1_777_629_600},
                    "facts": [{"name": "Fact", "severity": 2, "tags": ["T1059"]}]}}}),
            &[
                ("records", "/input"),
                ("id", "/match/uuid"),
                ("firstActivity", "/match/event/timestamp"),
                ("device", "/host/hostname"),
            ],
        ),
        (
            json!({"threatId": "t-100", "messages": [{"threatId": "t-100", "abxMessageId": 4, "subject": "Invoice",
                "receivedTime": "2026-05-01T10:00:00Z", "attackType": "Extortion"}]}),
            &[
                ("records", ""),
                ("title", "/messages/0/subject"),
                ("id", "/threatId"),
                ("firstActivity", "/messages/*/receivedTime"),
            ],
        ),
    ]);
}

#[test]
fn what_only_looks_like_a_device_or_a_user_is_left_out() {
    assert_places(vec![
        (
            json!({"displayMessage": "Odd login", "actor": {"alternateId": "ana@contoso.test", "displayName": "Ana"},
                "client": {"device": "Computer", "ipAddress": "203.0.113.9"}}),
            &[("device", ""), ("user", "/actor/alternateId")],
        ),
        (json!({"title": "Odd", "device": {"name": "Tablet"}, "computer": "Unknown"}), &[("device", "")]),
        (
            json!({"description": "Odd logins", "offense_type": 3, "offense_source": "ana"}),
            &[("device", ""), ("user", "")],
        ),
        (
            json!({"description": "Odd logins", "offense_type": "Username", "offense_source": "ana"}),
            &[("device", ""), ("user", "/offense_source")],
        ),
        (json!({"title": "Odd", "entity": "web", "entityType": "Host"}), &[("device", "/entity"), ("user", "")]),
        (
            json!({"policyName": "Public bucket", "alertRuleName": "Default", "accountName": "shop-prod", "cloudType": "aws",
                "resourceName": "logs-1", "resourceType": "STORAGE"}),
            &[("title", "/policyName"), ("device", ""), ("user", "")],
        ),
        (
            json!({"description": "Leaked password", "client_id": "c", "connection": "db", "hostname": "contoso.login.test",
                "user_name": "ana@contoso.test"}),
            &[("device", ""), ("user", "/user_name")],
        ),
        (json!({"title": "Odd", "tenant_name": "contoso", "hostname": "contoso.login.test"}), &[("device", "")]),
        (
            json!({"title": "Odd", "actor": {"type": "application", "name": "Scanner"}, "sender": {"login": "update[bot]"}}),
            &[("user", "")],
        ),
        (
            json!({"finding": {"category": "Odd domain", "name": "organizations/1/sources/2/findings/3",
                    "canonicalName": "projects/7/sources/2/findings/3", "resourceName": "//compute.test/zones/a/instances/44"},
                "resource": {"name": "//compute.test/zones/a/instances/44", "displayName": "web-7", "type": "compute.Instance"}}),
            &[("title", "/finding/category"), ("id", "/finding/name"), ("device", "/resource/displayName")],
        ),
    ]);
}

#[test]
fn times_categories_ids_and_titles_are_taken_by_what_they_say() {
    assert_places(vec![
        (
            json!({"title": "Odd", "createdAt": "2026-05-01T10:09:00Z", "updatedAt": "2026-05-01T10:10:00Z",
                "service": {"eventFirstSeen": "2026-05-01T10:00:00Z", "eventLastSeen": "2026-05-01T10:05:00Z"}}),
            &[("firstActivity", "/service/eventFirstSeen"), ("lastActivity", "/service/eventLastSeen")],
        ),
        (
            json!({"detection": {"label": "Odd logon", "attack": [{"name": "Brute Force", "id": "T1110"}]}, "event_ref": "E-7",
                "severity": "P1", "occurred": {"start": "2026-05-01T10:00:00Z", "end": "2026-05-01T10:05:00Z"},
                "proc": {"path": "/usr/bin/odd", "sha256": "a".repeat(64)}}),
            &[
                ("title", "/detection/label"),
                ("id", "/event_ref"),
                ("severity", "/severity"),
                ("firstActivity", "/occurred/start"),
                ("lastActivity", "/occurred/end"),
                ("techniques", "/detection/attack/*/id"),
                ("file", "/proc/path"),
            ],
        ),
        (json!({"title": "Odd", "ref": "E-7", "alert_id": "a-1"}), &[("id", "/alert_id")]),
        (
            json!({"detection": "Odd remote access", "detection_type": "Remote", "category": "COMMAND & CONTROL",
                "first_timestamp": "2026-05-01T10:00:00Z", "last_timestamp": "2026-05-01T10:05:00Z",
                "id": 12, "url": "https://sensor.test/detections/12", "src_host": {"name": "web-01"}}),
            &[("title", "/detection"), ("lastActivity", "/last_timestamp"), ("device", "/src_host/name"), ("url", "")],
        ),
        (
            json!({"reason": "Odd process", "attack_tactic": "TA0002", "attack_technique": "T1059"}),
            &[("category", "/attack_tactic"), ("techniques", "/attack_technique")],
        ),
        (
            json!({"type": "auth", "sekey": "SE12", "explanations": [{"type": "NEW_COUNTRY", "summary": "Ana signed in from far away."}]}),
            &[("title", "/explanations/0/summary"), ("id", "/sekey")],
        ),
        (
            json!({"Type": "Notification", "MessageId": "m-1", "Timestamp": "2026-05-01T10:09:00Z", "Subject": "Alert",
                "Message": r#"{"alert_id": "a-1", "title": "Odd", "severity": "high", "detected_at": "2026-05-01T10:00:00Z"}"#}),
            &[("title", "/Message/title"), ("id", "/Message/alert_id"), ("firstActivity", "/Message/detected_at")],
        ),
        (
            json!({"severity": "medium", "plugin": {"id": 5, "name": "Odd certificate"}, "asset": {"hostname": "web-01"},
                "first_found": "2026-05-01T10:00:00Z", "last_found": "2026-05-01T10:05:00Z"}),
            &[("title", "/plugin/name"), ("lastActivity", "/last_found"), ("id", "")],
        ),
    ]);
}

#[test]
fn what_no_member_tells_stays_empty() {
    let nothing: Places = &[
        ("title", ""),
        ("id", ""),
        ("severity", ""),
        ("firstActivity", ""),
        ("device", ""),
        ("user", ""),
        ("status", ""),
    ];
    assert_places(vec![
        (json!({"version": "1.2", "count": 5, "enabled": true, "color": "red"}), nothing),
        (
            json!({"default": {"alert": "Default"}, "expires_at": "2026-05-01T10:00:00Z", "agent": {"installed": "2026-05-01T10:00:00Z"}}),
            nothing,
        ),
        (
            json!({"technique_name": "Brute Force", "tactics": [{"name": "Impact"}], "device": "Mobile", "device_first_seen": "2026-05-01T10:00:00Z"}),
            nothing,
        ),
    ]);
}

#[test]
fn types_of_a_finding_give_its_tactic_and_numbers_that_fall_their_severity() {
    let types = guess(&json!({"Title": "Odd", "Types": ["TTPs/Command and Control/Backdoor:Odd"]}));
    assert_eq!(from(&types, "category"), ["/Types"]);
    let table = &types.fields["category"].table.0;
    assert_eq!(table, &[("TTPs/Command and Control/Backdoor:Odd".to_owned(), "CommandAndControl".to_owned())]);
    for (number, severity) in
        [(1, Severity::High), (4, Severity::Medium), (6, Severity::Low), (7, Severity::Informational)]
    {
        let sample = json!({"name": "Odd file", "source": "syscall", "severity": number});
        assert_eq!(first_alert(&sample.to_string()).severity, Some(severity), "{number}");
    }
}
