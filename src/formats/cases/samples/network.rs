//! Samples of network products, and of endpoint products that send little more than a name and a path.

use serde_json::json;

use crate::formats::cases::sample_case::{Case, case};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [darktrace(), zeek(), firewalls(), bitdefender(), threatdown()].into_iter().flatten().collect()
}

fn darktrace() -> Vec<Case> {
    vec![
        case(
            "darktrace",
            json!({"pbid": 6, "score": 0.871, "time": 1_740_823_200_000_i64, "creationTime": 1_740_823_260_000_i64, "commentCount": 0, "breachUrl": "https://dt.example/#modelbreach/6", "acknowledged": true,
                "model": {"then": {"name": "Compromise::Beaconing", "description": "A device connects often.\\n\\nAction: look.", "category": "Suspicious", "priority": 4, "tags": ["AP: C2 Comms"]}},
                "mitreTechniques": [{"technique": "Web Protocols", "techniqueID": "T1071.001"}],
                "device": {"did": 7, "ip": "10.0.0.5", "hostname": "web-01.contoso.test", "typelabel": "Server", "credentials": ["ana"]},
                "triggeredComponents": [{"time": 1_740_823_200_000_i64, "metric": {"label": "External connections"}, "triggeredFilters": [
                    {"filterType": "Destination IP", "comparatorType": "display", "trigger": {"value": "198.51.100.9"}},
                    {"filterType": "Connection hostname", "comparatorType": "does not match", "trigger": {"value": "odd.example"}},
                    {"filterType": "Filename", "comparatorType": "display", "trigger": {"value": "odd.zip"}},
                    {"filterType": "SHA1 file hash", "comparatorType": "display", "trigger": {"value": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44"}}]}]}),
            &[
                "darktrace 6",
                "Compromise::Beaconing",
                "high CommandAndControl",
                "T1071.001",
                "devices fqdn:web-01.contoso.test host:web-01",
                "addresses 198.51.100.9",
                "files sha1:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "urls url:odd.example",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "darktrace",
            json!({"pbid": 7, "time": 1_740_823_200_000_i64, "model": {"name": "SaaS::Odd sign-in", "priority": 3, "category": "Compliance"}, "triggeredComponents": [],
                "device": {"did": 8, "hostname": "SaaS::Office365: ana@contoso.test"}}),
            &[
                "darktrace 7",
                "SaaS::Odd sign-in",
                "medium Compliance",
                "users upn:ana@contoso.test sam:contoso\\ana",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "darktraceIncidents",
            json!({"id": "i1", "title": "Scanning of many ports", "summariser": "ScanSummary", "aiaScore": 64, "groupScore": 6.8, "category": "suspicious", "acknowledged": {"username": "omar"}, "createdAt": 1_740_823_300_000_i64,
                "summary": "The device made many connections.", "periods": [{"start": 1_740_823_200_000_i64, "end": 1_740_823_260_000_i64}],
                "breachDevices": [{"identifier": "web-01", "hostname": null, "ip": "10.0.0.5/24", "did": 7}], "relatedBreaches": [{"modelName": "Device / Scanning", "pbid": 6}],
                "details": [[{"header": "Scan", "contents": [{"key": "Scanned IPs", "type": "device", "values": [{"ip": "10.0.0.9"}]}, {"key": "Username observed before", "type": "string", "values": ["ana"]},
                    {"key": "Host", "type": "externalHost", "values": [{"hostname": "odd.example", "ip": "198.51.100.9"}]}, {"key": "Connections", "type": "integer", "values": [4537]}]}]]}),
            &[
                "darktrace i1",
                "Scanning of many ports",
                "medium SuspiciousActivity",
                "devices host:web-01",
                "users name:ana",
                "addresses 10.0.0.9 198.51.100.9",
                "urls url:odd.example",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "darktraceIncidents",
            json!({"id": "i2", "title": "Odd administration", "summariser": "AdminConnSummary", "groupScore": "12.9", "createdAt": 1_740_823_200_000_i64, "breachDevices": [{"hostname": null, "ip": "10.0.0.5", "did": 7}]}),
            &[
                "darktrace i2",
                "Odd administration",
                "informational SuspiciousActivity",
                "devices host:10.0.0.5",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn zeek() -> Vec<Case> {
    vec![
        case(
            "zeek",
            json!({"ts": 1_740_823_200.5, "note": "SSH::Password_Guessing", "msg": "203.0.113.7 appears to be guessing SSH passwords.", "sub": "Sampled servers: 10.0.0.5", "src": "203.0.113.7", "dst": "10.0.0.5", "p": 22,
                "peer_descr": "sensor-1", "actions": ["Notice::ACTION_LOG"], "suppress_for": 3600.0}),
            &[
                "zeek 1740823200.5|SSH::Password_Guessing|203.0.113.7|10.0.0.5",
                "SSH::Password_Guessing",
                "severity not given CredentialAccess",
                "devices host:10.0.0.5",
                "addresses 203.0.113.7 10.0.0.5",
                "2025-03-01T10:00:00.5Z",
            ],
        ),
        case(
            "zeek",
            json!({"_path": "notice", "ts": "2025-03-01T10:00:00.000000Z", "uid": "C1", "id.orig_h": "10.0.0.7", "id.orig_p": 50000, "id.resp_h": "10.0.0.5", "id.resp_p": 445, "proto": "tcp", "note": "ATTACK::Lateral_Movement",
                "msg": "Detected activity to an admin share", "sub": "T1021.002 SMB/Windows Admin Shares", "actions": ["Notice::ACTION_LOG"], "severity.name": "error"}),
            &[
                "zeek 2025-03-01T10:00:00.000000Z|ATTACK::Lateral_Movement|C1",
                "ATTACK::Lateral_Movement",
                "high LateralMovement",
                "T1021.002",
                "devices host:10.0.0.5",
                "addresses 10.0.0.7 10.0.0.5",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn firewalls() -> Vec<Case> {
    vec![
        case(
            "fortiGate",
            json!({"date": "2025-03-01", "time": "11:00:00", "tz": "+0100", "eventtime": 1_740_823_200_000_000_000_i64, "logid": "0419016384", "type": "utm", "subtype": "ips", "level": "alert", "severity": "medium", "devname": "fw-1",
                "devid": "FG1", "vd": "root", "srcip": "203.0.113.7", "srcport": 50000, "dstip": "10.0.0.5", "dstport": 443, "sessionid": 77, "action": "detected", "attack": "Odd.Injection", "attackid": 29844, "count": 2,
                "hostname": "web.contoso.test", "url": "/a", "user": "ana", "msg": "web_app: Odd.Injection"}),
            &[
                "fortiGate 0419016384:77:1740823200000000000",
                "Odd.Injection",
                "2 times",
                "medium Exploit",
                "devices host:10.0.0.5",
                "users name:ana",
                "addresses 203.0.113.7 10.0.0.5",
                "urls url:http://web.contoso.test/a",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "fortiGate",
            json!({"date": "2025-03-01", "time": "11:00:00", "tz": "+0100", "logid": "0211008192", "type": "utm", "subtype": "virus", "level": "warning", "vd": "root", "srcip": "10.0.0.7", "dstip": "198.51.100.9", "action": "blocked",
                "virus": "ODD_TEST", "filename": "odd.zip", "filehash": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44"}),
            &[
                "fortiGate (hash)",
                "ODD_TEST",
                "medium Malware",
                "devices host:10.0.0.7",
                "addresses 10.0.0.7 198.51.100.9",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "paloAltoFirewall",
            json!({"LogType": "THREAT", "Subtype": "spyware", "DeviceSN": "0070", "DeviceName": "fw-2", "SequenceNo": 4711, "TimeGenerated": "2025-03-01T10:00:00.000000Z", "TimeReceived": "2025-03-01T10:00:05.000000Z", "VendorSeverity": "High",
                "ThreatName": "Odd beacon", "ThreatID": 85000, "SourceAddress": "10.0.0.7", "SourcePort": 50000, "DestinationAddress": "198.51.100.9", "DestinationPort": 443, "SourceUser": "contoso\\ana", "Action": "reset-both",
                "DirectionOfAttack": "client to server", "URLDomain": "odd.example"}),
            &[
                "paloAltoFirewall 0070:4711",
                "Odd beacon",
                "high CommandAndControl",
                "devices host:10.0.0.7",
                "users sam:contoso\\ana",
                "addresses 10.0.0.7 198.51.100.9",
                "urls url:odd.example",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "paloAltoFirewall",
            json!({"LogType": "THREAT", "Subtype": "virus", "DeviceSN": "0070", "SequenceNo": 4712, "TimeGenerated": "2025-03-01T10:00:00.000000Z", "VendorSeverity": "Medium", "ThreatName": "Odd file", "SourceAddress": "10.0.0.7",
                "DestinationAddress": "10.0.0.9", "DirectionOfAttack": "server to client", "FileName": "odd.zip", "FileSHA256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44"}),
            &[
                "paloAltoFirewall 0070:4712",
                "Odd file",
                "medium Malware",
                "devices host:10.0.0.7",
                "addresses 10.0.0.7 10.0.0.9",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn bitdefender() -> Vec<Case> {
    vec![
        case(
            "bitdefenderGravityZone",
            json!({"module": "new-incident", "companyId": "c1", "computer_id": "e1", "computer_name": "WEB-01", "computer_fqdn": "web-01.contoso.test", "computer_ip": "10.0.0.5, 10.0.0.6", "created": "2025-03-01T10:00:00.000Z",
                "incident_id": "n1", "detection_name": "ATC.Malicious", "attack_types": ["Malware"], "att_ck_id": ["T1059", "T1036"], "severity": "high", "severity_score": 89, "main_action": "no action",
                "username": "CONTOSO\\ana", "user_sid": "S-1-5-21-1-2-3-1104", "process_path": "c:\\temp\\odd.exe", "process_pid": 77, "process_command_line": "odd.exe /x", "parent_process_path": "c:\\windows\\cmd.exe",
                "file_hash_sha256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44"}),
            &[
                "bitdefenderGravityZone n1",
                "ATC.Malicious",
                "high Malware",
                "T1059 T1036",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users sid:s-1-5-21-1-2-3-1104 sam:contoso\\ana",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "processes cmd:odd.exe /x",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "bitdefenderGravityZone",
            json!({"module": "av", "product_installed": "BEST", "companyId": "c1", "computer_id": "e1", "computer_name": "WEB-01", "computer_ip": "10.0.0.5", "malware_type": "file", "malware_name": "Odd.Trojan",
                "file_path": "C:\\Temp\\odd.txt", "hash": "aa11bb22cc33dd44ee55ff66aa11bb22", "final_status": "quarantined", "timestamp": "2025-03-01T10:00:00.000Z", "user": {"id": "0", "name": "root"}}),
            &[
                "bitdefenderGravityZone (hash)",
                "Odd.Trojan",
                "severity not given Malware",
                "devices host:web-01",
                "users local:host:web-01\\root",
                "files md5:aa11bb22cc33dd44ee55ff66aa11bb22",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "bitdefenderGravityZone",
            json!({"module": "aph", "product_installed": "BEST", "companyId": "c1", "computer_name": "WEB-01", "aph_type": "phishing", "url": "http://odd.example/a", "status": "aph_blocked", "last_blocked": "2025-03-01T10:00:00.000Z", "count": 3}),
            &[
                "bitdefenderGravityZone (hash)",
                "phishing",
                "3 times",
                "severity not given InitialAccess",
                "devices host:web-01",
                "urls url:http://odd.example/a",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "bitdefenderGravityZone",
            json!({"module": "network-monitor", "product_installed": "BEST", "computer_name": "WEB-01", "computer_id": "e1", "detection_name": "PrivacyThreat.HTTP", "detection_attackTechnique": "discovery", "source_ip": "10.0.0.9",
                "victim_ip": "198.51.100.9", "timestamp": "2025-03-01T10:00:00.000Z", "user": {"userName": "ana@contoso.test", "userSid": "S-1-2-3-4"}}),
            &[
                "bitdefenderGravityZone (hash)",
                "PrivacyThreat.HTTP",
                "severity not given Discovery",
                "devices host:web-01",
                "users sid:s-1-2-3-4 upn:ana@contoso.test sam:contoso\\ana",
                "addresses 10.0.0.9 198.51.100.9",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn threatdown() -> Vec<Case> {
    vec![
        case(
            "threatDown",
            json!({"id": "td1", "account_id": "a1", "machine_id": "m1", "machine_name": "WEB-01", "threat_name": "Trojan.Odd", "category": "malware", "type": "file", "path": "C:\\Temp\\odd.exe", "status": "quarantined",
                "md5": "aa11bb22cc33dd44ee55ff66aa11bb22", "process_name": "explorer.exe", "last_user": "CONTOSO\\ana", "scanned_at": "2025-03-01T10:00:00Z", "reported_at": "2025-03-01T10:01:00Z"}),
            &[
                "threatDown td1",
                "Trojan.Odd",
                "severity not given Malware",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "files md5:aa11bb22cc33dd44ee55ff66aa11bb22",
                "processes cmd:explorer.exe",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "threatDown",
            json!({"id": "td2", "account_id": "a1", "machine_id": "m1", "machine_name": "WEB-01", "threat_name": "Malicious website", "category": "malicious_website", "type": "outbound connection", "domain": "odd.example",
                "ip_address": "198.51.100.9", "status": "blocked", "scanned_at": "2025-03-01T10:00:00Z"}),
            &[
                "threatDown td2",
                "Malicious website",
                "severity not given CommandAndControl",
                "devices host:web-01",
                "addresses 198.51.100.9",
                "urls url:odd.example",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}
