//! What people wrote: comments of incidents, alerts and entities, resolution notes, and the comments of moves and merges.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::{AnyConnection, Searched};
use crate::entities::entries;
use crate::entities::entry::EntityEntry;
use crate::error::Result;
use crate::history::entry::{Entry, Row};
use crate::history::written_texts::written;
use crate::model::user::User;
use crate::queue::conditions::name_search::{self, Way};
use crate::queue::sql::Sql;
use crate::schema::{history, incidents};
use crate::search::around::around;
use crate::search::found::{CommentHit, Commented, Found, Hits, Kind};
use crate::search::typed::Typed;

/// Entries that are read of incidents, and of entities: the newest.
const READ: usize = 100;

type People = HashMap<i64, User>;

pub(super) fn search(conn: &mut AnyConnection, typed: &Typed, shown: usize) -> Result<Found> {
    let none = Found { kind: Kind::Comments, hits: Hits::Comments(Vec::new()), open: 0, closed: 0, more: false };
    if Way::of(typed.as_str()) != Way::Contained {
        return Ok(none);
    }
    let people = users::names(conn)?;
    let newest = Sql::new(" ORDER BY n.entry_id DESC");
    let mut find = |searched| name_search::names(conn, &[searched], &newest, typed.as_str(), Sql::ids);
    let (of_incidents, more_of_incidents) = find(Searched::WrittenTexts)?;
    let (of_entities, more_of_entities) = find(Searched::EntityComments)?;
    let total = of_incidents.len() + of_entities.len();
    let mut hits = on_incidents(conn, &of_incidents, typed, &people)?;
    hits.extend(on_entities(conn, &of_entities, typed, &people)?);
    let open = hits.iter().filter(|hit| hit.is_open).count();
    hits.sort_by_key(|hit| (!hit.is_open, -hit.at));
    hits.truncate(shown);
    let more = more_of_incidents || more_of_entities;
    Ok(Found { hits: Hits::Comments(hits), open, closed: total - open, more, ..none })
}

fn newest(ids: &[i64]) -> &[i64] {
    ids.get(..READ).unwrap_or(ids)
}

fn on_incidents(conn: &mut AnyConnection, ids: &[i64], typed: &Typed, people: &People) -> Result<Vec<CommentHit>> {
    let rows: Vec<(Row, String, bool)> = history::table
        .inner_join(incidents::table)
        .filter(history::id.eq_any(newest(ids)))
        .select((Row::as_select(), incidents::name, incidents::is_open))
        .load(conn)?;
    let hit = |(row, name, is_open): (Row, String, bool)| {
        let entry = Entry::from(row);
        let (before, found, after) = around(&written(&entry.change), typed.as_str());
        CommentHit {
            entry: entry.id,
            on: Commented::Incident { id: entry.incident_id, name },
            is_open,
            who: entry.actor(people),
            at: entry.at,
            before,
            found,
            after,
        }
    };
    Ok(rows.into_iter().map(hit).collect())
}

/// An entity is never closed, so what people wrote of it counts as open.
fn on_entities(conn: &mut AnyConnection, ids: &[i64], typed: &Typed, people: &People) -> Result<Vec<CommentHit>> {
    let hit = |(entry, kind, name): (EntityEntry, String, String)| {
        let (before, found, after) = around(entry.change.comment().unwrap_or_default(), typed.as_str());
        CommentHit {
            entry: entry.id,
            on: Commented::Entity { id: entry.entity, kind, name },
            is_open: true,
            who: entry.actor(people),
            at: entry.at,
            before,
            found,
            after,
        }
    };
    Ok(entries::with_entities(conn, newest(ids))?.into_iter().map(hit).collect())
}
