//! What people wrote: comments, resolution notes, and the comments of moves and merges.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::{AnyConnection, Searched};
use crate::error::Result;
use crate::history::entry::{Entry, Row};
use crate::history::written_texts::written;
use crate::queue::conditions::name_search::{self, Way};
use crate::queue::sql::Sql;
use crate::schema::{history, incidents};
use crate::search::around::around;
use crate::search::found::{CommentHit, Found, Hits, Kind};
use crate::search::typed::Typed;

/// Entries that are read: the newest.
const READ: usize = 100;

pub(super) fn search(conn: &mut AnyConnection, typed: &Typed, shown: usize) -> Result<Found> {
    let none = Found { kind: Kind::Comments, hits: Hits::Comments(Vec::new()), open: 0, closed: 0, more: false };
    if Way::of(typed.as_str()) != Way::Contained {
        return Ok(none);
    }
    let newest = Sql::new(" ORDER BY n.entry_id DESC");
    let (mut ids, more) = name_search::names(conn, &[Searched::WrittenTexts], &newest, typed.as_str(), Sql::ids)?;
    let total = ids.len();
    ids.truncate(READ);
    let mut rows: Vec<(Row, String, bool)> = history::table
        .inner_join(incidents::table)
        .filter(history::id.eq_any(&ids))
        .order(history::id.desc())
        .select((Row::as_select(), incidents::name, incidents::is_open))
        .load(conn)?;
    let people = users::names(conn)?;
    let open = rows.iter().filter(|(_, _, is_open)| *is_open).count();
    // The newest first, as they were read.
    rows.sort_by_key(|(_, _, is_open)| !is_open);
    rows.truncate(shown);
    let hits = rows.into_iter().map(|row| hit(row, typed, &people)).collect();
    Ok(Found { hits: Hits::Comments(hits), open, closed: total - open, more, ..none })
}

fn hit(
    (row, incident_name, is_open): (Row, String, bool),
    typed: &Typed,
    people: &HashMap<i64, crate::model::user::User>,
) -> CommentHit {
    let entry = Entry::from(row);
    let (before, found, after) = around(&written(&entry.change), typed.as_str());
    CommentHit {
        entry: entry.id,
        incident: entry.incident_id,
        incident_name,
        is_open,
        who: entry.actor(people),
        at: entry.at,
        before,
        found,
        after,
    }
}
