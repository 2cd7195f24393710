//! Tests of Sentinel's entities.

use serde_json::json;

use crate::formats::adapters::sentinel::entities::*;
use crate::model::builtin_account::name_of;

fn named(all: &[IncomingEvidence], kind: EvidenceKind) -> Vec<&str> {
    let all = all.iter().filter(|one| one.kind == kind);
    all.map(|one| one.name.as_str()).collect()
}

fn keys(value: &Value) -> Vec<String> {
    let all = parse_entities(value);
    all.into_iter().next().map(|one| one.keys).unwrap_or_default()
}

#[test]
fn references_are_followed_at_the_top_and_inside() {
    let sha1 = "b".repeat(40);
    let all = parse_entities(&json!([
        {"$id": "1", "Type": "host", "HostName": "web-01"},
        {"$id": "2", "Type": "process", "CommandLine": "run -x", "Host": {"$ref": "1"},
         "ImageFile": {"$ref": "5"}, "Account": {"$ref": "4"},
         "ParentProcess": {"$id": "3", "Type": "process", "CommandLine": "sh"}},
        {"$ref": "3"},
        {"$id": "4", "Type": "account", "Name": "ana", "NTDomain": "CONTOSO"},
        {"$ref": "6"},
        {"$id": "5", "Type": "file", "Name": "run.exe", "FileHashes": [
            {"$id": "6", "Type": "filehash", "Algorithm": "SHA1", "Value": sha1},
        ]},
    ]));
    assert_eq!(named(&all, EvidenceKind::Device), ["web-01"]);
    assert_eq!(named(&all, EvidenceKind::Process), ["run.exe", "sh"]);
    assert_eq!(named(&all, EvidenceKind::File), ["run.exe"]);
    assert_eq!(named(&all, EvidenceKind::User), ["CONTOSO\\ana"]);
    assert_eq!(all.len(), 5);
}

#[test]
fn circles_end() {
    let all = parse_entities(&json!([
        {"$id": "1", "Type": "host", "HostName": "web-01", "Account": {"$ref": "2"}},
        {"$id": "2", "Type": "account", "Name": "ana", "Host": {"$ref": "1"}},
        {"$id": "3", "$ref": "3"},
    ]));
    assert_eq!(all.len(), 2);
}

#[test]
fn a_hash_that_comes_before_its_file_does_not_name_it() {
    let md5 = "c".repeat(32);
    let all = parse_entities(&json!([
        {"$id": "1", "Type": "filehash", "Algorithm": "MD5", "Value": md5},
        {"$id": "2", "Type": "file", "Name": "x.exe", "FileHashes": [{"$ref": "1"}]},
    ]));
    assert_eq!(named(&all, EvidenceKind::File), ["x.exe"]);
}

#[test]
fn a_host_keeps_every_spelling() {
    let host = json!({
        "Type": "host", "HostName": "WEB-01", "DnsDomain": "contoso.test", "MdatpDeviceId": "AA",
        "FQDN": "web-01.contoso.test", "AadDeviceId": "B",
    });
    assert_eq!(keys(&host), ["mde:aa", "aad:b", "fqdn:web-01.contoso.test", "host:web-01"]);
}

#[test]
fn an_account_keeps_every_spelling() {
    let account = json!({
        "Type": "account", "Name": "ana", "NTDomain": "CONTOSO", "UPNSuffix": "contoso.test",
        "AadUserId": "A", "Sid": "S-1-5-21-1-2-3-4", "DomainName": "contoso.test",
    });
    assert_eq!(
        keys(&account),
        ["aad:a", "sid:s-1-5-21-1-2-3-4", "upn:ana@contoso.test", "sam:contoso\\ana", "sam:contoso.test\\ana"]
    );
}

#[test]
fn a_persons_name_is_no_account_name() {
    let person = json!({"Type": "account", "Name": "Ana Lopez", "UPNSuffix": "contoso.test",
        "AadUserId": "A"});
    assert_eq!(keys(&person), ["aad:a"]);
    let built_in = json!({"Type": "account", "Name": "LOCAL SERVICE", "NTDomain": "NT AUTHORITY"});
    assert_eq!(keys(&built_in), ["sam:nt authority\\local service"]);
}

#[test]
fn a_mail_message_yields_its_recipients_mailbox() {
    let all = parse_entities(&json!([{
        "Type": "mailMessage", "Subject": "Invoice", "Recipient": "ana@contoso.test",
        "NetworkMessageId": "N1", "Sender": "eve@evil.test",
    }]));
    assert_eq!(named(&all, EvidenceKind::MailMessage), ["Invoice"]);
    assert_eq!(named(&all, EvidenceKind::Mailbox), ["ana@contoso.test"]);
}

#[test]
fn every_other_kind_has_its_place() {
    let all = parse_entities(&json!([
        {"Type": "registry-value", "Name": "x", "Value": "1",
         "Key": {"Type": "registry-key", "Hive": "HKLM", "Key": "Run"}},
        {"Type": "cloud-application", "AppId": 20893, "Name": "Mail"},
        {"Type": "azure-resource", "ResourceId": "/subscriptions/1/vm/web"},
        {"Type": "mailCluster", "MailCount": 1, "Query": "q"},
        {"Type": "malware", "Name": "Evil", "Category": "Trojan"},
        {"Type": "ip", "Address": "192.0.2.7", "Location": {"CountryCode": "NL"}},
        {"Type": "ip", "IsValid": false},
        {"Address": "192.0.2.8"},
    ]));
    assert_eq!(named(&all, EvidenceKind::RegistryKey), ["HKLM\\Run\\x"]);
    assert_eq!(named(&all, EvidenceKind::CloudApplication), ["Mail"]);
    assert_eq!(named(&all, EvidenceKind::CloudResource), ["web"]);
    assert_eq!(named(&all, EvidenceKind::Other), ["Mail cluster of 1 message", "Evil"]);
    assert_eq!(named(&all, EvidenceKind::Ip), ["192.0.2.7", "192.0.2.8"]);
}

#[test]
fn a_built_in_account_is_known_however_sentinel_names_it() {
    for account in [
        json!({"Name": "NT AUTHORITY\\SYSTEM"}),
        json!({"Name": "NT AUTHORITY\\IUSR"}),
        json!({"Name": "NT AUTHORITY\\SISTEMA"}),
        json!({"Name": "AUTORITE NT\\Système"}),
        json!({"Name": "NT AUTHORITY\\SYSTEM", "UPNSuffix": "contoso.test"}),
        json!({"Name": "SYSTEM@NT AUTHORITY"}),
        json!({"Name": "LOCAL SERVICE"}),
        json!({"Name": "S-1-5-18"}),
        json!({"Name": "SYSTEM", "NTDomain": "NT AUTHORITY"}),
        json!({"DisplayName": "NT AUTHORITY\\SYSTEM"}),
        json!({"Name": "Local", "Sid": "S-1-5-2"}),
    ] {
        let mut value = account.clone();
        value["Type"] = json!("account");
        assert!(name_of(&keys(&value)).is_some(), "{account}: {:?}", keys(&value));
    }
    let people = json!({"Type": "account", "Name": "CONTOSO\\Ana Lopez"});
    assert_eq!(keys(&people), ["sam:contoso\\ana lopez"]);
    let display = json!({"Type": "account", "Name": "Ana Lopez"});
    assert_eq!(keys(&display), ["name:ana lopez"]);
}
