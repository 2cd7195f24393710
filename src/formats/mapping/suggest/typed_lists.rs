//! Lists of entities whose items say what they are, such as {"type": "host", "value": "web-01"}, and members that
//! do so.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::formats::building::terms::normalized;
use crate::formats::mapping::document::Rule;
use crate::formats::mapping::document_field::{Field, Lines};
use crate::formats::mapping::pointer::{Pointer, ReadContext};
use crate::formats::mapping::suggest::fitting::fits_example;
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::sample::{SampleValue, sample_values};

/// Names of the member that says of which type an item is.
const TYPES: [&str; 9] =
    ["type", "kind", "entitytype", "resourcetype", "datatype", "observabletype", "objecttype", "indicatortype", "key"];

/// Words in a type, the kind of evidence, the main field, and its names beside the general ones.
const KINDS: &[(&str, &str, &str, &[&str])] = &[
    ("appinstance", "", "", &[]),
    ("filehash", "file", "hash", &[]),
    ("useragent", "", "", &[]),
    ("securitygroup", "", "", &[]),
    ("awsaccount", "", "", &[]),
    ("mailbox", "mailbox", "address", &["mailboxprimaryaddress", "upn"]),
    ("emailaddress", "mailbox", "address", &[]),
    ("host", "device", "name", &["hostname", "fqdn"]),
    ("instance", "device", "name", &["hostname", "instanceid"]),
    ("machine", "device", "name", &["hostname", "devicename", "computerdnsname"]),
    ("computer", "device", "name", &["hostname"]),
    ("workstation", "device", "name", &["hostname"]),
    ("endpoint", "device", "name", &["hostname"]),
    ("asset", "device", "name", &["hostname"]),
    ("device", "device", "name", &["hostname", "devicename"]),
    ("account", "user", "name", &["accountname", "userprincipalname"]),
    ("user", "user", "name", &["accountname", "username", "userprincipalname", "alternateid"]),
    ("ip", "ip", "address", &["address", "ipaddress", "ip"]),
    ("url", "url", "url", &["url"]),
    ("domain", "url", "url", &["domainname", "domain"]),
    ("process", "process", "commandLine", &["commandline"]),
    ("file", "file", "name", &["filename"]),
    ("bucket", "cloudResource", "id", &[]),
    ("hash", "file", "hash", &[]),
    ("sha256", "file", "hash", &[]),
    ("sha1", "file", "hash", &[]),
    ("md5", "file", "hash", &[]),
];

/// What a record is about, by a name that does not say which kind it is.
const SUBJECTS: [&str; 6] = ["resource", "entity", "target", "asset", "object", "offense"];

/// Names that the main member of an item has whatever its type.
const GENERAL: [&str; 11] = [
    "name",
    "displayname",
    "value",
    "entityvalue",
    "entityvaluename",
    "objectvalue",
    "data",
    "indicator",
    "descriptor",
    "entityid",
    "id",
];

/// A rule for each type of item in each list, and for each object that says that it is a device.
pub(super) fn rules(entries: &[SampleValue], records: &[Value]) -> Vec<Rule> {
    let of_list = entries.iter().filter_map(|entry| {
        let (each, member) = entry.pointer.rsplit_once("/*/")?;
        (!member.contains('/') && TYPES.contains(&normalized(member).as_str())).then_some((each, member))
    });
    let mut rules: Vec<Rule> = of_list.flat_map(|(each, member)| rules_of_list(each, member, records)).collect();
    rules
        .extend(entries.iter().filter_map(|entry| resource_rule(entry, entries).or_else(|| flat_rule(entry, entries))));
    rules
}

fn rules_of_list(each: &str, member: &str, records: &[Value]) -> Vec<Rule> {
    let Ok(list) = Pointer::parse(each) else { return Vec::new() };
    let items: Vec<Value> = records.iter().flat_map(|record| list.items(ReadContext::new(record))).collect();
    let type_of = |item: &Value| item.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    let types: BTreeSet<String> = items.iter().map(type_of).filter(|found| !found.is_empty()).collect();
    let mut rules = Vec::new();
    for found in types {
        let Some((kind, main, names)) = kind_of_type(&found) else { continue };
        let of_type: Vec<Value> = items.iter().filter(|item| type_of(item) == found).cloned().collect();
        let members = sample_values(&of_type);
        let Some(pointers) = main_pointers(&members, member, (kind, main, names)) else { continue };
        let mut fields = BTreeMap::from([(main.to_owned(), Field { from: Lines(pointers), ..Field::default() })]);
        let own: [(&str, &[&str]); 5] = [
            ("domain", &["domain", "domainname", "dnsdomain", "ntdomain", "accountdomain"]),
            ("sid", &["sid", "usersid"]),
            ("hash", &["sha256", "sha1", "md5"]),
            ("path", &["filepath", "directory", "folderpath"]),
            ("imagePath", &["imagepath"]),
        ];
        for (field, names) in own.iter().filter(|(field, _)| is_field(kind, field)) {
            let found = members.iter().find(|entry| Path::of(&entry.pointer).rank(names).is_some());
            if let Some(entry) = found {
                fields.insert((*field).to_owned(), Field::of(&[&entry.pointer]));
            }
        }
        let when = Lines(vec![format!("/{member} = {found}")]);
        rules.push(Rule { kind: kind.to_owned(), each: each.to_owned(), when, fields, ..Rule::default() });
    }
    rules
}

