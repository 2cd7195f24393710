//! Samples of Wazuh's own families.

use serde_json::{Value, json};

use crate::formats::cases::sample_case::{Case, case};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [files(), weaknesses(), clouds(), windows(), hosts(), networks(), responses()].into_iter().flatten().collect()
}

/// An alert of agent 7 on host "web-01", with other members.
fn alert(level: i64, description: &str, groups: &[&str], more: Value) -> Value {
    of_agent(("007", "web-01"), level, description, groups, more)
}

fn of_agent(agent: (&str, &str), level: i64, description: &str, groups: &[&str], more: Value) -> Value {
    let mut value = json!({"id": "1.7", "timestamp": "2025-03-01T10:00:00.000+0000", "agent": {"id": agent.0, "name": agent.1, "ip": "10.0.0.7"},
        "manager": {"name": "siem"}, "decoder": {"name": "json"}, "location": "x", "rule": {"level": level, "description": description, "id": "1", "groups": groups}});
    for (key, found) in more.as_object().into_iter().flatten() {
        value[key] = found.clone();
    }
    value
}

fn files() -> Vec<Case> {
    let [before, after] = ["ab", "cd"].map(|part| part.repeat(32));
    vec![
        case(
            "wazuh",
            alert(
                7,
                "Integrity checksum changed.",
                &["ossec", "syscheck", "syscheck_file"],
                json!({"syscheck": {"path": "/etc/passwd", "mode": "whodata", "event": "modified", "changed_attributes": ["size", "sha256"], "uname_after": "root",
                    "sha256_before": before, "sha256_after": after, "audit": {"login_user": {"id": "1000", "name": "ana"}, "user": {"id": "1000", "name": "ana"},
                    "process": {"id": "77", "name": "/usr/bin/vim", "ppid": "7", "cwd": "/home/ana"}}}}),
            ),
            &[
                "wazuh 1.7",
                "Integrity checksum changed.",
                "medium SuspiciousActivity",
                "devices host:web-01",
                "users name:ana",
                "files sha256:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
                "processes cmd:/usr/bin/vim",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            alert(
                5,
                "Registry value entry added to the system",
                &["ossec", "syscheck", "syscheck_registry"],
                json!({"syscheck": {"path": "HKEY_LOCAL_MACHINE\\Software\\Run", "value_name": "Odd", "value_type": "REG_SZ", "event": "added", "mode": "scheduled"}}),
            ),
            &[
                "wazuh 1.7",
                "Registry value entry added to the system",
                "low SuspiciousActivity",
                "devices host:web-01",
                "others registryKey id:hkey_local_machine\\software\\run\\odd",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            alert(
                3,
                "VirusTotal: Alert - /tmp/x - 51 engines detected this file",
                &["virustotal"],
                json!({"data": {"integration": "virustotal", "virustotal": {"found": "1", "malicious": "1", "positives": "51", "total": "68", "permalink": "https://scan.example/1",
                    "source": {"alert_id": "1.6", "file": "/tmp/x", "md5": "ab".repeat(16), "sha1": "cd".repeat(20)}}}}),
            ),
            &[
                "wazuh 1.7",
                "VirusTotal: Alert - /tmp/x - 51 engines detected this file",
                "high Malware",
                "devices host:web-01",
                "files sha1:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd md5:abababababababababababababababab",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                ("000", "siem"),
                7,
                "Host-based anomaly detection event (rootcheck).",
                &["ossec", "rootcheck"],
                json!({"data": {"title": "File is owned by root and anyone can write to it.", "file": "/tmp/y"}}),
            ),
            &[
                "wazuh 1.7",
                "Host-based anomaly detection event (rootcheck).",
                "medium Malware",
                "devices host:siem",
                "files path:/tmp/y",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn weaknesses() -> Vec<Case> {
    vec![
        case(
            "wazuh",
            alert(
                13,
                "CVE-2025-0001 affects libodd",
                &["vulnerability-detector"],
                json!({"data": {"vulnerability": {"cve": "CVE-2025-0001", "severity": "Critical", "status": "Active", "rationale": "Odd input is run.", "cvss": {"cvss3": {"base_score": "9.8"}},
                    "package": {"name": "libodd", "version": "1.2", "condition": "Package less than 1.3"}, "reference": "https://cve.example/1"}}}),
            ),
            &[
                "wazuh 1.7",
                "CVE-2025-0001 affects libodd",
                "high Vulnerability",
                "devices host:web-01",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            alert(
                7,
                "CIS benchmark: Ensure that the firewall is on.",
                &["sca"],
                json!({"data": {"sca": {"type": "check", "policy": "CIS benchmark", "check": {"id": "7", "title": "Ensure that the firewall is on.", "result": "passed", "rationale": "It keeps others out.", "remediation": "Turn it on."}}}}),
            ),
            &[
                "wazuh 1.7",
                "CIS benchmark: Ensure that the firewall is on.",
                "medium Compliance",
                "devices host:web-01",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn clouds() -> Vec<Case> {
    let manager = ("000", "siem");
    vec![
        case(
            "wazuh",
            of_agent(
                manager,
                3,
                "Office 365: Secure score alert",
                &["office365", "SecurityComplianceAlerts"],
                json!({"data": {"integration": "office365", "office365": {"Operation": "AlertTriggered", "UserId": "SecurityComplianceAlerts", "AlertEntityId": "ana@contoso.test", "Name": "Odd forwarding",
                    "Severity": "High", "Category": "ThreatManagement", "Source": "Office 365 Security & Compliance"}}}),
            ),
            &[
                "wazuh 1.7",
                "Office 365: Secure score alert",
                "high SuspiciousActivity",
                "users upn:ana@contoso.test",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                manager,
                5,
                "Office 365: SharePoint file operation",
                &["office365"],
                json!({"data": {"integration": "office365", "office365": {"Operation": "FileDownloaded", "UserId": "ana@contoso.test", "ClientIP": "203.0.113.7", "Workload": "SharePoint",
                    "ObjectId": "https://contoso.test/docs/plan.docx", "SourceFileName": "plan.docx"}}}),
            ),
            &[
                "wazuh 1.7",
                "Office 365: SharePoint file operation",
                "low SuspiciousActivity",
                "users upn:ana@contoso.test",
                "addresses 203.0.113.7",
                "urls url:https://contoso.test/docs/plan.docx",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                ("009", "collector"),
                10,
                "AWS Cloudtrail: iam - CreateAccessKey",
                &["amazon", "aws"],
                json!({"data": {"integration": "aws", "aws": {"source": "cloudtrail", "eventName": "CreateAccessKey", "eventSource": "iam.amazonaws.com", "awsRegion": "eu-west-1", "sourceIPAddress": "203.0.113.7",
                    "userIdentity": {"type": "IAMUser", "userName": "ci", "accountId": "1"}, "requestParameters": {"userName": "ana"}}}}),
            ),
            &[
                "wazuh 1.7",
                "AWS Cloudtrail: iam - CreateAccessKey",
                "medium SuspiciousActivity",
                "users sam:1\\ci sam:1\\ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                manager,
                6,
                "AWS GuardDuty: NETWORK_CONNECTION - odd call",
                &["amazon", "aws", "aws_guardduty"],
                json!({"data": {"integration": "aws", "aws": {"source": "guardduty", "severity": "8", "type": "Backdoor:EC2/C&CActivity.B", "accountId": "1", "resource": {"instanceDetails": {"instanceId": "i-0a1"}},
                    "service": {"count": "3", "action": {"networkConnectionAction": {"connectionDirection": "OUTBOUND", "remoteIpDetails": {"ipAddressV4": "203.0.113.7"}}}}}}}),
            ),
            &[
                "wazuh 1.7",
                "AWS GuardDuty: NETWORK_CONNECTION - odd call",
                "3 times",
                "high CommandAndControl",
                "devices host:i-0a1",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                manager,
                5,
                "GCP: odd call",
                &["gcp"],
                json!({"data": {"integration": "gcp", "gcp": {"severity": "ERROR", "protoPayload": {"methodName": "SetIamPolicy", "authenticationInfo": {"principalEmail": "ana@contoso.test"},
                    "requestMetadata": {"callerIp": "203.0.113.7"}, "resourceName": "projects/p1"}}}}),
            ),
            &[
                "wazuh 1.7",
                "GCP: odd call",
                "medium SuspiciousActivity",
                "users upn:ana@contoso.test",
                "addresses 203.0.113.7",
                "others cloudResource id:projects/p1",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                manager,
                5,
                "GitHub: repository made public",
                &["github"],
                json!({"data": {"github": {"actor": "ana", "action": "repo.access", "org": "contoso", "repo": "contoso/site"}}}),
            ),
            &[
                "wazuh 1.7",
                "GitHub: repository made public",
                "low SuspiciousActivity",
                "users name:ana",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                manager,
                5,
                "MS Graph message: security alert",
                &["ms-graph"],
                json!({"data": {"integration": "ms-graph", "ms-graph": {"id": "g1", "title": "Odd login", "severity": "high", "category": "InitialAccess", "createdDateTime": "2025-03-01T09:00:00Z",
                    "evidence": [{"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "203.0.113.7"}]}}}),
            ),
            &[
                "wazuh 1.7",
                "MS Graph message: security alert",
                "high InitialAccess",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                manager,
                5,
                "Azure: odd call",
                &["azure"],
                json!({"data": {"azure_tag": "azure-log-analytics", "operationName": "Delete", "callerIpAddress": "203.0.113.7", "caller": "ana@contoso.test", "resourceId": "/subscriptions/1/vm1"}}),
            ),
            &[
                "wazuh 1.7",
                "Azure: odd call",
                "low SuspiciousActivity",
                "users upn:ana@contoso.test",
                "addresses 203.0.113.7",
                "others cloudResource id:/subscriptions/1/vm1",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn windows() -> Vec<Case> {
    vec![
        case(
            "wazuh",
            alert(
                4,
                "Windows Defender: unwanted software ()",
                &["windows", "windows_defender"],
                json!({"data": {"win": {"system": {"eventID": "1116", "computer": "WEB-01.contoso.test", "message": "\"Defender has found malware.\""},
                    "eventdata": {"threat Name": "Tool:Win32/Odd", "severity Name": "Severe", "category Name": "Tool", "path": "file:_C:\\\\Users\\\\ana\\\\odd.exe; webfile:_C:\\\\odd.zip|https://files.example/odd.zip|pid:1",
                    "detection User": "CONTOSO\\\\ana", "process Name": "C:\\\\Windows\\\\explorer.exe"}}}}),
            ),
            &[
                "wazuh 1.7",
                "Windows Defender: unwanted software (Tool:Win32/Odd)",
                "high Malware",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users sam:contoso\\ana",
                "files path:c:\\users\\ana\\odd.exe path:c:\\odd.zip",
                "processes cmd:c:\\windows\\explorer.exe",
                "urls url:https://files.example/odd.zip",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            alert(
                12,
                "Sysmon: odd process",
                &["sysmon", "windows"],
                json!({"data": {"win": {"system": {"eventID": "1", "computer": "other.contoso.test"}, "eventdata": {"image": "C:\\\\Temp\\\\x.exe", "commandLine": "x.exe -a", "user": "CONTOSO\\\\ana",
                    "hashes": "SHA256=ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB", "parentImage": "C:\\\\Windows\\\\cmd.exe"}}}}),
            ),
            &[
                "wazuh 1.7",
                "Sysmon: odd process",
                "high SuspiciousActivity",
                "devices fqdn:other.contoso.test host:other",
                "users sam:contoso\\ana",
                "files sha256:abababababababababababababababababababababababababababababababab",
                "processes cmd:x.exe -a",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            json!({"timestamp": "2025-03-01T10:00:00.000+0000", "id": "1.8", "rule.level": 12, "rule.description": "PowerShell script block", "rule.groups": ["powershell"], "agent.id": "007", "agent.name": "web-01",
                "data.win.system.computer": "WEB-01", "data.win.system.eventID": "4104", "data.win.eventdata.scriptBlockText": "Get-Odd", "data.win.eventdata.targetFilename": "C:\\Temp\\x.ps1"}),
            &[
                "wazuh 1.8",
                "PowerShell script block",
                "high SuspiciousActivity",
                "devices host:web-01",
                "files path:c:\\temp\\x.ps1",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn hosts() -> Vec<Case> {
    vec![
        case(
            "wazuh",
            alert(
                7,
                "Auditd: command run",
                &["audit", "audit_command"],
                json!({"data": {"audit": {"type": "SYSCALL", "exe": "/usr/bin/cat", "pid": "7", "cwd": "/root", "key": "reads", "auid": "1000", "execve": {"a0": "cat", "a1": "/etc/shadow"}, "file": {"name": "shadow"}, "directory": {"name": "/etc"}}}}),
            ),
            &[
                "wazuh 1.7",
                "Auditd: command run",
                "medium SuspiciousActivity",
                "devices host:web-01",
                "files path:/etc/shadow",
                "processes cmd:cat /etc/shadow",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            alert(
                4,
                "First time user executed sudo",
                &["syslog", "sudo"],
                json!({"location": "/var/log/auth.log", "predecoder": {"hostname": "web-01", "program_name": "sudo"}, "data": {"srcuser": "ana", "command": "/bin/sh", "pwd": "/home/ana", "tty": "pts/0"}}),
            ),
            &[
                "wazuh 1.7",
                "First time user executed sudo",
                "low SuspiciousActivity",
                "devices host:web-01",
                "users name:ana",
                "processes cmd:/bin/sh",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            alert(
                5,
                "osquery: odd process",
                &["osquery"],
                json!({"data": {"osquery": {"name": "odd", "pack": "hunting", "action": "added", "columns": {"path": "/tmp/x", "cmdline": "/tmp/x -a", "pid": "7", "username": "ana", "remote_address": "203.0.113.7"}}}}),
            ),
            &[
                "wazuh 1.7",
                "osquery: odd process",
                "low SuspiciousActivity",
                "devices host:web-01",
                "users name:ana",
                "addresses 203.0.113.7",
                "files path:/tmp/x",
                "processes cmd:/tmp/x -a",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            alert(
                7,
                "Docker: shell in a container",
                &["docker"],
                json!({"data": {"integration": "docker", "docker": {"Action": "exec_start", "Type": "container", "Actor": {"ID": "c1", "Attributes": {"name": "shop", "image": "nginx"}}}}}),
            ),
            &[
                "wazuh 1.7",
                "Docker: shell in a container",
                "medium SuspiciousActivity",
                "devices host:web-01",
                "others other id:container:c1",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn networks() -> Vec<Case> {
    let manager = ("000", "siem");
    let eve = json!({"src_ip": "10.0.0.9", "src_port": "51888", "dest_ip": "203.0.113.7", "dest_port": "443", "alert": {"signature": "ET MALWARE Odd beacon", "category": "Malware Command and Control Activity Detected", "severity": "1",
        "metadata": {"mitre_technique_id": ["T1071"], "mitre_tactic_name": ["Command_And_Control"]}}});
    vec![
        case(
            "wazuh",
            of_agent(manager, 3, "Suricata: Alert - ET MALWARE Odd beacon", &["ids", "suricata"], json!({"data": eve})),
            &[
                "wazuh 1.7",
                "Suricata: Alert - ET MALWARE Odd beacon",
                "high CommandAndControl",
                "T1071",
                "devices host:10.0.0.9",
                "addresses 10.0.0.9 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                manager,
                6,
                "IDS event.",
                &["ids"],
                json!({"data": {"srcip": "10.0.0.9", "dstip": "10.0.0.8:80"}, "full_log": "[**] [1:1:1] ET SCAN Odd agent [**] [Classification: Web Application Attack] [Priority: 2] {TCP} 10.0.0.9:1 -> 10.0.0.8:80"}),
            ),
            &[
                "wazuh 1.7",
                "IDS event: ET SCAN Odd agent",
                "medium SuspiciousActivity",
                "T1046",
                "devices host:10.0.0.8",
                "addresses 10.0.0.9 10.0.0.8",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                manager,
                6,
                "Web server 400 errors",
                &["web", "accesslog", "web_scan", "recon"],
                json!({"location": "/var/log/remote/shop/access.log", "predecoder": {"hostname": "shop"}, "data": {"protocol": "GET", "id": "404", "srcip": "203.0.113.7", "url": "/admin"}}),
            ),
            &[
                "wazuh 1.7",
                "Web server 400 errors",
                "low SuspiciousActivity",
                "devices host:shop",
                "addresses 203.0.113.7",
                "urls local:host:shop/admin",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            of_agent(
                ("005", "logs"),
                3,
                "Fortigate attack detected",
                &["fortigate", "syslog"],
                json!({"data": {"devname": "fw-1", "srcip": "203.0.113.7", "srcport": "4000", "dstip": "10.0.0.9", "dstport": "443", "attack": "Odd.Request", "severity": "critical", "action": "dropped", "user": "ana"}}),
            ),
            &[
                "wazuh 1.7",
                "Fortigate attack detected",
                "high SuspiciousActivity",
                "devices host:10.0.0.9",
                "users name:ana",
                "addresses 203.0.113.7 10.0.0.9",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn responses() -> Vec<Case> {
    let cause = alert(
        12,
        "Many failed logins",
        &["authentication_failures"],
        json!({"data": {"srcip": "203.0.113.7", "dstuser": "ana"}}),
    );
    vec![
        case(
            "wazuh",
            json!({"version": 1, "origin": {"name": "node01", "module": "wazuh-execd"}, "command": "add", "parameters": {"extra_args": [], "program": "active-response/bin/firewall-drop", "alert": cause.clone()}}),
            &[
                "wazuh 1.7",
                "Many failed logins",
                "high CredentialAccess",
                "devices host:web-01",
                "users name:ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "wazuh",
            alert(
                3,
                "Host blocked by active response",
                &["ossec", "active_response"],
                json!({"id": "1.9", "data": {"version": "1", "command": "add", "parameters": {"program": "active-response/bin/firewall-drop", "alert": cause}}}),
            ),
            &[
                "wazuh 1.9",
                "Host blocked by active response",
                "high CredentialAccess",
                "devices host:web-01",
                "users name:ana",
                "addresses 203.0.113.7",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}
