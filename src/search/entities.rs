//! Entities by their names, identifiers, command lines, paths and hashes.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::{AnyConnection, LISTED, Searched};
use crate::entities::notes;
use crate::error::Result;
use crate::model::importance::Importance;
use crate::queue::conditions::name_search::{self, IDENTIFIED, Way};
use crate::queue::sql::Sql;
use crate::schema::entities;
use crate::search::count::{COUNTED, Count};
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
    let mut any_more = false;
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
    let counts = counts(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let count = |row: &Row| counts.get(&row.id).copied().unwrap_or_default();
    rows.sort_by_cached_key(|row| {
        let (open, all) = count(row);
        (typed.closeness(&row.name_key) > 0, open == 0, typed.closeness(&row.name_key), -all, -row.id)
    });
    let open = rows.iter().filter(|row| count(row).0 > 0).count();
    rows.truncate(shown);
    let key = folded(typed.as_str());
    let hidden: Vec<i64> = rows.iter().filter(|row| !row.name_key.contains(&key)).map(|row| row.id).collect();
    let mut notes = notes::of(conn, &rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let mut matched = matched::of_entities(conn, &hidden, &key)?;
    if matches!(kind, Kind::Processes | Kind::Files) {
        let others: Vec<i64> = rows.iter().map(|row| row.id).filter(|id| !matched.contains_key(id)).collect();
        matched.extend(matched::telling(conn, &others)?);
    }
    let hits = rows.into_iter().map(|row| {
        let (open, incidents) = count(&row);
        EntityHit {
            note: notes.remove(&row.id).unwrap_or_default(),
            matched: matched.remove(&row.id),
            id: row.id,
            kind: row.kind,
            name: row.name,
            importance: Importance::parse(&row.importance).unwrap_or_default(),
            open: Count::exactly(open),
            incidents: Count::exactly(incidents),
        }
    });
    Ok(Found { kind, hits: Hits::Entities(hits.collect()), open, closed: total - open, more })
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    open: i64,
    #[diesel(sql_type = BigInt)]
    incidents: i64,
}

/// Open incidents with each entity, and all, each counted up to a limit: an address may be in most incidents.
fn counts(conn: &mut AnyConnection, entities: &[i64]) -> Result<HashMap<i64, (i64, i64)>> {
    if entities.is_empty() {
        return Ok(HashMap::new());
    }
    let most = COUNTED + 1;
    let listed = entities.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let counted: Vec<Counts> = Sql::new(format!(
        "SELECT n.id AS id, \
         (SELECT COUNT(*) FROM (SELECT 1 AS one FROM incident_entities e \
             WHERE e.entity_id = n.id AND e.is_open = TRUE LIMIT {most}) o) AS open, \
         (SELECT COUNT(*) FROM (SELECT 1 AS one FROM incident_entities e WHERE e.entity_id = n.id LIMIT {most}) a) \
             AS incidents \
         FROM entities n WHERE n.id IN ({listed})"
    ))
    .load(conn)?;
    Ok(counted.into_iter().map(|one| (one.id, (one.open, one.incidents))).collect())
}
