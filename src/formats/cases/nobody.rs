//! Names that stand for nobody in particular, in every place where a format has a name (R17).

use std::collections::BTreeSet;

use serde_json::Value;

use crate::formats::cases::every_format::read;
use crate::formats::cases::sample_case::Case;
use crate::formats::cases::samples::cases;
use crate::formats::format::Format;
use crate::formats::record::read_record;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::{IncomingAlert, IncomingEvidence};
use crate::model::linking::links;

const USERS: &[&str] = &[
    "N/A",
    "none",
    "unknown",
    "(empty)",
    "Not Available",
    "ANONYMOUS LOGON",
    "NT AUTHORITY\\ANONYMOUS LOGON",
    "NT AUTHORITY\\SYSTEM",
    "NT AUTHORITY\\IUSR",
    "NT AUTHORITY\\SISTEMA",
    "AUTORITE NT\\Système",
    "NT-AUTORITÄT\\SYSTEM",
    "SYSTEM@NT AUTHORITY",
    "LOCAL SERVICE@NT AUTHORITY",
    "NT AUTHORITY\\SYSTEM@",
    "LOCAL SERVICE",
    "SYSTEM",
    "root",
    "N/A\\N/A",
    "unknown\\unknown",
    "CORP\\-",
    "S-1-5-18",
    "S-1-5-20",
    "S-1-5-7",
    "S-1-0-0",
    "S-1-1-0",
    "NULL SID",
    "Everyone",
    "HIDDEN_DUE_TO_SECURITY_REASONS",
];

const DEVICES: &[&str] = &[
    "N/A",
    "UNKNOWN_HOST",
    "unknown.unknown",
    "ip6-localhost",
    "ip6-loopback",
    "localhost",
    "localhost:8080",
    "localhost.localdomain",
    "localhost4",
    "localhost6.localdomain6",
    "localhost.local",
    "127.0.0.1",
    "::1",
    "255.255.255.255",
    "169.254.1.1",
    "fe80::1",
    "WORKGROUP",
    "LOCAL",
];

const URLS: &[&str] = &[
    "http://127.0.0.1/x",
    "http://localhost:8080/",
    "http://0.0.0.0/index",
    "http://[::1]/index",
    "about:blank",
    "unknown",
];

const MAILBOXES: &[&str] = &["undisclosed-recipients:;", "N/A", "unknown"];

/// The sample with a name in place of another.
fn renamed(value: &Value, name: &str, other: &str) -> Value {
    match value {
        Value::String(text) if text == name => Value::String(other.to_owned()),
        Value::Array(items) => items.iter().map(|item| renamed(item, name, other)).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, found)| (key.clone(), renamed(found, name, other))).collect()
        }
        other => other.clone(),
    }
}

/// A name with and without its domain, as records may hold it.
fn spellings(name: &str) -> Vec<&str> {
    let bare = name.rsplit('\\').next().unwrap_or(name);
    let short = bare.split(['@', '.']).next().unwrap_or(bare);
    vec![name, bare, short]
}

/// Every alert that comes of putting one of the names in the place of one of the sample's.
fn with_nobody(sample: &Value, known: &[IncomingEvidence], kind: EvidenceKind, nobody: &str) -> Vec<IncomingAlert> {
    let items = known.iter().filter(|item| item.kind == kind);
    let names: BTreeSet<&str> = items.flat_map(|item| spellings(&item.name)).collect();
    let changed = names.into_iter().map(|name| renamed(sample, name, nobody)).filter(|changed| changed != sample);
    let records = changed.filter_map(|sample| read_record(&Format::Auto, &sample).ok());
    records.flat_map(|mut record| record.alerts_mut().map(|alert| alert.clone()).collect::<Vec<_>>()).collect()
}

/// Whether it is known by an identifier that nobody put another name on, or is the mail address of a person.
fn is_somebody(item: &IncomingEvidence) -> bool {
    item.keys.iter().any(|key| ["sid:", "aad:", "mde:"].iter().any(|id| key.starts_with(id)))
        || item.keys.iter().any(|key| key.starts_with("upn:") && key.ends_with("@contoso.test"))
}

#[test]
fn a_name_that_stands_for_nobody_ties_no_alerts_in_any_format() {
    let kinds = [
        (EvidenceKind::User, USERS),
        (EvidenceKind::Device, DEVICES),
        (EvidenceKind::Url, URLS),
        (EvidenceKind::Mailbox, MAILBOXES),
    ];
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for Case { format, sample, .. } in cases() {
        let known = read(&Format::Auto, &sample).evidence;
        for (kind, nobody) in kinds.iter().flat_map(|(kind, names)| names.iter().map(move |name| (*kind, *name))) {
            for item in with_nobody(&sample, &known, kind, nobody).into_iter().flat_map(|alert| alert.evidence) {
                tried += 1;
                let is_named = item.keys.iter().any(|key| key.contains(&nobody.to_lowercase()));
                if is_named && links(&item) && !is_somebody(&item) {
                    wrong.push(format!("{} {kind:?} {nobody}: {:?}", format, item.keys));
                }
            }
        }
    }
    assert!(wrong.is_empty() && tried > 1_000, "{tried}\n{}", wrong.join("\n"));
}
