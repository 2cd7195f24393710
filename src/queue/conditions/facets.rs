//! Conditions on what is stored of an incident in tables of their own: facets and tags.

use crate::model::facet::{MULTIPLE, facet_key};
use crate::model::tag;
use crate::queue::conditions::finder::{Conditions, Finder};
use crate::queue::sort::Value;
use crate::queue::sql::Sql;

/// Has one of some values of a facet.
pub(super) fn by_facet(facet: &'static str, values: &[String]) -> Option<Finder> {
    let keys: Vec<String> = values.iter().map(|value| facet_key(value)).collect();
    (!keys.is_empty()).then(|| with_keys(facet, keys))
}

/// Whether the incident has several values of a facet; `facet` in lower case.
pub(super) fn by_several(facet: &'static str, wanted: Option<bool>, all: &mut Conditions) {
    let keys = vec![facet.to_owned()];
    match wanted {
        Some(true) => all.finders.push(with_keys(MULTIPLE, keys)),
        // Written otherwise, PostgreSQL estimates far too few rows.
        Some(false) => {
            let has = has_facet(MULTIPLE, keys);
            all.plain.push(Sql::new("NOT EXISTS (SELECT 1 FROM ").and_then(has).text(")"));
        }
        None => {}
    }
}

fn with_keys(facet: &'static str, keys: Vec<String>) -> Finder {
    let finds = keys
        .iter()
        .map(|key| {
            Sql::of(
                "SELECT incident_id AS id FROM incident_facets WHERE facet = {} AND value = {}{start}",
                [Value::Text(facet.to_owned()), Value::Text(key.clone())],
            )
        })
        .collect();
    Finder { finds, condition: Sql::has(has_facet(facet, keys)), by_text: false }
}

fn has_facet(facet: &'static str, keys: Vec<String>) -> Sql {
    Sql::of("incident_facets f WHERE f.incident_id = i.id AND f.facet = {} AND ", [Value::Text(facet.to_owned())])
        .and_then(Sql::is_any("f.value", keys))
}

/// Has all of some tags, or any of them.
pub(super) fn by_tags(tags: &[String], all: bool) -> Vec<Finder> {
    let keys: Vec<String> = tags.iter().map(|tag| tag::key(tag)).collect();
    let groups: Vec<Vec<String>> = match (keys.is_empty(), all) {
        (true, _) => Vec::new(),
        (false, true) => keys.into_iter().map(|key| vec![key]).collect(),
        (false, false) => vec![keys],
    };
    groups.into_iter().map(with_any_tag).collect()
}

fn with_any_tag(keys: Vec<String>) -> Finder {
    let finds = keys
        .iter()
        .map(|key| {
            Sql::of(
                "SELECT incident_id AS id FROM incident_tags \
                 WHERE tag_id = (SELECT id FROM tags WHERE name_key = {}){start}",
                [Value::Text(key.clone())],
            )
        })
        .collect();
    let condition = Sql::new("incident_tags t WHERE t.incident_id = i.id AND t.tag_id IN (SELECT id FROM tags WHERE ")
        .and_then(Sql::is_any("name_key", keys))
        .text(")");
    Finder { finds, condition: Sql::has(condition), by_text: false }
}
