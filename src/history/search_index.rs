//! Copies of an incident's values that the queue filters and sorts by, updated in the transaction that
//! changes it: whether it is open, in the rows of its facets, entities and tags; its owner's name; its name
//! and the titles of its alerts among all; and whether it has several sources or categories.

use std::collections::{BTreeSet, HashSet};

use diesel::prelude::*;

use crate::db::{Db, Tx};
use crate::each;
use crate::error::Result;
use crate::model::facet::{MULTIPLE, facet_key};
use crate::model::incident::Scope;
use crate::schema::{
    alert_titles, incident_entities, incident_facets, incident_names, incident_tags, incidents, users,
};
use crate::text::folded;

/// The facets that can be filtered by having several values: `multipleSources` and `multipleCategories`.
const CAN_BE_MULTIPLE: [&str; 2] = ["serviceSource", "category"];
/// Rows a statement.
const BATCH: usize = 500;

/// A facet and a value of it, in lower case.
pub(super) type Facet = (&'static str, String);

/// Notes which facets have more than one value, counting the stored scope and the new facets.
pub(super) fn note_multiple(facets: &mut HashSet<Facet>, before: &Scope) {
    for counted in CAN_BE_MULTIPLE {
        let known = if counted == "category" { &before.categories } else { &before.service_sources };
        let mut values: BTreeSet<String> = known.iter().map(|value| facet_key(value)).collect();
        values.extend(facets.iter().filter(|(facet, _)| *facet == counted).map(|(_, value)| value.clone()));
        if values.len() > 1 {
            facets.insert((MULTIPLE, counted.to_lowercase()));
        }
    }
}

/// Updates whether incidents are open, in their own rows and in those of their facets, entities and tags.
pub(super) fn follow_status(tx: &mut Tx<'_>, incidents: &[i64], open: bool) -> Result<()> {
    let changed: Vec<i64> = incidents::table
        .filter(incidents::id.eq_any(incidents))
        .filter(incidents::is_open.ne(open))
        .select(incidents::id)
        .load(tx.conn)?;
    if changed.is_empty() {
        return Ok(());
    }
    diesel::update(incidents::table.filter(incidents::id.eq_any(&changed)))
        .set(incidents::is_open.eq(open))
        .execute(tx.conn)?;
    diesel::update(incident_facets::table.filter(incident_facets::incident_id.eq_any(&changed)))
        .set(incident_facets::is_open.eq(open))
        .execute(tx.conn)?;
    diesel::update(incident_entities::table.filter(incident_entities::incident_id.eq_any(&changed)))
        .set(incident_entities::is_open.eq(open))
        .execute(tx.conn)?;
    diesel::update(incident_tags::table.filter(incident_tags::incident_id.eq_any(&changed)))
        .set(incident_tags::is_open.eq(open))
        .execute(tx.conn)?;
    Ok(())
}

/// What an owner is sorted by: the display name in lower case, nothing without one.
pub(super) fn owner_key(tx: &mut Tx<'_>, owner: Option<i64>) -> Result<String> {
    let Some(owner) = owner else { return Ok(String::new()) };
    let name: Option<String> = users::table.find(owner).select(users::display_name).first(tx.conn).optional()?;
    Ok(folded(&name.unwrap_or_default()))
}

/// Rewrites the sort keys of owners whose names are not ASCII: the migration made them by SQL, and SQLite's
/// `lower` changes ASCII letters only. Run after migrating; a second run changes nothing. The key is a copy
/// of the owner's name, so this is no change of an incident and does not go through `commit`.
pub fn bring_owners_up_to_date(db: &Db) -> Result<()> {
    let people: Vec<(i64, String)> =
        db.read_now(|conn| Ok(users::table.select((users::id, users::display_name)).load(conn)?))?;
    for (owner, name) in people.iter().filter(|(_, name)| !name.is_ascii()) {
        let key = folded(name);
        db.write_in_turn(|tx| {
            let stale = incidents::table.filter(incidents::assigned_to.eq(owner)).filter(incidents::owner_key.ne(&key));
            Ok(diesel::update(stale).set(incidents::owner_key.eq(&key)).execute(tx.conn)?)
        })?;
    }
    Ok(())
}

/// Adds names to those that a search looks through.
pub(super) fn note_names<'n>(tx: &mut Tx<'_>, names: impl IntoIterator<Item = &'n str>) -> Result<()> {
    let keys: BTreeSet<String> = names.into_iter().map(folded).collect();
    let rows: Vec<_> = keys.iter().map(|key| incident_names::name_key.eq(key)).collect();
    for rows in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(incident_names::table)
            .values(rows.to_vec())
            .on_conflict_do_nothing()
            .execute(inner))?;
    }
    Ok(())
}

/// Adds titles to those that a search looks through.
pub(super) fn note_titles<'n>(tx: &mut Tx<'_>, titles: impl IntoIterator<Item = &'n str>) -> Result<()> {
    let keys: BTreeSet<String> = titles.into_iter().map(folded).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    for keys in keys.chunks(BATCH) {
        // Nearly all are known: reading takes no lock and writes nothing.
        let known: HashSet<String> = alert_titles::table
            .filter(alert_titles::title_key.eq_any(keys))
            .select(alert_titles::title_key)
            .load(tx.conn)?
            .into_iter()
            .collect();
        let is_new = |key: &&String| !known.contains(*key);
        let rows: Vec<_> = keys.iter().filter(is_new).map(|key| alert_titles::title_key.eq(key)).collect();
        if !rows.is_empty() {
            each!(tx.conn, inner => diesel::insert_into(alert_titles::table)
                .values(rows.clone())
                .on_conflict_do_nothing()
                .execute(inner))?;
        }
    }
    Ok(())
}
