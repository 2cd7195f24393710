//! Suggests evidence rules from the pointers of a sample.

use std::collections::BTreeMap;

use crate::formats::building::terms::normalized;
use crate::formats::mapping::document::Rule;
use crate::formats::mapping::suggest::names::OTHER_OWNERS;
use crate::formats::mapping::suggest::rank::{depth, rank};
use crate::formats::mapping::suggest::sample::SampleValue;

/// Most pointers of one field.
pub(super) const ALTERNATIVES_MAX: usize = 3;
/// Greatest depth of an entity's members.
const ENTITY_DEPTH_MAX: usize = 4;

/// A rule for each pointer that names an entity of the kind; pointers into one list become one rule.
pub(super) fn rules(kind: &str, wanted: &[(&str, &[&str])], entries: &[SampleValue]) -> Vec<Rule> {
    let mut found: BTreeMap<(String, usize), Rule> = BTreeMap::new();
    for (field, names) in wanted {
        for entry in entries {
            let owner = entry.pointer.split('/').rev().nth(1).map(normalized).unwrap_or_default();
            let of_other_owner = kind == "device" && OTHER_OWNERS.contains(&owner.as_str());
            let known = rank(&entry.pointer, names).is_some() && depth(&entry.pointer) <= ENTITY_DEPTH_MAX;
            if !known || of_other_owner || !fits_example(kind, field, &entry.example) {
                continue;
            }
            let (each, inner) = match entry.pointer.rsplit_once("/*/") {
                Some((each, rest)) => (each.to_owned(), format!("/{rest}")),
                None => (String::new(), entry.pointer.clone()),
            };
            // Each address is a separate rule; the fields of a file or a person belong to one rule.
            let separate = if kind == "ip" { found.len() } else { 0 };
            let rule = found.entry((each.clone(), separate)).or_insert_with(|| Rule {
                kind: kind.to_owned(),
                each,
                ..Rule::default()
            });
            let sources = &mut rule.fields.entry((*field).to_owned()).or_default().from.0;
            sources.push(inner);
            sources.sort_by_key(|pointer| rank(pointer, names));
            sources.truncate(ALTERNATIVES_MAX);
        }
    }
    found.into_values().collect()
}

/// Whether the example can be a value of the field: "source" may be a name or an address.
fn fits_example(kind: &str, field: &str, example: &str) -> bool {
    let is_ip = |text: &str| text.split(", ").all(|part| part.parse::<std::net::IpAddr>().is_ok());
    match (kind, field) {
        ("ip", _) => is_ip(example),
        ("device" | "user", "name") => !is_ip(example) && !example.contains("://"),
        ("url", _) => example.contains("://"),
        _ => true,
    }
}
