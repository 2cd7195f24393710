//! Tags: custom ones that people give, system ones that only Watchdesk gives (R9).

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::model::change::Change;
use crate::model::planned_change::PlannedChange;
use crate::model::tag::{SYSTEM, Tag, key};
use crate::schema::{incident_tags, tags};
use crate::text::one_line;

/// Longest tag, in characters.
pub const LENGTH_LIMIT: usize = 64;
/// Most custom tags on one incident.
pub const COUNT_LIMIT: usize = 50;

/// The tags of one incident, system ones first, then by name.
pub fn of(conn: &mut AnyConnection, incident: i64) -> Result<Vec<Tag>> {
    Ok(incident_tags::table
        .inner_join(tags::table)
        .filter(incident_tags::incident_id.eq(incident))
        .order((tags::system.desc(), tags::name_key))
        .select(Tag::as_select())
        .load(conn)?)
}

/// The same of several incidents, by incident.
pub fn of_many(conn: &mut AnyConnection, incidents: &[i64]) -> Result<HashMap<i64, Vec<Tag>>> {
    let mut found: HashMap<i64, Vec<Tag>> = HashMap::new();
    for ids in incidents.chunks(500) {
        let rows: Vec<(i64, Tag)> = incident_tags::table
            .inner_join(tags::table)
            .filter(incident_tags::incident_id.eq_any(ids))
            .order((tags::system.desc(), tags::name_key))
            .select((incident_tags::incident_id, Tag::as_select()))
            .load(conn)?;
        for (incident, tag) in rows {
            found.entry(incident).or_default().push(tag);
        }
    }
    Ok(found)
}

/// Every tag in use, for typeahead and filters, by name.
pub fn in_use(conn: &mut AnyConnection) -> Result<Vec<Tag>> {
    Ok(tags::table
        .filter(diesel::dsl::exists(incident_tags::table.filter(incident_tags::tag_id.eq(tags::id))))
        .order(tags::name_key)
        .limit(500)
        .select(Tag::as_select())
        .load(conn)?)
}

/// Cleans what was typed: trimmed, without repeats in any case, commas separate.
pub fn clean<'a>(typed: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>> {
    let (mut names, mut keys) = (Vec::new(), HashSet::new());
    for name in typed.into_iter().flat_map(|text| text.split(',')) {
        let name = one_line(name);
        if name.is_empty() || !keys.insert(key(&name)) {
            continue;
        }
        if name.chars().count() > LENGTH_LIMIT {
            return Err(Error::at_field("tags", format!("A tag can have at most {LENGTH_LIMIT} characters.")));
        }
        if names.len() == COUNT_LIMIT {
            return Err(Error::at_field("tags", format!("An incident can have at most {COUNT_LIMIT} tags.")));
        }
        names.push(name);
    }
    Ok(names)
}

/// One custom tag as typed; the error is the message for its field.
pub fn one_custom(typed: &str) -> std::result::Result<String, String> {
    let name = one_line(typed);
    if name.is_empty() {
        Err("Enter a tag.".to_owned())
    } else if name.contains(',') {
        Err("Enter one tag, without a comma.".to_owned())
    } else if name.chars().count() > LENGTH_LIMIT {
        Err(format!("A tag can have at most {LENGTH_LIMIT} characters."))
    } else if SYSTEM.iter().any(|system| key(system) == key(&name)) {
        Err(format!("\"{name}\" is a system tag. Only Watchdesk can set it."))
    } else {
        Ok(name)
    }
}

/// The tags of an import that can be custom tags here: split at commas, cut to length, without system
/// tags.
pub fn importable(given: &[String]) -> Vec<String> {
    let mut taken: HashSet<String> = SYSTEM.iter().map(|system| key(system)).collect();
    let names = given.iter().flat_map(|text| text.split(','));
    let names = names.map(|name| one_line(name).chars().take(LENGTH_LIMIT).collect::<String>());
    names.filter(|name| !name.is_empty() && taken.insert(key(name))).take(COUNT_LIMIT).collect()
}

/// The changes after which the custom tags are exactly `wanted`. System tags can be neither added nor
/// removed.
pub fn set(current: &[Tag], wanted: &[String]) -> Result<Vec<PlannedChange>> {
    let has = |name: &str| current.iter().any(|tag| key(&tag.name) == key(name));
    let mut changes = Vec::new();
    for name in wanted.iter().filter(|name| !has(name)) {
        if SYSTEM.iter().any(|system| key(system) == key(name)) {
            return Err(Error::at_field("tags", format!("\"{name}\" is a system tag. Only Watchdesk can set it.")));
        }
        changes.push(PlannedChange::incident(Change::Tagged { tag: name.clone(), system: false }));
    }
    for tag in current.iter().filter(|tag| !tag.system) {
        if !wanted.iter().any(|name| key(name) == key(&tag.name)) {
            changes.push(PlannedChange::incident(Change::Untagged { tag: tag.name.clone(), system: false }));
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_tags_are_split_trimmed_and_unique_in_any_case() {
        let names = clean(["Phish,  VIP  user ", "", "phish"]).unwrap_or_default();
        assert_eq!(names, ["Phish", "VIP user"]);
    }

    #[test]
    fn system_tags_can_neither_be_given_nor_taken() {
        let current = [Tag { name: "Redirected".into(), system: true }];
        assert!(set(&current, &[]).is_ok_and(|changes| changes.is_empty()));
        assert!(set(&[], &["redirected".to_owned()]).is_err());
    }
}
