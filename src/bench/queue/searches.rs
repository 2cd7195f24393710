//! Searches of everything and the pages of entities, and the bare SQL beside each: the look-up of the names that match,
//! and the newest incidents of the entity.

use diesel::prelude::*;

use crate::bench::queue::pages::{Measured, page};
use crate::bench::queue::server::Client;
use crate::db::{Db, Searched};
use crate::error::Result;
use crate::queue::conditions::name_search;
use crate::queue::sql::Sql;
use crate::schema::{entities, incident_entities, incidents};

/// The searches: a name to print, and what is typed.
const SEARCHES: [(&str, &str); 9] = [
    ("search a device", "web-00001"),
    ("search common part", "branch"),
    ("search a user", "user12"),
    ("search a file", "tool1999"),
    ("search a title", "encoded command"),
    ("search a number", "4242"),
    ("search two letters", "we"),
    ("search a technique", "T1110"),
    ("search nothing", "nowhere-to-be-found"),
];

/// Measures the searches, and the pages of the device and the user that are in most incidents.
pub fn measure(db: &Db, client: &Client) -> Result<Vec<Measured>> {
    let mut all = Vec::new();
    for (name, typed) in SEARCHES {
        let path = format!("/search?q={}", typed.replace(' ', "+"));
        all.push(page(client, name, &path, || bare_search(db, typed))?);
    }
    for kind in ["device", "user", "ip", "file"] {
        let Some(id) = most_frequent(db, kind)? else { continue };
        let path = format!("/entities/{kind}/{id}");
        all.push(page(client, &format!("page of a {kind}"), &path, || bare_entity(db, id))?);
    }
    Ok(all)
}

fn bare_search(db: &Db, typed: &str) -> Result<usize> {
    db.read_now(|conn| {
        let none = Sql::default();
        let mut found = 0;
        for searched in [Searched::Assets, Searched::OtherEntities] {
            found += name_search::names(conn, &[searched], &none, typed, Sql::ids)?.0.len();
        }
        for searched in [Searched::IncidentNames, Searched::AlertTitles] {
            found += name_search::names(conn, &[searched], &none, typed, Sql::words)?.0.len();
        }
        Ok(found)
    })
}

/// The entity of a kind in the most of the first incidents.
fn most_frequent(db: &Db, kind: &str) -> Result<Option<i64>> {
    db.read_now(|conn| {
        Ok(incident_entities::table
            .inner_join(entities::table)
            .filter(incident_entities::kind.eq(kind).and(incident_entities::incident_id.le(2_000)))
            .group_by(incident_entities::entity_id)
            .order(diesel::dsl::count_star().desc())
            .select(incident_entities::entity_id)
            .first(conn)
            .optional()?)
    })
}

fn bare_entity(db: &Db, id: i64) -> Result<usize> {
    db.read_now(|conn| {
        let rows: Vec<(i64, String)> = incident_entities::table
            .inner_join(incidents::table)
            .filter(incident_entities::entity_id.eq(id))
            .order((incident_entities::is_open.desc(), incident_entities::incident_id.desc()))
            .limit(25)
            .select((incidents::id, incidents::name))
            .load(conn)?;
        Ok(rows.len())
    })
}
