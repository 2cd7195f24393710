//! Samples of the formats that came first.

use serde_json::{Value, json};

use crate::formats::cases::sample_case::{Case, case, pascal};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [microsoft(), sensors(), hosts(), clouds(), endpoints(), research()].into_iter().flatten().collect()
}

fn microsoft() -> Vec<Case> {
    vec![
        case(
            "graph",
            json!({"id": "da1", "providerAlertId": "1", "title": "Odd login", "severity": "medium", "category": "InitialAccess",
                "serviceSource": "microsoftDefenderForEndpoint", "createdDateTime": "2025-03-01T10:00:00Z",
                "deviceEvidence": {"@odata.type": "#microsoft.graph.security.deviceEvidence", "deviceDnsName": "web-01.contoso.test"}}),
            &[
                "microsoftDefenderForEndpoint 1 da1",
                "Odd login",
                "medium InitialAccess",
                "devices fqdn:web-01.contoso.test host:web-01",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sentinel",
            json!({"SystemAlertId": "s1", "VendorOriginalId": "1", "AlertName": "Odd login", "AlertSeverity": "High", "ProviderName": "MDATP",
                "TimeGenerated": "2025-03-01T10:00:00Z", "Tactics": "InitialAccess",
                "Entities": "[{\"$id\":\"1\",\"Type\":\"account\",\"Name\":\"ana\",\"UPNSuffix\":\"contoso.test\"}]"}),
            &[
                "microsoftDefenderForEndpoint 1 s1",
                "Odd login",
                "high InitialAccess",
                "users upn:ana@contoso.test",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "defenderEndpoint",
            json!({"id": "da637_1", "title": "Odd process", "severity": "Low", "category": "Execution", "alertCreationTime": "2025-03-01T10:00:00Z",
                "machineId": "AB12", "computerDnsName": "web-01.contoso.test", "mitreTechniques": ["T1059"], "relatedUser": null,
                "evidence": [{"entityType": "User", "accountName": "ana", "domainName": "CONTOSO", "userSid": "S-1-5-21-1"}]}),
            &[
                "microsoftDefenderForEndpoint da637_1",
                "Odd process",
                "low Execution",
                "T1059",
                "devices mde:ab12 fqdn:web-01.contoso.test host:web-01",
                "users sid:s-1-5-21-1 sam:contoso\\ana",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "defenderXdr",
            json!({"alertId": "fa8acc61bf-ade2-41c7-8810-1c7e3d164170", "title": "Odd mail", "severity": "Medium", "serviceSource": "OfficeATP", "category": "InitialAccess",
                "creationTime": "2025-03-01T10:00:00Z", "devices": [], "entities": {"entityType": "Ip", "ipAddress": "203.0.113.7"}}),
            &[
                "microsoftDefenderForOffice365 8acc61bf-ade2-41c7-8810-1c7e3d164170 fa8acc61bf-ade2-41c7-8810-1c7e3d164170",
                "Odd mail",
                "medium InitialAccess",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "defenderStreaming",
            json!({"category": "AdvancedHunting-AlertInfo", "time": "2025-03-01T11:00:00Z", "properties": {
                "AlertId": "da637_1", "Title": "Odd process", "Severity": "High", "Category": "Persistence", "ServiceSource": "Microsoft Defender for Endpoint",
                "AttackTechniques": "[\"Cloud Accounts (T1078.004)\"]", "Timestamp": "2025-03-01T10:00:00Z"}}),
            &[
                "microsoftDefenderForEndpoint da637_1",
                "Odd process",
                "high Persistence",
                "T1078.004",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "defenderStreaming",
            json!({"category": "AdvancedHunting-AlertEvidence", "properties": {"AlertId": "da637_1", "EntityType": "Ip", "RemoteIP": "203.0.113.7",
                "ServiceSource": "Microsoft Defender for Endpoint", "DeviceName": "web-01", "Timestamp": "2025-03-01T10:00:00Z"}}),
            &[
                "microsoftDefenderForEndpoint da637_1",
                "partial",
                "Alert da637_1",
                "severity not given",
                "devices host:web-01",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "defenderStreaming",
            json!({"category": "AdvancedHunting-AlertEvidence", "properties": {"AlertId": "da637_1", "EntityType": "File", "FileName": "x.exe", "FolderPath": "C:\\Temp",
                "SHA256": "ab".repeat(32), "ServiceSource": "Microsoft Defender for Endpoint", "DeviceId": "AB12", "Timestamp": "2025-03-01T10:00:00Z"}}),
            &[
                "microsoftDefenderForEndpoint da637_1",
                "partial",
                "Alert da637_1",
                "severity not given",
                "devices mde:ab12",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "defenderStreaming",
            json!({"category": "AdvancedHunting-AlertEvidence", "properties": {"AlertId": "da637_1", "EntityType": "Process", "ProcessCommandLine": "x.exe -a", "ProcessId": 7,
                "AccountName": "ana", "AccountDomain": "CONTOSO", "ServiceSource": "Microsoft Defender for Endpoint", "Timestamp": "2025-03-01T10:00:00Z"}}),
            &[
                "microsoftDefenderForEndpoint da637_1",
                "partial",
                "Alert da637_1",
                "severity not given",
                "users sam:contoso\\ana",
                "processes cmd:x.exe -a",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "defenderStreaming",
            json!({"AlertId": "fa8acc61bf-ade2-41c7-8810-1c7e3d164170", "Title": "Odd mail", "EntityType": "Url", "RemoteUrl": "https://files.example/x",
                "Categories": "[\"InitialAccess\"]", "ServiceSource": "Microsoft Defender for Office 365", "Timestamp": "2025-03-01T10:00:00Z"}),
            &[
                "microsoftDefenderForOffice365 8acc61bf-ade2-41c7-8810-1c7e3d164170 fa8acc61bf-ade2-41c7-8810-1c7e3d164170",
                "partial",
                "Odd mail",
                "severity not given InitialAccess",
                "urls url:https://files.example/x",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "guide",
            json!({"OrgId": "3", "AlertId": "17", "AlertTitle": "2", "DetectorId": "9", "Category": "Execution", "IncidentGrade": "TruePositive", "MitreTechniques": "T1059;T1106",
                "EntityType": "Machine", "DeviceName": "44", "DeviceId": "98799", "LastVerdict": "", "Timestamp": "2025-03-01T10:00:00Z"}),
            &[
                "guide 3:17",
                "partial",
                "Alert 2 of detector 9",
                "severity not given Execution",
                "T1059 T1106",
                "devices host:3/44",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn sensors() -> Vec<Case> {
    vec![
        case(
            "wazuh",
            json!({"id": "17.2", "timestamp": "2025-03-01T10:00:00.000+0000", "rule": {"level": 10, "description": "Many failed logins ", "id": "5551",
                "groups": ["authentication_failures"], "mitre": {"id": ["T1110"], "tactic": ["Credential Access"]}},
                "agent": {"id": "000", "name": "siem"}, "manager": {"name": "siem"}, "predecoder": {"hostname": "mail"}, "data": {"srcip": "203.0.113.7", "dstuser": "ana"}}),
            &[
                "wazuh 17.2",
                "Many failed logins",
                "medium CredentialAccess",
                "T1110",
                "devices host:mail",
                "users name:ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            json!({"_index": "wazuh-alerts", "_id": "x1", "_source": {"timestamp": "2025-03-01T10:00:00.000+0000", "rule": {"level": "12", "description": "Logon"},
                "agent": {"id": "7", "name": "web-01"}, "data": {"win": {"system": {"computer": "WEB-01.contoso.test", "eventID": "4624"},
                "eventdata": {"subjectUserName": "WEB-01$", "targetUserName": "ana", "targetDomainName": "CONTOSO", "ipAddress": "-"}}}}}),
            &[
                "wazuh x1",
                "Logon",
                "high SuspiciousActivity",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users sam:contoso\\ana local:host:web-01\\web-01$",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            json!({"@timestamp": "2025-03-01T10:00:00Z", "event": {"doc_id": "d1", "kind": "alert"}, "user": {"name": "ana", "domain": "CONTOSO", "id": "S-1-5-21-1"},
                "wazuh": {"agent": {"host": {"hostname": "web-01"}}, "rule": {"title": "Log cleared", "level": "critical", "mitre": {"tactic": {"id": ["TA0005"]}, "technique": {"id": ["T1070"]}}}}}),
            &[
                "wazuh d1",
                "Log cleared",
                "high DefenseEvasion",
                "T1070",
                "devices host:web-01",
                "users sid:s-1-5-21-1 sam:contoso\\ana",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "suricata",
            json!({"event_type": "alert", "timestamp": "2025-03-01T12:00:00.000000+0200", "flow_id": 1_234_567_890_123_456_789_u64, "src_ip": "203.0.113.7", "src_port": 4444,
                "dest_ip": "10.0.0.5", "dest_port": 80, "alert": {"signature_id": 2_013_028, "signature": "ET SCAN Odd agent", "category": "Web Application Attack", "severity": 1}}),
            &[
                "suricata 1234567890123456789:2013028:2025-03-01T12:00:00.000000+0200",
                "ET SCAN Odd agent",
                "high SuspiciousActivity",
                "T1595",
                "devices host:10.0.0.5",
                "addresses 203.0.113.7 10.0.0.5",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "falco",
            json!({"rule": "Shell in container", "priority": "Warning", "time": "2025-03-01T10:00:00.123456789Z+2", "hostname": "node-1", "output": "A shell",
                "output_fields": {"evt.time": 1_740_823_200_000_000_000_i64, "user.name": "ana", "proc.cmdline": "sh"}, "tags": ["mitre_execution", "T1059"]}),
            &[
                "falco (hash)",
                "Shell in container",
                "medium Execution",
                "T1059",
                "devices host:node-1",
                "users name:ana",
                "processes cmd:sh",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn hosts() -> Vec<Case> {
    vec![
        case(
            "sigma",
            json!({"rule": {"id": "r1", "title": "Odd tool", "level": "critical", "tags": ["attack.stealth", "attack.t1027"], "logsource": {"product": "windows"}},
                "event": {"Event": {"System": {"Computer": "web-01.contoso.test", "Channel": "Sysmon", "EventRecordID": 7, "TimeCreated": {"#attributes": {"SystemTime": "2025-03-01T10:00:00Z"}}},
                "EventData": {"Image": "C:\\x.exe", "User": "CONTOSO\\ana", "SourceIp": "203.0.113.7"}}}}),
            &[
                "sigma r1:web-01.contoso.test:Sysmon:7",
                "Odd tool",
                "high DefenseEvasion",
                "T1027",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users sam:contoso\\ana",
                "addresses 203.0.113.7",
                "files path:c:\\x.exe",
                "processes cmd:c:\\x.exe",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sigma",
            json!({"group": "Sigma", "kind": "individual", "name": "Odd tool", "level": "low", "id": "r1", "tags": ["attack.execution"], "timestamp": "2025-03-01T10:00:00+00:00",
                "document": {"kind": "evtx", "data": {"Event": {"System": {"Computer": "web-01", "EventRecordID": 7, "Channel": "Security", "EventID": 4732},
                "EventData": {"TargetUserName": "Administrators", "SubjectUserName": "ana", "SubjectDomainName": "CONTOSO"}}}}}),
            &[
                "sigma r1:web-01:Security:7",
                "Odd tool",
                "low Execution",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "others other id:group:administrators",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sigma",
            json!({"Timestamp": "2025-03-01 12:00:00.000 +02:00", "RuleTitle": "Odd tool", "Level": "med", "Computer": "web-01", "Channel": "Sec", "EventID": 1, "RecordID": 7, "RuleID": "r1",
                "MitreTactics": ["Exec"], "MitreTags": ["T1059"], "Details": {"Cmdline": "x -a", "User": "CONTOSO\\ana"}}),
            &[
                "sigma r1:web-01:Sec:7",
                "Odd tool",
                "medium Execution",
                "T1059",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "processes cmd:x -a",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn guard_duty_finding() -> Value {
    json!({"id": "g1", "accountId": "1", "type": "Recon:EC2/PortProbe", "title": "Port probe", "severity": 5.3, "createdAt": "2025-03-01T10:00:00Z",
        "resource": {"instanceDetails": {"instanceId": "i-0a1"}, "accessKeyDetails": {"userName": "ana"}},
        "service": {"serviceName": "guardduty", "count": 3, "action": {"portProbeAction": {"portProbeDetails": [{"remoteIpDetails": {"ipAddressV4": "203.0.113.7"}}]}}}})
}

const GUARD_DUTY: &[&str] = &[
    "guardDuty g1",
    "Port probe",
    "3 times",
    "medium Reconnaissance",
    "devices host:i-0a1",
    "users sam:1\\ana",
    "addresses 203.0.113.7",
    "2025-03-01T10:00:00Z",
];

fn clouds() -> Vec<Case> {
    vec![
        case("guardDuty", guard_duty_finding(), GUARD_DUTY),
        case("guardDuty", pascal(&guard_duty_finding()), GUARD_DUTY),
        case(
            "guardDuty",
            json!({"id": "e1", "detail-type": "GuardDuty Finding", "source": "aws.guardduty", "detail": guard_duty_finding()}),
            GUARD_DUTY,
        ),
        case(
            "ocsf",
            json!({"class_uid": 2004, "category_uid": 2, "severity_id": 4, "time": 1_740_823_200_000_i64, "metadata": {"product": {"name": "Acme EDR"}},
                "finding_info": {"uid": "o1", "title": "Odd login", "attacks": [{"tactic": {"uid": "TA0001"}, "technique": {"uid": "T1078"}}]},
                "device": {"hostname": "web-01.contoso.test"}, "evidences": [{"src_endpoint": {"ip": "203.0.113.7"}, "actor": {"user": {"name": "ana"}}}]}),
            &[
                "acmeEDR o1",
                "Odd login",
                "high InitialAccess",
                "T1078",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users name:ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn endpoints() -> Vec<Case> {
    vec![
        case(
            "elastic",
            json!({"@timestamp": "2025-03-01T10:05:00Z", "kibana.alert.uuid": "k1", "kibana.alert.rule.name": "Odd login", "kibana.alert.severity": "high", "kibana.alert.original_time": "2025-03-01T10:00:00Z",
                "kibana.alert.rule.threat": [{"tactic": {"id": "TA0001"}, "technique": [{"id": "T1078", "subtechnique": [{"id": "T1078.004"}]}]}],
                "host": {"name": "web-01"}, "user.name": "ana", "source": {"ip": "203.0.113.7"}}),
            &[
                "elasticSecurity k1",
                "Odd login",
                "high InitialAccess",
                "T1078 T1078.004",
                "devices host:web-01",
                "users name:ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "elastic",
            json!({"@timestamp": "2025-03-01T10:00:00Z", "event": {"kind": "alert", "id": "e1", "module": "endpoint", "severity": 73, "category": ["malware"]}, "message": "Malware Prevention Alert",
                "host": {"hostname": "web-01"}, "rule": {"ruleset": "production"}}),
            &[
                "elasticSecurity e1",
                "Malware Prevention Alert",
                "high Malware",
                "devices host:web-01",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "cortexXdr",
            json!({"external_id": "c1", "alert_id": "9", "name": "Odd connection", "severity": "low", "category": "Discovery", "detection_timestamp": 1_740_823_200_000_i64, "host_name": "WEB-01",
                "mitre_technique_id_and_name": ["T1018 - Remote System Discovery"], "events": [{"user_name": "CONTOSO\\ana", "action_remote_ip": "203.0.113.7"}], "action": "BLOCKED"}),
            &[
                "cortexXdr c1",
                "Odd connection",
                "low Discovery",
                "T1018",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sentinelOne",
            json!({"alertInfo": {"alertId": "123456789123456789", "createdAt": "2025-03-01T10:00:00Z", "srcIp": "203.0.113.7"}, "ruleInfo": {"name": "Odd login", "severity": "Medium"},
                "agentDetectionInfo": {"name": "web-01"}, "sourceProcessInfo": {"user": "CONTOSO\\ana"}}),
            &[
                "sentinelOne 123456789123456789",
                "Odd login",
                "medium SuspiciousActivity",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sentinelOne",
            json!({"id": "1", "threatInfo": {"threatId": "t1", "threatName": "x.exe", "confidenceLevel": "malicious", "identifiedAt": "2025-03-01T10:00:00Z", "processUser": "CONTOSO\\ana"},
                "agentRealtimeInfo": {"agentComputerName": "web-01"}, "indicators": [{"tactics": [{"name": "Execution", "techniques": [{"name": "T1059"}]}]}]}),
            &[
                "sentinelOne t1",
                "x.exe",
                "high Execution",
                "T1059",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn research() -> Vec<Case> {
    vec![case(
        "aitAds",
        json!({"scenario": "north", "detector": "Suricata", "rule": "S-Flw-Nmp", "title": "Suricata: Alert - ET SCAN Odd agent", "host": "mail", "ip": "10.0.0.5", "count": 4,
            "first_activity": "2025-03-01T10:00:00Z", "last_activity": "2025-03-01T10:00:09Z", "gt_attack": true, "event_label": "scan"}),
        &[
            "suricata (hash)",
            "ET SCAN Odd agent",
            "4 times",
            "high SuspiciousActivity",
            "devices host:north-mail",
            "addresses 10.0.0.5",
            "2025-03-01T10:00:00Z",
        ],
    )]
}
