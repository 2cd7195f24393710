//! Evidence rules guessed from the places of a sample.

use std::collections::BTreeMap;

use crate::formats::building::terms::folded;
use crate::formats::mapping::document::Rule;
use crate::formats::mapping::suggest::names::ELSEWHERE;
use crate::formats::mapping::suggest::rank::{depth, rank};
use crate::formats::mapping::suggest::sample::Found;

/// Most pointers that one field is given.
pub(super) const ALTERNATIVES_MAX: usize = 3;
/// How deep the members of an entity stand.
const ENTITY_DEPTH_MAX: usize = 4;

/// One rule for each place that names such an entity; places below one list make one rule over it.
pub(super) fn rules(kind: &str, wanted: &[(&str, &[&str])], places: &[Found]) -> Vec<Rule> {
    let mut found: BTreeMap<(String, usize), Rule> = BTreeMap::new();
    for (field, names) in wanted {
        for place in places {
            let owner = place.pointer.split('/').rev().nth(1).map(folded).unwrap_or_default();
            let elsewhere = kind == "device" && ELSEWHERE.contains(&owner.as_str());
            let known = rank(&place.pointer, names).is_some() && depth(&place.pointer) <= ENTITY_DEPTH_MAX;
            if !known || elsewhere || !is_such(kind, field, &place.example) {
                continue;
            }
            let (each, inner) = match place.pointer.rsplit_once("/*/") {
                Some((each, rest)) => (each.to_owned(), format!("/{rest}")),
                None => (String::new(), place.pointer.clone()),
            };
            // Addresses are entities of their own; the parts of a file or a person belong together.
            let apart = if kind == "ip" { found.len() } else { 0 };
            let rule = found.entry((each.clone(), apart)).or_insert_with(|| Rule {
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

/// Whether the example can be such a thing: "source" may be a name or an address.
fn is_such(kind: &str, field: &str, example: &str) -> bool {
    let is_ip = |text: &str| text.split(", ").all(|part| part.parse::<std::net::IpAddr>().is_ok());
    match (kind, field) {
        ("ip", _) => is_ip(example),
        ("device" | "user", "name") => !is_ip(example) && !example.contains("://"),
        ("url", _) => example.contains("://"),
        _ => true,
    }
}
