//! Entities by their names, identifiers, command lines, paths and hashes.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED, Searched};
use crate::entities::counts::IncidentCounts;
use crate::entities::{counts, known_to_us};
use crate::error::Result;
use crate::model::importance::Importance;
use crate::queue::conditions::name_search::{self, IDENTIFIED, MOST_NAMES, Way};
use crate::queue::sql::Sql;
use crate::schema::entities;
use crate::search::found::{EntityHit, Found, Hits, Kind};
use crate::search::matched;
use crate::search::typed::Typed;
use crate::text::folded;

/// Entities of a kind whose incidents are counted: those whose names match best.
const RANKED: usize = 100;
/// Names that begin with what was typed and are looked at in any case.
const BEGINNING: usize = 200;

/// Whether entities are found of a kind of results.
pub(super) fn is_one(kind: Kind) -> bool {
    !matches!(kind, Kind::Incidents | Kind::Alerts | Kind::Techniques | Kind::Comments | Kind::Attachments)
}

#[derive(Debug, Queryable)]
struct Row {
    id: i64,
    kind: String,
    name: String,
    name_key: String,
    importance: String,
}

pub(super) fn search(conn: &mut AnyConnection, typed: &Typed, only: Option<Kind>, shown: usize) -> Result<Vec<Found>> {
    let kinds: Vec<&str> = only.iter().map(|kind| kind.as_str()).collect();
    let (ids, more) = candidates(conn, typed, &kinds)?;
    let mut by_kind: HashMap<Kind, Vec<Row>> = HashMap::new();
    for row in rows(conn, &ids)? {
        let kind = Kind::parse(&row.kind).filter(|kind| is_one(*kind)).unwrap_or(Kind::Other);
        if only.is_none_or(|only| only == kind) {
            by_kind.entry(kind).or_default().push(row);
        }
    }
    let found = by_kind.into_iter().map(|(kind, rows)| best(conn, typed, (kind, rows, more), shown));
    found.collect()
}

/// The entities that may be shown, and whether there are more.
fn candidates(conn: &mut AnyConnection, typed: &Typed, kinds: &[&str]) -> Result<(BTreeSet<i64>, bool)> {
    let text = typed.as_str();
    let of_kinds = name_search::of_kinds("n.kind", kinds);
    let whole = Way::of(text) == Way::Contained;
    let searched: &[Searched] = if whole {
        &[Searched::Assets, Searched::OtherEntities, Searched::FurtherNames, Searched::EntityTexts]
    } else {
        &[Searched::Assets, Searched::OtherEntities]
    };
    let mut ids: BTreeSet<i64> = name_search::identified(conn, &IDENTIFIED, text)?.into_iter().collect();
    let (tagged, mut any_more) = tagged(conn, &of_kinds, text)?;
    ids.extend(tagged);
    for one in searched {
        let (found, more) = name_search::names(conn, &[*one], &of_kinds, text, Sql::ids)?;
        if more && whole && matches!(one, Searched::Assets | Searched::OtherEntities) {
            // Those that were looked at are any. What begins with the text is found all the same.
            let (statement, values) = conn.names_beginning(*one, text);
            let beginning = Sql::of(statement, values.map(crate::queue::sort::Value::Text));
            let limit = format!(" LIMIT {BEGINNING}");
            ids.extend(beginning.and_then(of_kinds.clone()).text(&limit).ids(conn)?);
        }
        ids.extend(found);
        any_more |= more;
    }
    Ok((ids, any_more))
}

/// The entities with a tag that has what was typed, the newest, and whether there are more. Tags are few.
fn tagged(conn: &mut AnyConnection, of_kinds: &Sql, text: &str) -> Result<(Vec<i64>, bool)> {
    let mut ids = Sql::new(
        "SELECT n.id AS id FROM tags g JOIN entity_tags x ON x.tag_id = g.id JOIN entities n ON n.id = x.entity_id WHERE ",
    )
    .and_then(Way::of(text).condition("g.name_key", text))
    .and_then(of_kinds.clone())
    .text(&format!(" ORDER BY n.id DESC LIMIT {}", MOST_NAMES + 1))
    .ids(conn)?;
    let more = ids.len() > MOST_NAMES;
    ids.truncate(MOST_NAMES);
    Ok((ids, more))
}

fn rows(conn: &mut AnyConnection, ids: &BTreeSet<i64>) -> Result<Vec<Row>> {
    let ids: Vec<i64> = ids.iter().copied().collect();
    let mut rows = Vec::with_capacity(ids.len());
    for ids in ids.chunks(LISTED) {
        let found: Vec<Row> = entities::table
            .filter(entities::id.eq_any(ids))
            .select((entities::id, entities::kind, entities::name, entities::name_key, entities::importance))
            .load(conn)?;
        rows.extend(found);
    }
    Ok(rows)
}

/// The best hits of a kind: those that match best are ranked, of these the ones in open incidents come first.
fn best(
    conn: &mut AnyConnection,
    typed: &Typed,
    (kind, mut rows, more): (Kind, Vec<Row>, bool),
    shown: usize,
) -> Result<Found> {
    let total = rows.len();
    rows.sort_by_cached_key(|row| (typed.closeness(&row.name_key), row.name_key.chars().count(), -row.id));
    rows.truncate(RANKED);
    let counts = counts::of(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let count = |row: &Row| counts.get(&row.id).copied().unwrap_or_default();
    rows.sort_by_cached_key(|row| {
        let in_incidents = count(row);
        let closeness = typed.closeness(&row.name_key);
        (closeness > 0, in_incidents.open.is_zero(), closeness, Reverse(in_incidents.all()), -row.id)
    });
    let open = rows.iter().filter(|row| !count(row).open.is_zero()).count();
    rows.truncate(shown);
    let key = folded(typed.as_str());
    let hidden: Vec<i64> = rows.iter().filter(|row| !row.name_key.contains(&key)).map(|row| row.id).collect();
    let mut known = known_to_us::of(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let mut matched = matched::of_entities(conn, &hidden, &key)?;
    if matches!(kind, Kind::Processes | Kind::Files) {
        let others: Vec<i64> = rows.iter().map(|row| row.id).filter(|id| !matched.contains_key(id)).collect();
        matched.extend(matched::telling(conn, &others)?);
    }
    let hits = rows.into_iter().map(|row| {
        let in_incidents: IncidentCounts = count(&row);
        EntityHit {
            known: known.remove(&row.id).unwrap_or_default(),
            matched: matched.remove(&row.id),
            id: row.id,
            kind: row.kind,
            name: row.name,
            importance: Importance::parse(&row.importance).unwrap_or_default(),
            open: in_incidents.open,
            incidents: in_incidents.all(),
        }
    });
    Ok(Found { kind, hits: Hits::Entities(hits.collect()), open, closed: total - open, more })
}
