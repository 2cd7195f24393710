//! Suggests evidence rules from the pointers of a sample.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::formats::mapping::document::Rule;
use crate::formats::mapping::document_field::Field;
use crate::formats::mapping::suggest::device_by_address;
use crate::formats::mapping::suggest::evidence_names::{EVIDENCE, Names, OTHER_OWNERS, WEAK};
use crate::formats::mapping::suggest::evidence_ranks::{rank_of, role_of};
use crate::formats::mapping::suggest::fitting::{fits_example, is_clear};
use crate::formats::mapping::suggest::path::Path;
use crate::formats::mapping::suggest::sample::SampleValue;
use crate::formats::mapping::suggest::siblings::{is_beside_hash, is_link, is_of_provider};
use crate::formats::mapping::suggest::typed_lists;
use crate::formats::mapping::suggest::values::is_instance_path;

/// Most pointers of one field.
const ALTERNATIVES_MAX: usize = 3;
/// Greatest depth of an entity's members.
const ENTITY_DEPTH_MAX: usize = 5;

/// The fields of one entity: those of one owner, such as "/file".
#[derive(Default)]
struct Group {
    each: String,
    /// Whether it is of a parent or an actor, whether its main field is missing or its name is weak, depth, rank
    /// of the best name.
    score: (bool, bool, bool, usize, usize),
    fields: BTreeMap<&'static str, Vec<(usize, String)>>,
}

/// A rule for each entity that the names tell.
pub(super) fn rules(entries: &[SampleValue], records: &[Value]) -> Vec<Rule> {
    let typed = typed_lists::rules(entries, records);
    let mut rules = Vec::new();
    for names in EVIDENCE {
        rules.extend(rules_of_kind(names, entries, &typed));
        rules.extend(typed.iter().filter(|rule| rule.kind == names.0).cloned());
    }
    rules.extend(typed.iter().filter(|rule| EVIDENCE.iter().all(|names| names.0 != rule.kind)).cloned());
    let by_address = device_by_address::rule(entries);
    if by_address.is_some() && device_by_address::is_of_network(entries) {
        // What it calls its host is the sensor.
        rules.retain(|rule| rule.kind != "device" || !rule.each.is_empty());
    }
    if !rules.iter().any(|rule| rule.kind == "device") {
        rules.splice(..0, by_address);
    }
    rules
}

/// The rule for the nearest entity, and one for each list of them. Every address is a rule of its own.
fn rules_of_kind(names: &Names, entries: &[SampleValue], typed: &[Rule]) -> Vec<Rule> {
    let (kind, _) = *names;
    let mut groups: Vec<Group> = groups(names, entries).into_values().collect();
    // What says that it is a device goes before what only may be one.
    let told = typed.iter().any(|rule| rule.kind == kind && rule.each.is_empty());
    groups.retain(|group| {
        if group.each.is_empty() { !(told && group.score.2) } else { !typed.iter().any(|rule| rule.each == group.each) }
    });
    groups.sort_by_key(|group| group.score);
    if kind != "ip" {
        // What stands behind the alert's own, and a further one of the record, is left out.
        let mut seen: Vec<String> = Vec::new();
        let has_own = groups.first().is_some_and(|group| !group.score.0);
        groups.retain(|group| {
            let new = !(seen.contains(&group.each) || has_own && group.score.0);
            seen.push(group.each.clone());
            new
        });
    }
    groups.into_iter().map(|group| rule_of_group(kind, group)).collect()
}

fn rule_of_group(kind: &str, group: Group) -> Rule {
    let mut rule = Rule { kind: kind.to_owned(), each: group.each, ..Rule::default() };
    for (field, mut pointers) in group.fields {
        pointers.sort();
        pointers.truncate(ALTERNATIVES_MAX);
        let texts: Vec<&str> = pointers.iter().map(|(_, pointer)| pointer.as_str()).collect();
        if let Some(role) = texts.first().filter(|_| kind == "ip").and_then(|pointer| role_of(pointer)) {
            rule.fields.insert("roles".to_owned(), Field::of(&[role]));
        }
        rule.fields.insert(field.to_owned(), Field::of(&texts));
    }
    rule
}

/// The candidates by list and owner; without their main field only where the kind has another that is enough.
fn groups(names: &Names, entries: &[SampleValue]) -> BTreeMap<(String, String), Group> {
    let (kind, fields) = *names;
    let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
    for (position, (field, names)) in fields.iter().enumerate() {
        for entry in entries {
            let path = Path::of(&entry.pointer);
            let other = path.owners().last().is_some_and(|owner| OTHER_OWNERS.contains(&owner.as_str()));
            let instance = kind == "device" && position == 0 && is_instance_path(&entry.example);
            let of_file = kind == "file" && is_beside_hash(field, entry, entries);
            let rank = rank_of(kind, position, &path, names).or((instance || of_file).then_some(names.len()));
            let Some(rank) = rank.filter(|_| path.depth() < ENTITY_DEPTH_MAX) else { continue };
            let fits = is_clear(kind, &path, &entry.example) && fits_example(kind, field, &path, &entry.example);
            let foreign = (kind == "device" && other) || path.is_of_staff();
            if !fits || foreign || is_foreign(kind, entry, entries) {
                continue;
            }
            let (each, inner) = match entry.pointer.rsplit_once("/*/") {
                Some((each, rest)) => (each.to_owned(), format!("/{rest}")),
                None => (String::new(), entry.pointer.clone()),
            };
            let owner = if kind == "ip" { entry.pointer.clone() } else { path.owners().join("/") };
            let weak = kind == "device" && (path.rank(&WEAK).is_some() || rank == names.len());
            let score = (path.is_further(), position > 0, weak, path.depth(), rank);
            let group =
                groups.entry((each.clone(), owner)).or_insert_with(|| Group { each, score, fields: BTreeMap::new() });
            group.score = group.score.min(score);
            group.fields.entry(field).or_default().push((rank, inner));
        }
    }
    // A domain or a SID alone is no person, a process id no process.
    let enough = |field: &&&str| {
        matches!(
            **field,
            "name" | "address" | "path" | "hash" | "url" | "commandLine" | "imagePath" | "imageName" | "upn"
        )
    };
    groups.retain(|_, group| group.fields.keys().any(|field| enough(&field)));
    groups
}

/// Whether a member is the name of a device or a user.
pub(super) fn names_device_or_user(path: &Path, example: &str) -> bool {
    EVIDENCE.iter().filter(|(kind, _)| matches!(*kind, "device" | "user")).any(|(kind, fields)| {
        let main = fields.first();
        main.is_some_and(|(field, names)| {
            let named = rank_of(kind, 0, path, names).is_some() && !path.is_of_staff();
            named && is_clear(kind, path, example) && fits_example(kind, field, path, example)
        })
    })
}

/// Whether the members beside a value say that it is of the product or its provider.
fn is_foreign(kind: &str, entry: &SampleValue, entries: &[SampleValue]) -> bool {
    if kind == "url" { is_link(entry, entries) } else { is_of_provider(kind, entry, entries) }
}