/// The members with the name of an item; with a suffix of user principal names both together go first.
fn main_pointers(members: &[SampleValue], type_member: &str, wanted: KindOfType) -> Option<Vec<String>> {
    let (kind, main, names) = wanted;
    let all: Vec<&str> = names.iter().copied().chain(GENERAL).collect();
    let mut ranked: Vec<(usize, usize, &str)> = members
        .iter()
        .filter(|entry| entry.pointer != format!("/{type_member}") && !entry.pointer.starts_with("/$"))
        .filter_map(|entry| {
            let path = Path::of(&entry.pointer);
            let rank = path.rank(&all).filter(|_| fits_example(kind, main, &path, &entry.example))?;
            Some((rank, path.depth(), entry.pointer.as_str()))
        })
        .collect();
    ranked.sort_unstable();
    let (_, _, best) = *ranked.first()?;
    let suffix = members.iter().find(|entry| Path::of(&entry.pointer).last() == "upnsuffix");
    let whole = suffix.map(|suffix| format!("{{{best}}}@{{{}}}", suffix.pointer));
    Some(whole.into_iter().chain([best.to_owned()]).collect())
}

/// The kind of evidence, its main field, and the names of that field.
pub(super) type KindOfType = (&'static str, &'static str, &'static [&'static str]);

pub(super) fn kind_of_type(text: &str) -> Option<KindOfType> {
    let plain = normalized(text);
    let found = KINDS.iter().find(|(word, ..)| match *word {
        "ip" => plain == "ip" || plain == "ipaddress" || plain.starts_with("ipv") || text.ends_with("_ip"),
        word => plain.contains(word),
    })?;
    let (_, kind, main, names) = *found;
    (!kind.is_empty()).then_some((kind, main, names))
}

fn is_field(kind: &str, field: &str) -> bool {
    match field {
        "domain" => matches!(kind, "device" | "user"),
        "sid" => kind == "user",
        "imagePath" => kind == "process",
        _ => kind == "file",
    }
}

/// The rule for a single device or user, such as {"resource": {"displayName": "web-01", "type": "compute.Instance"}}.
fn resource_rule(entry: &SampleValue, entries: &[SampleValue]) -> Option<Rule> {
    let (owner, member) = entry.pointer.rsplit_once('/')?;
    if owner.is_empty() || owner.contains("/*") || !TYPES.contains(&normalized(member).as_str()) {
        return None;
    }
    let path = Path::of(&entry.pointer);
    let subject = path.owners().last()?;
    let named = SUBJECTS.iter().any(|word| subject.contains(word));
    let (kind, main, names) =
        kind_of_type(&entry.example).filter(|(kind, ..)| named && matches!(*kind, "device" | "user"))?;
    let names: Vec<&str> = names.iter().copied().chain(["displayname", "name", "id"]).collect();
    let own = entries.iter().filter(|other| other.pointer.rsplit_once('/').is_some_and(|(of, _)| of == owner));
    let best = own
        .filter_map(|other| {
            let path = Path::of(&other.pointer);
            let rank = path.rank(&names).filter(|_| fits_example(kind, main, &path, &other.example))?;
            Some((rank, other.pointer.as_str()))
        })
        .min_by_key(|(rank, _)| *rank)?;
    let fields = BTreeMap::from([(main.to_owned(), Field::of(&[best.1]))]);
    Some(Rule { kind: kind.to_owned(), fields, ..Rule::default() })
}

/// The rule for a device or user whose type stands beside it: {"entity": "web-01", "entityType": "Host"}.
fn flat_rule(entry: &SampleValue, entries: &[SampleValue]) -> Option<Rule> {
    let (owner, member) = entry.pointer.rsplit_once('/')?;
    let plain = normalized(member);
    let subject = plain.strip_suffix("type").filter(|subject| SUBJECTS.contains(subject) && !owner.contains("/*"))?;
    let (kind, main, _) = kind_of_type(&entry.example).filter(|(kind, ..)| matches!(*kind, "device" | "user"))?;
    let names = ["displayname", "name", "value", "source", "", "id"].map(|end| format!("{subject}{end}"));
    let own = entries.iter().filter(|other| other.pointer.rsplit_once('/').is_some_and(|(of, _)| of == owner));
    let best = own
        .filter_map(|other| {
            let path = Path::of(&other.pointer);
            let rank = names.iter().position(|name| name == path.last())?;
            fits_example(kind, main, &path, &other.example).then_some((rank, other.pointer.as_str()))
        })
        .min()?;
    let fields = BTreeMap::from([(main.to_owned(), Field::of(&[best.1]))]);
    Some(Rule { kind: kind.to_owned(), fields, ..Rule::default() })
}
