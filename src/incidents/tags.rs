//! Tags: custom ones that people give, system ones that only Watchdesk gives (R9).

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::model::change::Change;
use crate::model::planned_change::PlannedChange;
use crate::model::tag::{self, SYSTEM, Tag, key};
use crate::schema::{incident_tags, tags};
use crate::text::one_line;

pub use crate::model::tag::{COUNT_LIMIT, LENGTH_LIMIT};

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

/// The tags that were typed for an incident.
pub fn clean<'a>(typed: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>> {
    tag::clean(typed, "An incident").map_err(|why| Error::at_field("tags", why))
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
    } else {
        tag::not_system(&name).map(|()| name)
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
        tag::not_system(name).map_err(|why| Error::at_field("tags", why))?;
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
    fn system_tags_can_neither_be_given_nor_taken() {
        let current = [Tag { name: "Redirected".into(), system: true }];
        assert!(set(&current, &[]).is_ok_and(|changes| changes.is_empty()));
        assert!(set(&[], &["redirected".to_owned()]).is_err());
    }
}
