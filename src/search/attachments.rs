//! Attached files by name, and by SHA-256 or its beginning.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::attachments::{Attachment, read};
use crate::db::text_index::beginning;
use crate::db::{AnyConnection, Searched};
use crate::error::Result;
use crate::incidents::lookup::shown_in;
use crate::queue::conditions::name_search;
use crate::queue::sort::Value;
use crate::queue::sql::Sql;
use crate::schema::incidents;
use crate::search::found::{AttachmentHit, Found, Hits, Kind};
use crate::search::typed::Typed;
use crate::text::folded;

/// Attachments that are read: the newest.
const READ: usize = 100;
/// Fewest letters of a hash that are looked for.
const OF_HASH: usize = 6;
/// Letters of a SHA-256.
const WHOLE_HASH: usize = 64;

pub(super) fn search(conn: &mut AnyConnection, typed: &Typed, shown: usize) -> Result<Found> {
    let present = Sql::new(" AND n.removed_at IS NULL");
    let (named, more) = name_search::names(conn, &[Searched::AttachmentNames], &present, typed.as_str(), Sql::ids)?;
    let mut ids: BTreeSet<i64> = named.into_iter().collect();
    ids.extend(by_hash(conn, &folded(typed.as_str()))?);
    let total = ids.len();
    let newest: Vec<i64> = ids.into_iter().rev().take(READ).collect();
    let files = read::some(conn, &newest)?;
    let incidents = incidents_of(conn, &files)?;
    let mut hits: Vec<AttachmentHit> = files.into_iter().filter_map(|file| hit(file, &incidents)).collect();
    let open = hits.iter().filter(|hit| hit.is_open).count();
    // The newest first, as they were read.
    hits.sort_by_key(|hit| !hit.is_open);
    hits.truncate(shown);
    Ok(Found { kind: Kind::Attachments, hits: Hits::Attachments(hits), open, closed: total - open, more })
}

fn by_hash(conn: &mut AnyConnection, typed: &str) -> Result<Vec<i64>> {
    let is_hash = typed.chars().all(|c| c.is_ascii_hexdigit());
    let find = match typed.len() {
        WHOLE_HASH if is_hash => {
            Sql::of("SELECT id FROM attachments WHERE sha256 = {}", [Value::Text(typed.to_owned())])
        }
        OF_HASH..WHOLE_HASH if is_hash => {
            let find = "SELECT id FROM attachments WHERE sha256 LIKE {} ESCAPE '\\'";
            Sql::of(find, [Value::Text(beginning(typed))])
        }
        _ => return Ok(Vec::new()),
    };
    find.text(&format!(" ORDER BY id DESC LIMIT {READ}")).ids(conn)
}

/// Where the files of each incident are shown now: its id, name and whether it is open.
fn incidents_of(conn: &mut AnyConnection, files: &[Attachment]) -> Result<HashMap<i64, (i64, String, bool)>> {
    let added_to: BTreeSet<i64> = files.iter().map(|file| file.incident).collect();
    let mut shown = HashMap::new();
    for incident in added_to {
        let now = shown_in(conn, incident)?;
        let found =
            incidents::table.find(now).select((incidents::id, incidents::name, incidents::is_open)).first(conn)?;
        shown.insert(incident, found);
    }
    Ok(shown)
}

fn hit(file: Attachment, incidents: &HashMap<i64, (i64, String, bool)>) -> Option<AttachmentHit> {
    let (incident, incident_name, is_open) = incidents.get(&file.incident).cloned()?;
    Some(AttachmentHit {
        id: file.id,
        incident,
        incident_name,
        is_open,
        at: file.at,
        label: file.content.label(),
        size: file.size,
        name: file.name,
        sha256: file.sha256,
    })
}
