//! Samples of endpoint products.

use serde_json::json;

use crate::formats::cases::sample_case::{Case, case};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [crowdstrike_alerts(), crowdstrike_events(), carbon_black(), limacharlie()].into_iter().flatten().collect()
}

fn crowdstrike_alerts() -> Vec<Case> {
    vec![
        case(
            "crowdStrikeFalcon",
            json!({"cid": "c1", "composite_id": "c1:ind:a1:77-5702", "aggregate_id": "aggind:a1:7", "name": "RundllAbuse", "display_name": "Odd rundll32",
                "description": "A DLL was started in an odd way.", "severity": 70, "severity_name": "High", "status": "in_progress", "product": "epp",
                "tactic": "Defense Evasion", "tactic_id": "TA0005", "technique": "Rundll32", "technique_id": "T1218.011", "objective": "Keep Access",
                "device": {"device_id": "a1", "hostname": "WEB-01", "machine_domain": "contoso.test", "local_ip": "10.0.0.5", "external_ip": "203.0.113.7", "os_version": "Windows 11"},
                "user_name": "ana", "user_id": "S-1-5-21-1-2-3-1104", "logon_domain": "CONTOSO", "user_principal": "ana@contoso.test",
                "filename": "rundll32.exe", "filepath": "\\Device\\HarddiskVolume3\\Windows\\System32\\rundll32.exe", "cmdline": "rundll32.exe q1.dll,Start", "local_process_id": "9120",
                "sha256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44", "parent_details": {"cmdline": "explorer.exe", "user_name": "omar"},
                "pattern_disposition_description": "Prevention, process killed.", "network_accesses": [{"remote_address": "198.51.100.9", "remote_port": 443}],
                "dns_requests": [{"domain_name": "odd.example"}], "files_written": [{"filename": "q1.dll", "filepath": "C:\\Temp\\"}],
                "context_timestamp": "2025-03-01T10:00:00Z", "created_timestamp": "2025-03-01T10:01:00Z", "updated_timestamp": "2025-03-01T10:05:00Z"}),
            &[
                "crowdStrikeFalcon c1:ind:a1:77-5702",
                "Odd rundll32",
                "high DefenseEvasion",
                "T1218.011",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users sid:s-1-5-21-1-2-3-1104 upn:ana@contoso.test sam:contoso\\ana",
                "addresses 198.51.100.9",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44 path:c:\\temp\\q1.dll",
                "processes cmd:rundll32.exe q1.dll,start",
                "urls url:odd.example",
                "status inProgress",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "crowdStrikeFalcon",
            json!({"cid": "c1", "composite_id": "c1:ind:b2:5876E98F", "name": "IdpPolicyIdentityVerificationDenied", "display_name": "Identity verification denied",
                "severity": 45, "status": "closed", "product": "idp", "tactic": "Credential Access", "technique_id": "T1110", "pattern_id": 51143,
                "source_account_name": "Ana", "source_account_sam_account_name": "ana", "source_account_domain": "CONTOSO", "source_account_upn": "ana@contoso.test",
                "source_account_object_sid": "S-1-5-21-1-2-3-1104", "source_endpoint_host_name": "pc-7.contoso.test", "source_endpoint_ip_address": "10.0.0.7",
                "target_account_name": "SRV-2$", "target_endpoint_host_name": "srv-2.contoso.test", "target_domain_controller_host_name": "DC01", "user_name": "ana",
                "start_time": "2025-03-01T10:00:00Z", "end_time": "2025-03-01T10:02:00Z", "timestamp": "2025-03-01T10:02:01Z", "updated_timestamp": "2025-03-01T11:00:00Z"}),
            &[
                "crowdStrikeFalcon c1:ind:b2:5876E98F",
                "Identity verification denied",
                "medium CredentialAccess",
                "T1110",
                "devices fqdn:pc-7.contoso.test host:pc-7 fqdn:srv-2.contoso.test host:srv-2",
                "users sid:s-1-5-21-1-2-3-1104 upn:ana@contoso.test sam:contoso\\ana",
                "addresses 10.0.0.7",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "crowdStrikeFalcon",
            json!({"cid": "c1", "composite_id": "c1:ngsiem:c1:f1e2", "display_name": "Odd inbound traffic", "severity": 30, "severity_name": "Low", "status": "new", "product": "ngsiem",
                "host_names": ["nas-1.contoso.test"], "source_hosts": ["scanner.example"], "source_ips": ["203.0.113.7"], "user_names": ["CONTOSO\\ana"], "mitre_attack": [],
                "start_time": "2025-03-01T10:00:00Z", "timestamp": "2025-03-01T10:04:00Z"}),
            &[
                "crowdStrikeFalcon c1:ngsiem:c1:f1e2",
                "Odd inbound traffic",
                "low SuspiciousActivity",
                "devices fqdn:nas-1.contoso.test host:nas-1",
                "users sam:contoso\\ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "crowdStrikeDetections",
            json!({"cid": "c1", "detection_id": "ldt:a1:4711", "created_timestamp": "2025-03-01T10:01:00Z", "first_behavior": "2025-03-01T10:00:00Z", "last_behavior": "2025-03-01T10:00:30Z",
                "max_severity": 90, "max_severity_displayname": "Critical", "max_confidence": 80, "status": "true_positive", "date_updated": "2025-03-01T12:00:00Z",
                "device": {"device_id": "a1", "hostname": "WEB-01", "local_ip": "10.0.0.5"},
                "behaviors": [{"display_name": "Odd download", "description": "A file of ill repute was loaded.", "tactic": "Execution", "tactic_id": "TA0002", "technique_id": "T1059.001",
                    "filename": "powershell.exe", "filepath": "\\Device\\HarddiskVolume2\\Windows\\powershell.exe", "cmdline": "powershell -enc AAAA", "user_name": "ana", "user_id": "S-1-5-21-1-2-3-1104",
                    "sha256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44", "ioc_type": "domain", "ioc_value": "odd.example", "timestamp": "2025-03-01T10:00:00Z",
                    "parent_details": {"parent_cmdline": "cmd.exe"}}]}),
            &[
                "crowdStrikeFalcon ldt:a1:4711",
                "Odd download",
                "high Execution",
                "T1059.001",
                "devices host:web-01",
                "users sid:s-1-5-21-1-2-3-1104 name:ana",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "processes cmd:powershell -enc aaaa",
                "urls url:odd.example",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn crowdstrike_events() -> Vec<Case> {
    vec![
        case(
            "crowdStrikeStream",
            json!({"metadata": {"customerIDString": "c1", "offset": 1, "eventType": "EppDetectionSummaryEvent", "eventCreationTime": 1_740_823_260_000_i64, "version": "1.0"},
                "event": {"Hostname": "WEB-01", "UserName": "ana", "LogonDomain": "CONTOSO", "Name": "Known malware", "Description": "A likely malicious file was started.", "Severity": 70, "SeverityName": "High",
                    "FileName": "bad.exe", "FilePath": "\\Device\\HarddiskVolume2\\Users\\ana\\bad.exe", "CommandLine": "bad.exe /x", "MD5String": "aa11bb22cc33dd44ee55ff66aa11bb22",
                    "CompositeId": "c1:ind:a1:11-22", "LocalIP": "10.0.0.5", "Tactic": "Malware", "Technique": "Malicious File", "MitreAttack": [{"Tactic": "Malware", "TechniqueID": "CST0001"}],
                    "NetworkAccesses": [{"RemoteAddress": "198.51.100.9", "RemotePort": 443}], "DnsRequests": [{"DomainName": "odd.example"}],
                    "PatternDispositionDescription": "Prevention, process was blocked from execution.", "ParentImageFileName": "cmd.exe"}}),
            &[
                "crowdStrikeFalcon c1:ind:a1:11-22",
                "Known malware",
                "high Malware",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "addresses 198.51.100.9",
                "files md5:aa11bb22cc33dd44ee55ff66aa11bb22",
                "processes cmd:bad.exe /x",
                "urls url:odd.example",
                "2025-03-01T10:01:00Z",
            ],
        ),
        case(
            "crowdStrikeStream",
            json!({"metadata": {"customerIDString": "c1", "offset": 2, "eventType": "DetectionSummaryEvent", "eventCreationTime": 1_740_823_260_000_i64},
                "event": {"ComputerName": "WEB-01", "MachineDomain": "CONTOSO", "UserName": "ana", "DetectName": "NGAV", "DetectId": "ldt:a1:4711", "Severity": 4, "Tactic": "Machine Learning", "FileName": "bad.exe"}}),
            &[
                "crowdStrikeFalcon ldt:a1:4711",
                "NGAV",
                "high Malware",
                "devices host:web-01",
                "users name:ana",
                "processes cmd:bad.exe",
                "2025-03-01T10:01:00Z",
            ],
        ),
        case(
            "crowdStrikeStream",
            json!({"metadata": {"customerIDString": "c1", "offset": 3, "eventType": "IdpDetectionSummaryEvent", "eventCreationTime": 1_740_823_260_000_i64},
                "event": {"DetectName": "Unusual sign-in to an endpoint", "DetectId": "c1:ind:b2:12", "Severity": 50, "Tactic": "Initial Access", "TechniqueId": "T1078", "State": "IN_PROGRESS",
                    "ContextTimeStamp": 133_852_968_000_000_000_i64, "SourceAccountName": "ana", "SourceAccountDomain": "CONTOSO.TEST", "SourceAccountObjectSid": "S-1-5-21-1-2-3-1104",
                    "SourceEndpointHostName": "pc-7.contoso.test", "SourceEndpointIpAddress": "10.0.0.7", "TargetEndpointHostName": "srv-2.contoso.test"}}),
            &[
                "crowdStrikeFalcon c1:ind:b2:12",
                "Unusual sign-in to an endpoint",
                "medium InitialAccess",
                "T1078",
                "devices fqdn:pc-7.contoso.test host:pc-7 fqdn:srv-2.contoso.test host:srv-2",
                "users sid:s-1-5-21-1-2-3-1104 sam:contoso.test\\ana sam:contoso\\ana",
                "addresses 10.0.0.7",
                "status inProgress",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn carbon_black() -> Vec<Case> {
    vec![
        case(
            "carbonBlackCloud",
            json!({"org_key": "K1", "id": "cb-1", "type": "CB_ANALYTICS", "alert_url": "https://cb.example/alerts?id=cb-1", "severity": 5, "reason": "A known virus was detected running.",
                "threat_id": "t1", "sensor_action": "DENY", "workflow": {"status": "CLOSED", "closure_reason": "NO_REASON"}, "determination": {"value": "TRUE_POSITIVE"},
                "first_event_timestamp": "2025-03-01T10:00:00Z", "last_event_timestamp": "2025-03-01T10:02:00Z", "detection_timestamp": "2025-03-01T10:00:10Z",
                "backend_timestamp": "2025-03-01T10:01:00Z", "backend_update_timestamp": "2025-03-01T11:00:00Z",
                "device_name": "CONTOSO\\WEB-01", "device_username": "omar@contoso.test", "device_internal_ip": "10.0.0.5", "device_os": "WINDOWS",
                "ttps": ["RUN_MALWARE_APP", "MITRE_T1059_001_POWERSHELL"], "attack_tactic": "TA0002", "attack_technique": "",
                "process_name": "c:\\users\\ana\\dump.ps1", "process_cmdline": "powershell.exe dump.ps1", "process_pid": 3600, "process_username": "CONTOSO\\ana",
                "process_sha256": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44", "parent_name": "c:\\windows\\explorer.exe",
                "netconn_remote_ip": "198.51.100.9", "netconn_remote_domain": "odd.example"}),
            &[
                "carbonBlackCloud cb-1",
                "A known virus was detected running.",
                "medium Execution",
                "T1059.001",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "addresses 198.51.100.9",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "processes cmd:powershell.exe dump.ps1",
                "urls url:odd.example",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "carbonBlackCloud",
            json!({"org_key": "K1", "id": "cb-2", "legacy_alert_id": "K1-1", "type": "WATCHLIST", "severity": 8, "category": "WARNING", "reason_code": "Process powershell.exe was detected by the report",
                "report_name": "PowerShell downloads", "create_time": "2025-03-01T10:01:00Z", "last_update_time": "2025-03-01T10:01:30Z", "first_event_time": "2025-03-01T10:00:00Z", "last_event_time": "2025-03-01T10:00:00Z",
                "threat_id": "t2", "device_name": "DESKTOP-2", "device_username": "ana@contoso.test", "workflow": {"state": "OPEN"}, "process_path": "c:\\windows\\powershell.exe", "process_name": "powershell.exe",
                "threat_cause_threat_category": "RESPONSE_WATCHLIST", "threat_indicators": [{"process_name": "powershell.exe", "ttps": ["MITRE_T1057_PROCESS_DISCOVERY"]}]}),
            &[
                "carbonBlackCloud cb-2",
                "PowerShell downloads",
                "high Discovery",
                "T1057",
                "devices host:desktop-2",
                "users upn:ana@contoso.test sam:contoso\\ana",
                "files path:c:\\windows\\powershell.exe",
                "processes cmd:c:\\windows\\powershell.exe",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "carbonBlackEdr",
            json!({"unique_id": "e1", "alert_type": "watchlist.hit.query.process", "alert_severity": 75.5, "watchlist_name": "Odd PowerShell", "hostname": "web-01", "sensor_id": 7, "username": "CONTOSO\\ana",
                "process_name": "powershell.exe", "process_path": "c:\\windows\\powershell.exe", "md5": "aa11bb22cc33dd44ee55ff66aa11bb22", "status": "Resolved",
                "created_time": "2025-03-01T10:00:00Z", "resolved_time": "2025-03-01T12:00:00Z"}),
            &[
                "carbonBlackEdr e1",
                "Odd PowerShell",
                "high SuspiciousActivity",
                "devices host:web-01",
                "users sam:contoso\\ana",
                "files md5:aa11bb22cc33dd44ee55ff66aa11bb22",
                "processes cmd:c:\\windows\\powershell.exe",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "carbonBlackEdr",
            json!({"unique_id": "e2", "alert_type": "feed.hit.ingress.binary", "report_score": 50, "feed_name": "Known bad files", "hostname": "web-01", "sensor_id": 7,
                "observed_filename": ["c:\\temp\\bad.exe"], "md5": "aa11bb22cc33dd44ee55ff66aa11bb22", "status": "False Positive", "created_time": "2025-03-01T10:00:00Z"}),
            &[
                "carbonBlackEdr e2",
                "Known bad files",
                "medium Malware",
                "devices host:web-01",
                "files md5:aa11bb22cc33dd44ee55ff66aa11bb22",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn limacharlie() -> Vec<Case> {
    vec![
        case(
            "limaCharlie",
            json!({"cat": "Encoded PowerShell", "detect_id": "d-1", "author": "ana@contoso.test", "namespace": "general", "ts": 1_740_823_260_000_i64, "link": "https://lc.example/d-1", "source": "o.i.s",
                "detect_mtd": {"level": "high", "description": "PowerShell ran encoded text.", "tags": ["attack.execution", "attack.t1059.001"]},
                "routing": {"hostname": "web-01.contoso.test", "sid": "s1", "int_ip": "10.0.0.5", "ext_ip": "203.0.113.7", "plat": 268_435_456, "event_type": "NEW_PROCESS", "event_time": 1_740_823_200_000_i64},
                "detect": {"routing": {"hostname": "web-01.contoso.test", "event_time": 1_740_823_200_000_i64},
                    "event": {"COMMAND_LINE": "powershell -enc AAAA", "FILE_PATH": "C:\\Windows\\powershell.exe", "HASH": "aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44", "USER_NAME": "CONTOSO\\ana",
                        "PROCESS_ID": 77, "PARENT": {"FILE_PATH": "C:\\Windows\\explorer.exe"}, "DOMAIN_NAME": "odd.example",
                        "NETWORK_ACTIVITY": [{"SOURCE": {"IP_ADDRESS": "10.0.0.5"}, "DESTINATION": {"IP_ADDRESS": "198.51.100.9", "PORT": 443}}]}}}),
            &[
                "limaCharlie d-1",
                "Encoded PowerShell",
                "high Execution",
                "T1059.001",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users sam:contoso\\ana",
                "addresses 10.0.0.5 198.51.100.9",
                "files sha256:aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44ee55ff66aa11bb22cc33dd44",
                "processes cmd:powershell -enc aaaa",
                "urls url:odd.example",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "limaCharlie",
            json!({"cat": "Odd cloud sign-in", "detect_id": "d-2", "priority": 5, "ts": 1_740_823_260_000_i64, "routing": {"hostname": "okta-adapter", "plat": 33_554_432},
                "detect": {"event": {"IP_ADDRESS": "198.51.100.9"}}}),
            &[
                "limaCharlie d-2",
                "Odd cloud sign-in",
                "medium SuspiciousActivity",
                "addresses 198.51.100.9",
                "2025-03-01T10:01:00Z",
            ],
        ),
    ]
}
