//! Samples of Microsoft Sentinel's and Defender's further shapes.

use serde_json::{Value, json};

use crate::formats::cases::sample_case::{Case, case};

pub(in crate::formats::cases) fn cases() -> Vec<Case> {
    [sentinel_rest(), defender_for_cloud(), given_texts(), entra(), azure_monitor(), lines(), whole()]
        .into_iter()
        .flatten()
        .collect()
}

fn rest_alert() -> Value {
    json!({"id": "/subscriptions/s1/providers/Microsoft.SecurityInsights/Entities/5a1", "name": "5a1",
        "type": "Microsoft.SecurityInsights/Entities", "kind": "SecurityAlert",
        "properties": {"systemAlertId": "5a1", "providerAlertId": "r-77", "alertDisplayName": "Inbox rule sends mail out",
            "severity": "High", "productName": "Azure Sentinel", "status": "New", "tactics": ["Collection", "Exfiltration"],
            "techniques": ["T1114"], "startTimeUtc": "2025-03-01T10:00:00Z", "endTimeUtc": "2025-03-01T11:00:00Z",
            "timeGenerated": "2025-03-01T11:05:00Z", "processingEndTime": "2025-03-01T11:05:00Z"}})
}

fn sentinel_rest() -> Vec<Case> {
    let expected: &[&str] = &[
        "microsoftSentinel 5a1 r-77",
        "Inbox rule sends mail out",
        "high Collection",
        "T1114",
        "2025-03-01T10:00:00Z",
    ];
    let dotted: serde_json::Map<String, Value> = rest_alert()
        .pointer("/properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (format!("properties.{name}"), value.clone()))
        .collect();
    vec![
        case("sentinel", rest_alert(), expected),
        case("sentinel", Value::Object(dotted), expected),
        case(
            "sentinel",
            json!({"SystemAlertId_g": "5a2", "AlertName_s": "Odd login", "AlertSeverity_s": "Low", "TimeGenerated": "2025-03-01T10:00:00Z",
                "ProductName_s": "Azure Sentinel", "CompromisedEntity_s": "vm1", "Status_s": "Resolved"}),
            &[
                "microsoftSentinel 5a2",
                "Odd login",
                "low",
                "devices host:vm1",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn defender_for_cloud() -> Vec<Case> {
    vec![
        case(
            "sentinel",
            json!({"id": "/subscriptions/s1/providers/Microsoft.Security/locations/centralus/alerts/2518_c1", "name": "2518_c1",
                "type": "Microsoft.Security/Locations/alerts",
                "properties": {"systemAlertId": "2518_c1", "status": "Dismissed", "alertDisplayName": "Scan from a machine", "severity": "Medium",
                    "intent": "PreAttack, InitialAccess", "productName": "Microsoft Defender for Cloud", "compromisedEntity": "vm7",
                    "timeGeneratedUtc": "2025-03-01T10:05:00Z", "startTimeUtc": "2025-03-01T10:00:00Z", "endTimeUtc": "2025-03-01T10:00:00Z",
                    "resourceIdentifiers": [{"type": "AzureResource", "azureResourceId":
                        "/subscriptions/s1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm7"}],
                    "extendedProperties": {"resourceType": "Virtual Machine"},
                    "entities": [{"type": "ip", "address": "203.0.113.9", "location": {"countryCode": "nl"}},
                        {"type": "account", "name": "ana", "ntDomain": "CONTOSO"}]}}),
            &[
                "microsoftDefenderForCloud 2518_c1",
                "Scan from a machine",
                "medium Reconnaissance",
                "devices host:vm7",
                "users sam:contoso\\ana",
                "addresses 203.0.113.9",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sentinel",
            json!({"VendorName": "Microsoft", "ProductName": "Microsoft Defender for Cloud", "AlertDisplayName": "Odd access to storage", "Severity": "High",
                "SystemAlertId": "2518_c2", "Intent": "Exfiltration", "StartTimeUtc": "2025-03-01T10:00:00Z", "CompromisedEntity": "store1",
                "ExtendedProperties": {"resourceType": "Storage"}, "Entities": [{"Type": "url", "Url": "https://store1.example.test/a"}]}),
            &[
                "microsoftDefenderForCloud 2518_c2",
                "Odd access to storage",
                "high Exfiltration",
                "urls url:https://store1.example.test/a",
                "others cloudResource id:store1",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

/// Entities of which a rule has mapped whole columns, and those of the REST API, which refer to each other.
fn given_texts() -> Vec<Case> {
    let sha1 = "b".repeat(40);
    vec![
        case(
            "sentinel",
            json!({"SystemAlertId": "5a3", "AlertName": "Many resets", "AlertSeverity": "Medium", "ProviderName": "ASI Scheduled Alerts",
                "TimeGenerated": "2025-03-01T10:00:00Z",
                "Entities": "[{\"$id\":\"2\",\"Type\":\"host\",\"HostName\":\"{\\\"deviceId\\\":\\\"\\\",\\\"browser\\\":\\\"Edge\\\"}\"},\
                    {\"$id\":\"3\",\"Type\":\"host\",\"HostName\":\"[\\\"PC-1\\\",\\\"PC-2\\\"]\"},{\"$id\":\"4\",\"Type\":\"ip\",\"Address\":\"198.51.100.1, 198.51.100.2\"}]"}),
            &[
                "microsoftSentinel 5a3",
                "Many resets",
                "medium",
                "devices host:pc-1 host:pc-2",
                "addresses 198.51.100.1 198.51.100.2",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "sentinel",
            json!({"systemAlertId": "5a4", "alertDisplayName": "Odd process", "severity": "High", "productName": "Azure Sentinel",
                "timeGenerated": "2025-03-01T10:00:00Z", "entities": [
                    {"id": "/e/1", "kind": "Host", "properties": {"hostName": "web-01", "dnsDomain": "contoso.test"}},
                    {"id": "/e/2", "kind": "Process", "properties": {"commandLine": "run -x", "imageFileEntityId": "/e/3"}},
                    {"id": "/e/3", "kind": "File", "properties": {"fileName": "run.exe", "directory": "C:\\Temp", "fileHashEntityIds": ["/e/4"]}},
                    {"id": "/e/4", "kind": "FileHash", "properties": {"hashValue": sha1, "algorithm": "SHA1"}},
                    {"id": "/e/5", "kind": "Account", "properties": {"accountName": "ana", "upnSuffix": "contoso.test"}},
                    {"id": "/e/6", "kind": "Bookmark", "properties": {"displayName": "Seen by ana"}}]}),
            &[
                "microsoftSentinel 5a4",
                "Odd process",
                "high",
                "devices fqdn:web-01.contoso.test host:web-01",
                "users upn:ana@contoso.test",
                "files sha1:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "processes cmd:run -x",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn entra() -> Vec<Case> {
    let expected: &[&str] = &[
        "azureAdIdentityProtection d-1",
        "Atypical travel",
        "medium InitialAccess",
        "T1078",
        "users aad:u-1 upn:ana@contoso.test",
        "addresses 203.0.113.5",
        "2025-03-01T10:00:00Z",
    ];
    vec![
        case(
            "entraRisk",
            json!({"id": "d-1", "riskEventType": "unlikelyTravel", "riskState": "atRisk", "riskLevel": "medium", "riskDetail": "none",
                "userId": "u-1", "userPrincipalName": "ana@contoso.test", "userDisplayName": "Ana", "ipAddress": "203.0.113.5",
                "activityDateTime": "2025-03-01T10:00:00Z", "detectedDateTime": "2025-03-01T10:30:00Z",
                "location": {"city": "Utrecht", "countryOrRegion": "NL"},
                "additionalInfo": "[{\"Key\":\"mitreTechniques\",\"Value\":\"T1078\"}]"}),
            expected,
        ),
        case(
            "entraRisk",
            json!({"time": "2025-03-01T10:40:00Z", "category": "UserRiskEvents", "operationName": "User Risk Detection", "properties":
                {"id": "d-1", "riskEventType": "unlikelyTravel", "riskState": "atRisk", "riskLevel": "medium", "userId": "u-1",
                "userPrincipalName": "ana@contoso.test", "ipAddress": "203.0.113.5", "activityDateTime": "2025-03-01T10:00:00Z",
                "additionalInfo": [{"Key": "mitreTechniques", "Value": "T1078"}]}}),
            expected,
        ),
        case(
            "entraRisk",
            json!({"Type": "AADUserRiskEvents", "Id": "d-2", "RiskEventType": "leakedCredentials", "RiskState": "remediated", "RiskLevel": "high",
                "UserId": "u-1", "UserPrincipalName": "ana@contoso.test", "ActivityDateTime": "2025-03-01T10:00:00Z",
                "Location": "{\"city\":\"Utrecht\"}"}),
            &[
                "azureAdIdentityProtection d-2",
                "Leaked credentials",
                "high CredentialAccess",
                "users aad:u-1 upn:ana@contoso.test",
                "status resolved",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

fn azure_monitor() -> Vec<Case> {
    vec![case(
        "azureMonitor",
        json!({"schemaId": "azureMonitorCommonAlertSchema", "data": {"essentials": {"alertId": "/subscriptions/s1/providers/Microsoft.AlertsManagement/alerts/am-1",
            "alertRule": "Too many sign-ins", "severity": "Sev1", "signalType": "Log", "monitorCondition": "Resolved", "monitoringService": "Log Alerts V2",
            "alertTargetIDs": ["/subscriptions/s1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm7"],
            "firedDateTime": "2025-03-01T10:00:00Z", "resolvedDateTime": "2025-03-01T11:00:00Z"}, "alertContext": {}}}),
        &[
            "azureMonitor am-1",
            "Too many sign-ins",
            "high SuspiciousActivity",
            "devices host:vm7",
            "status resolved",
            "2025-03-01T10:00:00Z",
        ],
    )]
}

/// Lines of CEF and LEEF as the reader of bodies gives them.
fn lines() -> Vec<Case> {
    vec![
        case(
            "cef",
            json!({"CEF": {"version": "0", "deviceVendor": "Acme", "deviceProduct": "Web Shield", "deviceVersion": "1", "signatureId": "100",
                "name": "Odd download", "severity": "9", "extension": {"externalId": "77", "rt": "1740823200000", "src": "10.0.0.5", "shost": "pc-5",
                "dst": "203.0.113.9", "suser": "CONTOSO\\ana", "request": "https://evil.example.test/a", "fname": "run.exe", "fileHash": "a".repeat(64),
                "dvchost": "sensor-1", "cs1": "T1566.002", "cs1Label": "Technique", "sproc": "curl.exe", "cat": "Initial Access"}},
                "syslog": {"host": "sensor-1", "time": "Mar 1 10:00:00"}}),
            &[
                "webShield 100:77",
                "Odd download",
                "high InitialAccess",
                "T1566.002",
                "devices host:pc-5",
                "users sam:contoso\\ana",
                "addresses 10.0.0.5 203.0.113.9",
                "files sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "processes cmd:curl.exe",
                "urls url:https://evil.example.test/a",
                "2025-03-01T10:00:00Z",
            ],
        ),
        case(
            "leef",
            json!({"LEEF": {"version": "2.0", "deviceVendor": "Acme", "deviceProduct": "Door Guard", "deviceVersion": "1", "eventId": "e9",
                "attributes": {"eventName": "Odd logon", "externalId": "5", "sev": "5", "devTime": "01/03/2025 10:00:00", "devTimeFormat": "dd/MM/yyyy HH:mm:ss",
                "src": "203.0.113.9", "dst": "10.0.0.7", "usrName": "ana", "resource": "db-1", "url": "https://evil.example.test/b"}}}),
            &[
                "doorGuard e9:5",
                "Odd logon",
                "medium SuspiciousActivity",
                "devices host:db-1",
                "users name:ana",
                "addresses 203.0.113.9 10.0.0.7",
                "urls url:https://evil.example.test/b",
                "2025-03-01T10:00:00Z",
            ],
        ),
    ]
}

/// Records with every field that the formats of Defender and Graph have.
fn whole() -> Vec<Case> {
    let sha1 = "c".repeat(40);
    let entities = json!([{"entityType": "User", "accountName": "ana", "domainName": "CONTOSO"}, {"entityType": "Ip", "ipAddress": "203.0.113.7"},
        {"entityType": "Url", "url": "https://evil.example.test/c"},
        {"entityType": "Process", "processCommandLine": "run -x", "fileName": "run.exe", "filePath": "C:\\Temp", "sha1": sha1}]);
    let rest: &[&str] = &[
        "Odd process",
        "low Execution",
        "T1059",
        "devices fqdn:web-01.contoso.test host:web-01",
        "users sam:contoso\\ana",
        "addresses 203.0.113.7",
        "files sha1:cccccccccccccccccccccccccccccccccccccccc",
        "processes cmd:run -x",
        "urls url:https://evil.example.test/c",
        "status resolved",
        "2025-03-01T10:00:00Z",
    ];
    let expected = |first: &'static str| -> &'static [&'static str] {
        Box::leak(std::iter::once(first).chain(rest.iter().copied()).collect::<Vec<_>>().into_boxed_slice())
    };
    vec![
        case(
            "defenderEndpoint",
            json!({"id": "da637_2", "title": "Odd process", "severity": "Low", "category": "Execution", "status": "Resolved", "mitreTechniques": ["T1059"],
                "alertCreationTime": "2025-03-01T10:00:00Z", "computerDnsName": "web-01.contoso.test", "evidence": entities}),
            expected("microsoftDefenderForEndpoint da637_2"),
        ),
        case(
            "defenderXdr",
            json!({"alertId": "1-2-3", "title": "Odd process", "severity": "Low", "category": "Execution", "status": "Resolved", "mitreTechniques": ["T1059"],
                "serviceSource": "MicrosoftDefenderATP", "creationTime": "2025-03-01T10:00:00Z", "devices": [{"deviceDnsName": "web-01.contoso.test"}], "entities": entities}),
            expected("microsoftDefenderForEndpoint 1-2-3"),
        ),
        case(
            "graph",
            json!({"id": "g2", "title": "Odd process", "severity": "low", "category": "Execution", "status": "resolved", "mitreTechniques": ["T1059"],
                "serviceSource": "microsoftDefenderForEndpoint", "createdDateTime": "2025-03-01T10:00:00Z", "evidence": [
                    {"deviceDnsName": "web-01.contoso.test"}, {"ipAddress": "203.0.113.7"}, {"url": "https://evil.example.test/c"},
                    {"processCommandLine": "run -x", "imageFile": {"fileName": "run.exe", "filePath": "C:\\Temp", "sha1": sha1},
                        "userAccount": {"accountName": "ana", "domainName": "CONTOSO"}}]}),
            expected("microsoftDefenderForEndpoint g2"),
        ),
    ]
}
