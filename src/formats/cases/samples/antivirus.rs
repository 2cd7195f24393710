//! Samples of endpoint products that began as virus scanners.

use serde_json::json;

use crate::formats::cases::sample_case::{Case, case};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [sophos(), trend_vision_one(), cisco_secure_endpoint(), eset()].into_iter().flatten().collect()
}

fn sophos() -> Vec<Case> {
    vec![
        case(
            "sophosCentral",
            json!({"id": "s1", "type": "Event::Endpoint::Threat::PuaCleanupFailed", "severity": "medium", "description": "Manual PUA cleanup required: 'OddTool' at 'C:\\Users\\ana\\odd.exe'", "threat": "OddTool",
                "source": "CONTOSO\\ana", "location": "web-01", "customer_id": "c1", "when": "2025-03-01T10:00:00.000Z", "created_at": "2025-03-01T10:01:00.000Z",
                "data": {"endpoint_id": "e1", "endpoint_type": "computer", "source_info": {"ip": "10.0.0.5"}, "hmpa_exploit": {"process_path": "C:\\Temp\\odd.exe", "process_pid": "77"},
                    "ips_threat": {"remote_ip": "198.51.100.9", "executable_path": "C:\\Temp\\b.exe"}, "core_remedy_items": {"items": [{"type": "file", "descriptor": "C:\\foo.dll", "result": "SUCCESS"}]}}}),
            &[
                "sophosCentral s1",
                "Manual PUA cleanup required: 'OddTool' at 'C:\\Users\\ana\\odd.exe'",
                "medium UnwantedSoftware",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "addresses 198.51.100.9",
                "files path:c:\\users\\ana\\odd.exe path:c:\\foo.dll path:c:\\temp\\b.exe path:c:\\temp\\odd.exe",
                "processes cmd:c:\\temp\\b.exe cmd:c:\\temp\\odd.exe",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sophosCentral",
            json!({"id": "s2", "type": "Event::Endpoint::HmpaCryptoGuard", "severity": "high", "name": "CryptoGuard stopped an attack", "source": "Ana Lee", "location": "web-01", "group": "RUNTIME_DETECTIONS",
                "appSha256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44", "endpoint_id": "e1", "when": "2025-03-01T10:00:00.000Z"}),
            &[
                "sophosCentral s2",
                "CryptoGuard stopped an attack",
                "high Ransomware",
                "devices host:web-01",
                "users name:ana lee",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sophosCentral",
            json!({"id": "s3", "type": "Event::Endpoint::Threat::Detected", "severity": "high", "category": "malware", "description": "Malware was found.", "raisedAt": "2025-03-01T10:00:00.000Z",
                "managedAgent": {"id": "e1", "name": "web-01", "type": "computer"}, "tenant": {"id": "t1", "name": "Contoso"}, "allowedActions": ["acknowledge"]}),
            &["sophosCentral s3", "Malware was found.", "high Malware", "devices host:web-01", "2025-03-01T10:00:00Z"],
        ),
        case(
            "sophosXdr",
            json!({"id": "x1", "detectionRule": "WIN-EXE-1", "detectionDescription": "Encoded PowerShell", "severity": 7, "attackType": "Execution", "type": "Threat", "sensor": {"type": "endpoint"},
                "sensorGeneratedAt": "2025-03-01T10:00:00.000Z", "device": {"id": "e1", "entity": "web-01", "type": "computer"},
                "mitreAttacks": [{"tactic": {"id": "TA0002", "name": "Execution", "techniques": [{"id": "T1059.001", "name": "PowerShell"}]}}],
                "rawData": {"meta_hostname": "web-01", "username": "ana", "cmdline": "powershell -enc AAAA", "path": "C:\\Windows\\powershell.exe", "pid": 77, "parent_name": "explorer.exe",
                    "sha256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44"}}),
            &[
                "sophosXdr x1",
                "Encoded PowerShell",
                "high Execution",
                "T1059.001",
                "devices host:web-01",
                "users name:ana",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "processes cmd:powershell -enc aaaa",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sophosXdr",
            json!({"id": "x2", "detectionRule": "NET-C2-1", "severity": 2, "attackType": "Network", "time": "2025-03-01T10:00:00Z", "device": {"entity": "web-01"},
                "rawData": {"remote_ip": "198.51.100.9", "domain": "odd.example"}}),
            &[
                "sophosXdr x2",
                "NET-C2-1",
                "low SuspiciousActivity",
                "devices host:web-01",
                "addresses 198.51.100.9",
                "urls url:odd.example",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn trend_vision_one() -> Vec<Case> {
    vec![
        case(
            "trendVisionOne",
            json!({"schemaVersion": "1.11", "id": "WB-1-20250301-00001", "investigationStatus": "In Progress", "workbenchLink": "https://trend.example/WB-1", "alertProvider": "SAE", "model": "Credential dumping",
                "score": 64, "severity": "critical", "createdDateTime": "2025-03-01T10:05:00Z", "updatedDateTime": "2025-03-01T11:00:00Z", "description": "Credentials were read from memory.",
                "impactScope": {"desktopCount": 1, "entities": [
                    {"entityType": "account", "entityValue": "contoso\\\\ana", "entityId": "contoso\\ana"},
                    {"entityType": "host", "entityValue": {"guid": "g1", "name": "CONTOSO\\web-01", "ips": ["10.0.0.5"]}, "entityId": "g1"},
                    {"entityType": "emailAddress", "entityValue": "omar@contoso.test", "entityId": "omar@contoso.test"}]},
                "matchedRules": [{"name": "Odd access to LSASS", "matchedFilters": [{"name": "LSASS", "matchedDateTime": "2025-03-01T10:00:00Z", "mitreTacticIds": ["TA0006"], "mitreTechniqueIds": ["V9.T1003.001"],
                    "matchedEvents": [{"uuid": "u1", "matchedDateTime": "2025-03-01T10:02:00Z"}]}]}],
                "indicators": [{"id": 1, "type": "command_line", "field": "processCmd", "value": "odd.exe /dump"}, {"id": 2, "type": "fullpath", "field": "processFilePath", "value": "C:\\Temp\\odd.exe"},
                    {"id": 3, "type": "file_sha1", "field": "objectFileHashSha1", "value": "AA11BB22CC33DD44EE55FF66AA11BB22CC33DD44"}, {"id": 4, "type": "ip", "field": "dst", "value": "198.51.100.9"},
                    {"id": 5, "type": "url", "field": "request", "value": "http://odd.example/a"}, {"id": 6, "type": "port", "field": "dpt", "value": 4444}]}),
            &[
                "trendVisionOne WB-1-20250301-00001",
                "Credential dumping",
                "high CredentialAccess",
                "T1003.001",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "addresses 198.51.100.9",
                "files path:c:\\temp\\odd.exe sha1:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "processes cmd:odd.exe /dump",
                "urls url:http://odd.example/a",
                "others mailbox addr:omar@contoso.test",
                "status inProgress",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "trendVisionOne",
            json!({"schemaVersion": "1.0", "id": "WB-2", "investigationStatus": "Benign True Positive", "workbenchLink": "https://trend.example/WB-2", "alertProvider": "TI", "model": "Watering hole", "severity": "low",
                "createdDateTime": "2025-03-01T10:00:00Z", "impactScope": {"entities": [{"entityType": "host", "entityValue": "web-01"}]}}),
            &[
                "trendVisionOne WB-2",
                "Watering hole",
                "low SuspiciousActivity",
                "devices host:web-01",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn cisco_secure_endpoint() -> Vec<Case> {
    vec![
        case(
            "ciscoSecureEndpoint",
            json!({"version": "v1.2.0", "data": {"id": 1001, "timestamp": 1_740_823_200, "timestamp_nanoseconds": 500_000_000, "date": "2025-03-01T10:00:00+00:00", "event_type": "Threat Detected", "event_type_id": 1_090_519_054,
                "detection": "W32.Odd", "detection_id": "1001", "severity": "High", "connector_guid": "g1",
                "computer": {"hostname": "web-01.contoso.test", "user": "ana@CONTOSO", "external_ip": "203.0.113.7", "network_addresses": [{"ip": "10.0.0.5", "mac": "02:00:00:00:00:01"}]},
                "file": {"disposition": "Malicious", "file_name": "odd.exe", "file_path": "\\\\?\\C:\\Temp\\odd.exe", "identity": {"sha256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44"},
                    "parent": {"file_name": "svchost.exe"}}}}),
            &[
                "ciscoSecureEndpoint 1001",
                "Threat Detected: W32.Odd",
                "high Malware",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users upn:ana@contoso",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "2025-03-01T10:00:00.5Z",
            ],
        ),
        case(
            "ciscoSecureEndpoint",
            json!({"id": 1001, "timestamp": 1_740_823_260, "event_type": "Threat Quarantined", "detection_id": "1001", "severity": "High", "computer": {"hostname": "web-01", "connector_guid": "g1"},
                "file": {"identity": {"sha256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44"}}}),
            &[
                "ciscoSecureEndpoint 1001:Threat Quarantined",
                "Threat Quarantined",
                "high Malware",
                "devices host:web-01",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "2025-03-01T10:01:00Z",
            ],
        ),
        case(
            "ciscoSecureEndpoint",
            json!({"id": 1002, "timestamp": 1_740_823_260, "start_timestamp": 1_740_823_200, "event_type": "Cloud IOC", "severity": "Medium", "computer": {"hostname": "web-01", "connector_guid": "g1"},
                "cloud_ioc": {"description": "Event logs were deleted.", "short_description": "W32.ClearEventLogs.ioc"}, "file": {"disposition": "Clean", "file_name": "wevtutil.exe", "file_path": "file:///C%3A/Windows/wevtutil.exe"},
                "command_line": {"arguments": "wevtutil.exe cl Application"}, "tactics": ["TA0005"], "techniques": ["T1070"], "network_info": {"remote_ip": "198.51.100.9", "dirty_url": "http://odd.example/a"}}),
            &[
                "ciscoSecureEndpoint 1002",
                "Cloud IOC: W32.ClearEventLogs.ioc",
                "medium DefenseEvasion",
                "T1070",
                "devices host:web-01",
                "addresses 198.51.100.9",
                "files path:c:\\windows\\wevtutil.exe",
                "processes cmd:wevtutil.exe cl application",
                "urls url:http://odd.example/a",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn eset() -> Vec<Case> {
    vec![
        case(
            "esetProtect",
            json!({"event_type": "Threat_Event", "ipv4": "10.0.0.5", "hostname": "web-01", "source_uuid": "u1", "occured": "01-Mar-2025 10:00:00", "severity": "Warning", "threat_type": "Trojan", "threat_name": "LNK/Odd.A",
                "scanner_id": "Real-time file system protection", "object_type": "File", "object_uri": "file:///C:/Users/ana/odd.lnk", "action_taken": "Cleaned by deleting", "threat_handled": true,
                "username": "CONTOSO\\ana", "processname": "C:\\Windows\\explorer.exe", "firstseen": "01-Mar-2025 09:59:00", "hash": "AA11BB22CC33DD44EE55FF66AA11BB22CC33DD44"}),
            &[
                "esetProtect (hash)",
                "LNK/Odd.A",
                "medium Malware",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "files path:c:\\windows\\explorer.exe sha1:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "processes cmd:c:\\windows\\explorer.exe",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "esetProtect",
            json!({"event_type": "FirewallAggregated_Event", "ipv4": "10.0.0.5", "hostname": "web-01.contoso.test", "source_uuid": "u1", "occured": "01-Mar-2025 10:00:00", "severity": "Critical",
                "event": "Security vulnerability exploitation attempt", "source_address": "203.0.113.7", "target_address": "10.0.0.5", "target_port": 80, "account": "CONTOSO\\ana", "threat_name": "CVE-2017-5638.Struts2", "aggregate_count": 4}),
            &[
                "esetProtect (hash)",
                "CVE-2017-5638.Struts2",
                "4 times",
                "high Exploit",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users sam:contoso\\ana",
                "addresses 203.0.113.7 10.0.0.5",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "esetProtect",
            json!({"event_type": "FilteredWebsites_Event", "hostname": "web-01", "source_uuid": "u1", "occured": "01-Mar-2025 10:00:00", "severity": "Warning", "event": "An attempt to connect to URL", "object_uri": "https://odd.example/a",
                "target_address": "198.51.100.9"}),
            &[
                "esetProtect (hash)",
                "An attempt to connect to URL",
                "medium SuspiciousActivity",
                "devices host:web-01",
                "addresses 198.51.100.9",
                "urls url:https://odd.example/a",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "esetProtect",
            json!({"event_type": "ESET Inspect Alert", "hostname": "web-01", "source_uuid": "u1", "occured": "01-Mar-2025 10:00:00", "severity": "Information", "rulename": "Process ended from a command line", "processname": "%SYSTEM%\\taskkill.exe",
                "command_line": "/PID 21288 /F", "count": "1", "resolved": "true", "detection_uuid": "3f3f5a5a"}),
            &[
                "esetProtect 3f3f5a5a",
                "Process ended from a command line",
                "1 times",
                "informational SuspiciousActivity",
                "devices host:web-01",
                "files path:%system%\\taskkill.exe",
                "processes cmd:/pid 21288 /f",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}
