//! Samples that together have every field that these formats have.

use serde_json::{Value, json};

use crate::formats::cases::sample_case::{Case, case};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [sensors(), matches(), elastic(), clouds(), endpoints(), rows()].into_iter().flatten().collect()
}

fn sha256() -> String {
    "ab".repeat(32)
}

fn sensors() -> Vec<Case> {
    vec![
        case(
            "suricata",
            json!({"event_type": "alert", "timestamp": "2025-03-01T10:00:00.000000+0000", "flow_id": 7, "src_ip": "10.0.0.5", "src_port": 50_000, "dest_ip": "203.0.113.7", "dest_port": 80,
                "alert": {"signature_id": 7, "signature": "ET MALWARE Odd download", "category": "Misc activity", "severity": 2, "metadata": {"mitre_tactic_name": ["Command_And_Control"], "mitre_technique_id": ["T1105"]}},
                "http": {"hostname": "files.example", "url": "/x.exe"}, "fileinfo": {"filename": "/x.exe", "sha256": sha256()}, "email": {"to": ["ana@contoso.test"]}}),
            &[
                "suricata 7:7:2025-03-01T10:00:00.000000+0000",
                "ET MALWARE Odd download",
                "medium CommandAndControl",
                "T1105",
                "devices host:10.0.0.5",
                "addresses 10.0.0.5 203.0.113.7",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "urls url:http://files.example/x.exe",
                "others mailbox addr:ana@contoso.test",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "suricata",
            json!({"event_type": "alert", "timestamp": "2025-03-01T10:00:00.000000+0000", "flow_id": 8, "src_ip": "10.0.0.9", "dest_ip": "10.0.0.5",
                "alert": {"signature_id": 8, "signature": "ET SCAN Nmap probe", "category": "Attempted Denial of Service", "severity": 4}}),
            &[
                "suricata 8:8:2025-03-01T10:00:00.000000+0000",
                "ET SCAN Nmap probe",
                "informational SuspiciousActivity",
                "T1046",
                "devices host:10.0.0.5",
                "addresses 10.0.0.9 10.0.0.5",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "falco",
            json!({"uuid": "f1", "rule": "Odd write", "priority": "Error", "time": "2025-03-01T10:00:00Z", "hostname": "node-1", "output": "x", "tags": ["T1005"],
                "output_fields": {"proc.cmdline": "cat /etc/shadow", "fd.name": "/etc/shadow", "user.name": "ana"}}),
            &[
                "falco f1",
                "Odd write",
                "high Collection",
                "T1005",
                "devices host:node-1",
                "users name:ana",
                "files path:/etc/shadow",
                "processes cmd:cat /etc/shadow",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "falco",
            json!({"uuid": "f2", "rule": "Odd connection", "priority": "Unheard", "time": "2025-03-01T10:00:00Z", "hostname": "node-1", "output": "x",
                "output_fields": {"proc.name": "curl", "fd.name": "10.0.0.5:50000->203.0.113.7:443"}}),
            &[
                "falco f2",
                "Odd connection",
                "severity not given SuspiciousActivity",
                "devices host:node-1",
                "addresses 10.0.0.5 203.0.113.7",
                "processes cmd:curl",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn matches() -> Vec<Case> {
    vec![case(
        "sigma",
        json!({"rule": {"id": "r2", "title": "Odd name", "level": "undefined", "tags": ["attack.t1071.004"]},
            "event": {"Event": {"System": {"Computer": "web-01", "Channel": "Sysmon", "EventRecordID": 8, "TimeCreated": {"#attributes": {"SystemTime": "2025-03-01T10:00:00Z"}}},
            "EventData": {"Image": "C:\\x.exe", "CommandLine": "x -a", "Hashes": format!("SHA256={}", sha256()), "QueryName": "c2.example"}}}}),
        &[
            "sigma r2:web-01:Sysmon:8",
            "Odd name",
            "severity not given CommandAndControl",
            "T1071.004",
            "devices host:web-01",
            "files sha256:abababababababababababababababababababababababababababababababab",
            "processes cmd:x -a",
            "urls url:c2.example",
            "2025-03-01T10:00:00Z",
        ],
    )]
}

fn elastic() -> Vec<Case> {
    vec![
        case(
            "elastic",
            json!({"@timestamp": "2025-03-01T10:05:00Z", "kibana.alert.uuid": "k2", "kibana.alert.rule.name": "Odd process", "kibana.alert.severity": "critical", "kibana.alert.workflow_status": "closed",
                "host": {"name": "web-01"}, "user": {"name": "ana", "domain": "CONTOSO"}, "process": {"executable": "C:\\x.exe", "command_line": "x.exe -a"},
                "file": {"path": "C:\\y.dll", "hash": {"sha256": sha256()}}, "url": {"full": "https://files.example/y"}}),
            &[
                "elasticSecurity k2",
                "Odd process",
                "high SuspiciousActivity",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "files sha256:abababababababababababababababababababababababababababababababab path:c:\\x.exe",
                "processes cmd:x.exe -a",
                "urls url:https://files.example/y",
                "status resolved",
                "2025-03-01T10:05:00Z",
            ],
        ),
        case(
            "elastic",
            json!({"@timestamp": "2025-03-01T10:00:00Z", "event": {"kind": "alert", "id": "e2", "module": "suricata", "dataset": "suricata.eve", "severity": 1}, "rule": {"name": "ET WEB_SERVER Odd path", "category": "Misc activity"},
                "agent": {"name": "sensor-1"}, "host": {"name": "sensor-1"}, "observer": {"type": "ids", "hostname": "sensor-1"}, "source": {"ip": "203.0.113.7", "port": 50_000}, "destination": {"ip": "10.0.0.5", "port": 443}}),
            &[
                "elasticSecurity e2",
                "ET WEB_SERVER Odd path",
                "high InitialAccess",
                "T1190",
                "devices host:10.0.0.5",
                "addresses 203.0.113.7 10.0.0.5",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "elastic",
            json!({"@timestamp": "2025-03-01T10:00:00Z", "event": {"kind": "alert", "id": "e3", "module": "cloud", "dataset": "aws.guardduty", "severity": 8}, "message": "Odd call", "tags": ["forwarded"],
                "agent": {"name": "collector"}, "host": {"name": "collector"}, "cloud": {"instance": {"id": "i-0c"}}, "source": {"ip": "203.0.113.7"}}),
            &[
                "elasticSecurity e3",
                "Odd call",
                "high SuspiciousActivity",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn clouds() -> Vec<Case> {
    vec![
        case(
            "guardDuty",
            json!({"id": "g2", "accountId": "1", "type": "Execution:Runtime/OddTool", "title": "Odd tool", "severity": 8.9, "createdAt": "2025-03-01T10:00:00Z", "resource": {"instanceDetails": {"instanceId": "i-0a1"}},
                "service": {"archived": true, "action": {"dnsRequestAction": {"domain": "c2.example"}}, "runtimeDetails": {"process": {"executablePath": "/tmp/x", "executableSha256": sha256(), "cmdLine": "x -a", "pid": 7}},
                    "detection": {"sequence": {"sequenceIndicators": [{"key": "ATTACK_TECHNIQUE", "values": ["T1496"]}]}}}}),
            &[
                "guardDuty g2",
                "Odd tool",
                "high Execution",
                "T1496",
                "devices host:i-0a1",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:x -a",
                "urls url:c2.example",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "ocsf",
            json!({"class_uid": 2004, "severity_id": 99, "severity": "Odd", "time": 1_740_823_200_000_i64, "metadata": {"product": {"name": "Amazon GuardDuty"}}, "status": "Archived",
                "finding_info": {"uid": "arn:aws:guardduty:eu-west-1:1:detector/d/finding/g3", "title": "Odd tool"}, "malware": [{"name": "Odd"}],
                "evidences": [{"process": {"cmd_line": "x -a", "file": {"path": "/tmp/x", "hashes": [{"value": sha256()}]}}, "url": {"url_string": "https://files.example/x"}}]}),
            &[
                "guardDuty g3",
                "Odd tool",
                "severity not given Malware",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:x -a",
                "urls url:https://files.example/x",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "ocsf",
            json!({"class_uid": 2004, "severity_id": 2, "time": 1_740_823_200_000_i64, "metadata": {"product": {"name": "Acme NDR"}}, "finding_info": {"uid": "n1", "title": "ET WEB_SERVER Odd path"}}),
            &["acmeNDR n1", "ET WEB_SERVER Odd path", "low InitialAccess", "T1190", "2025-03-01T10:00:00Z"],
        ),
        case(
            "ocsf",
            json!({"class_uid": 2002, "severity_id": 5, "time": 1_740_823_200_000_i64, "metadata": {"product": {"name": "Acme scanner"}}, "finding_info": {"uid": "v1", "title": "CVE-2025-0001 in libodd"},
                "vulnerabilities": [{"cve": {"uid": "CVE-2025-0001"}, "affected_packages": [{"name": "libodd", "version": "1.2", "fixed_in_version": "1.3"}]}], "device": {"hostname": "web-01"}}),
            &[
                "acmeScanner v1",
                "CVE-2025-0001 in libodd",
                "high Vulnerability",
                "devices host:web-01",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn endpoints() -> Vec<Case> {
    vec![
        case(
            "cortexXdr",
            json!({"external_id": "c2", "alert_id": "10", "name": "Odd process", "severity": "SEV_040_HIGH", "category": "Malware", "resolution_status": "STATUS_020_UNDER_INVESTIGATION", "detection_timestamp": 1_740_823_200_000_i64,
                "host_name": "WEB-01", "events": [{"actor_process_image_path": "C:\\x.exe", "actor_process_image_sha256": sha256(), "actor_process_command_line": "x -a", "dns_query_name": "c2.example"}]}),
            &[
                "cortexXdr c2",
                "Odd process",
                "high Malware",
                "devices host:web-01",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:x -a",
                "urls url:c2.example",
                "status inProgress",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sentinelOne",
            json!({"alertInfo": {"alertId": "s2", "createdAt": "2025-03-01T10:00:00Z", "incidentStatus": "IN_PROGRESS", "dnsRequest": "c2.example"}, "ruleInfo": {"name": "Odd process", "severity": "Critical"},
                "agentDetectionInfo": {"name": "web-01"}, "sourceProcessInfo": {"filePath": "C:\\x.exe", "fileHashSha256": sha256(), "commandline": "x -a"}}),
            &[
                "sentinelOne s2",
                "Odd process",
                "high SuspiciousActivity",
                "devices host:web-01",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:x -a",
                "urls url:c2.example",
                "status inProgress",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

/// A row of the GUIDE data set for every kind of evidence that has a field.
fn rows() -> Vec<Case> {
    let row = |kind: &str, column: &str, expected| {
        let mut row = json!({"OrgId": "3", "AlertId": "17", "AlertTitle": "2", "DetectorId": "9", "EntityType": kind, "Timestamp": "2025-03-01T10:00:00Z"});
        row[column] = Value::from("44");
        case("guide", row, expected)
    };
    vec![
        row(
            "User",
            "AccountUpn",
            &[
                "guide 3:17",
                "partial",
                "Alert 2 of detector 9",
                "severity not given",
                "users upn:3/44",
                "2025-03-01T10:00:00Z",
            ],
        ),
        row(
            "Ip",
            "IpAddress",
            &[
                "guide 3:17",
                "partial",
                "Alert 2 of detector 9",
                "severity not given",
                "addresses 3/44",
                "2025-03-01T10:00:00Z",
            ],
        ),
        row(
            "Url",
            "Url",
            &[
                "guide 3:17",
                "partial",
                "Alert 2 of detector 9",
                "severity not given",
                "urls url:3/44",
                "2025-03-01T10:00:00Z",
            ],
        ),
        row(
            "File",
            "Sha256",
            &[
                "guide 3:17",
                "partial",
                "Alert 2 of detector 9",
                "severity not given",
                "files sha256:3/44",
                "2025-03-01T10:00:00Z",
            ],
        ),
        row(
            "Process",
            "FileName",
            &[
                "guide 3:17",
                "partial",
                "Alert 2 of detector 9",
                "severity not given",
                "processes cmd:3/44",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}
