//! Samples of monitoring systems and SIEMs.

use serde_json::json;

use crate::formats::cases::sample_case::{Case, case};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [alertmanager(), grafana(), graylog(), splunk(), qradar(), crowdsec(), kibana()].into_iter().flatten().collect()
}

fn alertmanager() -> Vec<Case> {
    vec![
        case(
            "prometheusAlertmanager",
            json!({"status": "firing", "labels": {"alertname": "SshBruteForce", "instance": "bastion-1.contoso.test:9100", "severity": "critical", "job": "node", "src_ip": "203.0.113.7", "mitre_technique": "T1110", "tactic": "Credential Access"},
                "annotations": {"summary": "Many failed SSH logins on bastion-1", "description": "310 failures in 5 minutes"}, "startsAt": "2025-03-01T10:00:00.782137894Z", "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://prometheus.example/graph?g0", "fingerprint": "6f9cd313db421ef1"}),
            &[
                "prometheusAlertmanager 6f9cd313db421ef1",
                "SshBruteForce",
                "high CredentialAccess",
                "T1110",
                "devices fqdn:bastion-1.contoso.test host:bastion-1",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00.782137Z",
            ],
        ),
        case(
            "prometheusAlertmanager",
            json!({"status": "resolved", "labels": {"alertname": "OddProcess", "instance": "10.0.0.5:9256", "severity": "warning", "user": "ana", "process_name": "/tmp/minerd", "file_path": "/tmp/minerd", "sha256": "ab".repeat(32), "url": "http://pool.example/"},
                "annotations": {"summary": "An odd process ran"}, "startsAt": "2025-03-01T10:00:00Z", "endsAt": "2025-03-01T11:00:00Z", "generatorURL": "", "fingerprint": "aaafafe0953f0962"}),
            &[
                "prometheusAlertmanager aaafafe0953f0962",
                "OddProcess",
                "medium SuspiciousActivity",
                "devices host:10.0.0.5",
                "users name:ana",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:/tmp/minerd",
                "urls url:http://pool.example",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "prometheusAlertmanager",
            json!({"status": {"state": "active", "silencedBy": [], "inhibitedBy": []}, "labels": {"alertname": "PodRestarts", "job": "kube-state-metrics", "instance": "10.0.0.6:8080", "namespace": "shop", "pod": "web-1"},
                "annotations": {}, "startsAt": "2025-03-01T10:00:00Z", "endsAt": "2025-03-01T10:05:00Z", "updatedAt": "2025-03-01T10:01:00Z", "fingerprint": "bbafafe0953f0962", "receivers": [{"name": "watchdesk"}]}),
            &[
                "prometheusAlertmanager bbafafe0953f0962",
                "PodRestarts",
                "severity not given SuspiciousActivity",
                "others other id:pod:shop/web-1",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn grafana() -> Vec<Case> {
    vec![case(
        "grafana",
        json!({"status": "resolved", "labels": {"alertname": "Odd logins", "grafana_folder": "Security", "host": "web-01", "user": "ana", "src_ip": "203.0.113.7", "severity": "high", "technique": "T1078", "tactic": "Initial Access",
                "process_name": "sshd", "file_path": "/etc/shadow", "md5": "ab".repeat(16), "url": "http://intranet.example/"}, "annotations": {"description": "Logins at night"},
                "startsAt": "2025-03-01T10:00:00Z", "endsAt": "2025-03-01T11:00:00Z", "generatorURL": "https://grafana.example/alerting/1", "fingerprint": "57c6d9296de2ad39",
                "silenceURL": "https://grafana.example/alerting/silence/new", "dashboardURL": "", "panelURL": "", "values": {"B": 44.2}, "valueString": "[ var='B' value=44.2 ]", "orgId": 1}),
        &[
            "grafana 57c6d9296de2ad39",
            "Odd logins",
            "high InitialAccess",
            "T1078",
            "devices host:web-01",
            "users name:ana",
            "addresses 203.0.113.7",
            "files md5:abababababababababababababababab",
            "processes cmd:sshd",
            "urls url:http://intranet.example",
            "status resolved",
            "2025-03-01T10:00:00Z",
        ],
    )]
}

fn graylog() -> Vec<Case> {
    vec![
        case(
            "graylog",
            json!({"event_definition_id": "67", "event_definition_type": "aggregation-v1", "event_definition_title": "Logon outside of hours", "event_definition_description": "Somebody signed in at night", "job_trigger_id": "8", "backlog": [],
                "event": {"id": "01JAZZ", "event_definition_id": "67", "timestamp": "2025-03-01T10:10:00.000Z", "timestamp_processing": "2025-03-01T10:11:00.000Z", "timerange_start": "2025-03-01T10:00:00.000Z", "timerange_end": "2025-03-01T10:10:00.000Z",
                    "message": "Logon outside of hours: ana", "source": "graylog-1", "key": "ana", "priority": 3, "alert": true,
                    "fields": {"user": "ana", "source_ip": "10.9.8.7", "host": "fs-03", "mitre_technique": "T1078", "mitre_tactic": "Initial Access"}, "group_by_fields": {"user": "ana"}}}),
            &[
                "graylog 01JAZZ",
                "Logon outside of hours",
                "high InitialAccess",
                "T1078",
                "devices host:fs-03",
                "users name:ana",
                "addresses 10.9.8.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "graylog",
            json!({"event": {"id": "01JBZZ", "event_definition_id": "68", "event_definition_type": "aggregation-v1", "timestamp": "2025-03-01T10:10:00.000Z", "timerange_start": null, "timerange_end": null, "message": "Malware found", "source": "graylog-1", "priority": 2,
                "fields": {"source": "web-01", "file_path": "C:\\Temp\\x.exe", "hash_sha256": "ab".repeat(32), "process_command_line": "x.exe -a", "url": "http://c2.example/x"}, "group_by_fields": {}}, "index_name": "gl-events_0"}),
            &[
                "graylog 01JBZZ",
                "Malware found",
                "medium SuspiciousActivity",
                "devices host:web-01",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:x.exe -a",
                "urls url:http://c2.example/x",
                "2025-03-01T10:10:00Z",
            ],
        ),
    ]
}

fn splunk() -> Vec<Case> {
    vec![
        case(
            "splunk",
            json!({"sid": "scheduler__admin__search__W2_at_1740823200_132", "search_name": "Threat - Encoded PowerShell - Rule", "app": "SplunkEnterpriseSecuritySuite", "owner": "admin", "results_link": "http://splunk.example:8000/app/search/@go?sid=x",
                "result": {"_time": "1740823200.769", "host": "collector-1", "dest": "LT-0142", "user": "ana", "src": "10.20.4.17", "urgency": "critical", "severity": "high", "rule_title": "Encoded PowerShell on LT-0142", "rule_name": "Encoded PowerShell",
                    "event_id": "A1@@notable@@1", "security_domain": "endpoint", "annotations.mitre_attack": "T1059.001", "annotations.mitre_attack.mitre_tactic": ["execution"], "process": "powershell -enc SQBFAFgA", "process_name": "powershell.exe",
                    "file_name": "x.ps1", "file_hash": "ab".repeat(32), "url": "http://c2.example/x"}}),
            &[
                "splunk A1@@notable@@1",
                "Encoded PowerShell on LT-0142",
                "high Execution",
                "T1059.001",
                "devices host:lt-0142",
                "users name:ana",
                "addresses 10.20.4.17",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:powershell -enc sqbfafga",
                "urls url:http://c2.example/x",
                "2025-03-01T10:00:00.769Z",
            ],
        ),
        case(
            "splunk",
            json!({"event_id": "A1@@notable@@2", "rule_name": "Odd logins", "rule_title": "Odd logins of $user$", "search_name": "Access - Odd Logins - Rule", "urgency": "medium", "security_domain": "access", "_time": "2025-03-01T10:00:00.000+00:00",
                "status": "5", "owner": "ben", "src_ip": "203.0.113.7", "dest_ip": "10.0.0.5", "user": "CONTOSO\\ana", "risk_object": "web-01", "risk_object_type": "system"}),
            &[
                "splunk A1@@notable@@2",
                "Odd logins",
                "medium SuspiciousActivity",
                "devices host:10.0.0.5 host:web-01",
                "users sam:contoso\\ana",
                "addresses 203.0.113.7 10.0.0.5",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "splunk",
            json!({"sid": "scheduler__admin__search__W3_at_1740823200_133", "search_name": "sudo by a new user", "app": "search", "owner": "admin", "results_link": "http://splunk.example:8000/app/search/@go?sid=y", "result": {"host": "web-01", "user": "ana", "count": "3"}}),
            &[
                "splunk scheduler__admin__search__W3_at_1740823200_133:64cf5dacdd2c",
                "sudo by a new user",
                "severity not given SuspiciousActivity",
                "devices host:web-01",
                "users name:ana",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn qradar() -> Vec<Case> {
    vec![
        case(
            "qradar",
            json!({"id": 27, "description": "Multiple Login Failures\n preceded by VPN login\n", "offense_type": 3, "offense_source": "CONTOSO\\ana", "magnitude": 7, "severity": 5, "relevance": 3, "credibility": 4, "status": "OPEN",
                "start_time": 1_740_823_200_000_i64, "last_updated_time": 1_740_826_800_000_i64, "event_count": 310, "flow_count": 0, "categories": ["User Login Failure"], "source_network": "Net-10", "destination_networks": ["other"],
                "log_sources": [{"id": 112, "name": "Windows @ dc01", "type_name": "MicrosoftWindows"}], "rules": [{"id": 1, "type": "CRE_RULE"}], "source_address_ids": [4], "local_destination_address_ids": [9]}),
            &[
                "qradar 27",
                "Multiple Login Failures preceded by VPN login",
                "310 times",
                "high SuspiciousActivity",
                "users sam:contoso\\ana",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "qradar",
            json!({"id": 28, "description": "Beacon", "offense_type": 0, "offense_source": "10.0.0.9", "magnitude": 3, "relevance": 3, "credibility": 4, "status": "CLOSED", "start_time": 1_740_823_200_000_i64, "close_time": 1_740_830_400_000_i64,
                "event_count": 2, "categories": ["Botnet Address"], "local_destination_address_ids": ["203.0.113.7"]}),
            &[
                "qradar 28",
                "Beacon",
                "2 times",
                "low CommandAndControl",
                "devices host:10.0.0.9",
                "addresses 10.0.0.9 203.0.113.7",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "qradar",
            json!({"id": 29, "description": "Odd host", "offense_type": 7, "offense_source": "web-01", "magnitude": 4, "credibility": 4, "status": "HIDDEN", "start_time": 1_740_823_200_000_i64, "categories": []}),
            &["qradar 29", "Odd host", "medium SuspiciousActivity", "devices host:web-01", "2025-03-01T10:00:00Z"],
        ),
    ]
}

fn crowdsec() -> Vec<Case> {
    vec![
        case(
            "crowdSec",
            json!({"uuid": "c-1", "scenario": "crowdsecurity/ssh-bf", "scenario_hash": "ab", "message": "Ip 203.0.113.7 performed 'crowdsecurity/ssh-bf' (6 events over 3s)", "machine_id": "collector-1", "events_count": 6,
                "start_at": "2025-03-01T10:00:00Z", "stop_at": "2025-03-01T10:00:03Z", "created_at": "2025-03-01T10:00:04Z", "leakspeed": "10s", "simulated": false, "source": {"scope": "Ip", "value": "203.0.113.7", "ip": "203.0.113.7", "cn": "FR"},
                "events": [{"timestamp": "2025-03-01T10:00:00Z", "meta": [{"key": "target_user", "value": "ana"}, {"key": "service", "value": "ssh"}]}], "decisions": [{"type": "ban", "scope": "Ip", "value": "203.0.113.7", "duration": "4h"}]}),
            &[
                "crowdSec c-1",
                "crowdsecurity/ssh-bf",
                "severity not given CredentialAccess",
                "T1110",
                "users name:ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "crowdSec",
            json!({"uuid": "c-2", "scenario": "acme/odd-agent", "events_count": 1, "start_at": "2025-03-01T10:00:00Z", "stop_at": "2025-03-01T10:00:00Z", "source": {"scope": "Range", "value": "203.0.113.0/24"}, "labels": {"classification": ["attack.T1190"]}}),
            &["crowdSec c-2", "acme/odd-agent", "severity not given InitialAccess", "T1190", "2025-03-01T10:00:00Z"],
        ),
    ]
}

fn kibana() -> Vec<Case> {
    vec![
        case(
            "kibanaConnector",
            json!({"rule": {"id": "r1", "name": "Odd process", "type": "siem.queryRule", "tags": ["Tactic: Execution", "T1059.001"]}, "alert": {"id": "web-01", "uuid": "k-1", "actionGroup": "recovered", "flapping": false}, "severity": "high", "date": "2025-03-01T10:00:00Z",
                "context": {"reason": "process event on web-01", "host": {"name": "web-01"}, "user": {"name": "ana"}, "source": {"ip": "203.0.113.7"}, "process": {"command_line": "x.exe -a", "executable": "C:\\Temp\\x.exe", "hash": {"sha256": "ab".repeat(32)}}, "url": {"full": "http://c2.example/x"}}}),
            &[
                "elasticSecurity k-1",
                "Odd process",
                "high Execution",
                "T1059.001",
                "devices host:web-01",
                "users name:ana",
                "addresses 203.0.113.7",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:x.exe -a",
                "urls url:http://c2.example/x",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "kibanaConnector",
            json!({"kibanaBaseUrl": "https://kibana.example", "alert": "{\"@timestamp\":\"2025-03-01T10:00:00Z\",\"kibana.alert.uuid\":\"k-2\",\"kibana.alert.rule.name\":\"Odd login\",\"kibana.alert.severity\":\"low\",\"host\":{\"name\":\"web-01\"}}"}),
            &[
                "elasticSecurity k-2",
                "Odd login",
                "low SuspiciousActivity",
                "devices host:web-01",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}
