//! Tests of Graph's evidence.

use serde_json::json;

use crate::formats::adapters::graph::evidence::*;

fn typed(name: &str, mut value: Value) -> Value {
    let name = format!("#microsoft.graph.security.{name}");
    if let Some(members) = value.as_object_mut() {
        members.insert("@odata.type".into(), name.into());
    }
    value
}

fn read_all(evidence: &[Value]) -> Vec<IncomingEvidence> {
    parse_evidence(&json!({ "evidence": evidence }))
}

fn of_kind(all: &[IncomingEvidence], kind: EvidenceKind) -> Vec<&str> {
    let all = all.iter().filter(|one| one.kind == kind);
    all.map(|one| one.name.as_str()).collect()
}

#[test]
fn a_device_keeps_every_spelling_and_its_roles() {
    let all = read_all(&[typed(
        "deviceEvidence",
        json!({
            "mdeDeviceId": "AA", "deviceDnsName": "Web-01.contoso.test", "hostName": "Web-01",
            "roles": ["compromised"], "verdict": "suspicious", "osPlatform": "Linux",
            "remediationStatus": "prevented", "riskScore": "none",
        }),
    )]);
    let device = all.first().unwrap();
    assert_eq!(device.name, "Web-01.contoso.test");
    assert_eq!(device.keys, ["mde:aa", "fqdn:web-01.contoso.test", "host:web-01"]);
    assert_eq!(device.roles, ["compromised"]);
    assert_eq!((&*device.verdict, &*device.remediation), ("suspicious", "prevented"));
    assert!(device.facts.contains(&("OS".into(), "Linux".into())));
    assert!(!device.facts.iter().any(|(label, _)| label == "Risk score"));
}

#[test]
fn a_process_yields_its_file_and_its_user() {
    let all = read_all(&[typed(
        "processEvidence",
        json!({
            "processId": 7, "processCommandLine": "run.exe -x",
            "imageFile": {"fileName": "run.exe", "filePath": "C:\\t"},
            "parentProcessImageFile": {"fileName": "sh.exe"},
            "userAccount": {"accountName": "SYSTEM", "domainName": "NT AUTHORITY"},
        }),
    )]);
    assert_eq!(of_kind(&all, EvidenceKind::Process), ["run.exe"]);
    assert_eq!(of_kind(&all, EvidenceKind::File), ["run.exe"]);
    assert_eq!(of_kind(&all, EvidenceKind::User), ["NT AUTHORITY\\SYSTEM"]);
    assert!(all.iter().any(|one| one.facts.contains(&("Parent".into(), "sh.exe".into()))));
}

#[test]
fn a_mail_message_yields_its_recipients_mailbox() {
    let all = read_all(&[
        typed(
            "analyzedMessageEvidence",
            json!({
                "subject": "Invoice", "networkMessageId": "N1",
                "recipientEmailAddress": "Ana@Contoso.test",
                "p2Sender": {"emailAddress": "eve@evil.test"}, "urls": ["http://evil.test/"],
            }),
        ),
        typed("mailboxEvidence", json!({"primaryAddress": "ana@contoso.test", "displayName": "Ana"})),
    ]);
    assert_eq!(of_kind(&all, EvidenceKind::MailMessage), ["Invoice"]);
    assert_eq!(of_kind(&all, EvidenceKind::Mailbox), ["Ana@Contoso.test"]);
    let mail = all.first().unwrap();
    assert_eq!(mail.keys, ["id:n1"]);
    assert!(mail.facts.contains(&("Sender".into(), "eve@evil.test".into())));
}

#[test]
fn evidence_of_one_file_is_merged() {
    let hash = "a".repeat(64);
    let details =
        |role: &str| typed("fileEvidence", json!({"fileDetails": {"fileName": "x", "sha256": hash}, "roles": [role]}));
    let all = read_all(&[details("source"), details("scanned")]);
    assert_eq!(all.len(), 1);
    assert_eq!(all.first().unwrap().roles, ["source", "scanned"]);
}

#[test]
fn evidence_without_a_type_is_recognised_by_its_members() {
    let all = read_all(&[
        json!({"ipAddress": "192.0.2.7", "countryLetterCode": "NL"}),
        json!({"userAccount": {"userPrincipalName": "ana@contoso.test"}}),
        json!({"deviceDnsName": "web-01"}),
        json!({"url": "http://evil.test/"}),
    ]);
    let kinds: Vec<EvidenceKind> = all.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [EvidenceKind::Ip, EvidenceKind::User, EvidenceKind::Device, EvidenceKind::Url]);
}

#[test]
fn every_other_kind_has_its_place() {
    let all = read_all(&[
        typed(
            "registryValueEvidence",
            json!({
                "registryHive": "HKLM", "registryKey": "Software\\Run", "registryValueName": "x",
            }),
        ),
        typed("oauthApplicationEvidence", json!({"appId": "A1", "displayName": "Mailer"})),
        typed("azureResourceEvidence", json!({"resourceId": "/subscriptions/1/vm/web"})),
        typed("mailClusterEvidence", json!({"emailCount": 3, "urn": "urn:c:1"})),
        typed(
            "networkConnectionEvidence",
            json!({
                "protocol": "tcp", "destinationAddress": {"ipAddress": "192.0.2.9"},
            }),
        ),
    ]);
    assert_eq!(of_kind(&all, EvidenceKind::RegistryKey), ["HKLM\\Software\\Run\\x"]);
    assert_eq!(of_kind(&all, EvidenceKind::CloudApplication), ["Mailer"]);
    assert_eq!(of_kind(&all, EvidenceKind::CloudResource), ["web"]);
    assert_eq!(of_kind(&all, EvidenceKind::Other), ["Mail cluster of 3 messages"]);
    assert_eq!(of_kind(&all, EvidenceKind::Ip), ["192.0.2.9"]);
}

#[test]
fn nonsense_is_no_evidence() {
    assert!(parse_evidence(&json!({"evidence": "none"})).is_empty());
    assert!(read_all(&[json!(1), json!({}), typed("deviceEvidence", json!({}))]).is_empty());
}
