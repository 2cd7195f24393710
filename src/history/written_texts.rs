//! What people wrote, in lower case, which a search looks through: comments, resolution notes, and the reasons and
//! comments of moves and merges. Written with the entry that has it.

use diesel::prelude::*;

use crate::db::{AnyConnection, Db, Tx};
use crate::each;
use crate::error::Result;
use crate::history::older_rows::{OlderRows, PAGE};
use crate::model::change::Change;
use crate::schema::{history, written_texts};
use crate::search_text::searchable;
use crate::text::beginning;

/// Bytes of a text that are searched. Longer than any comment that a form takes; sources can send longer ones.
const MOST: usize = 100_000;
/// Rows a statement.
const BATCH: usize = 500;

#[derive(Insertable)]
#[diesel(table_name = written_texts, treat_none_as_default_value = false)]
pub(super) struct WrittenRow {
    entry_id: i64,
    text_key: String,
}

impl WrittenRow {
    /// The row of an entry; none of one in which nobody wrote anything.
    pub fn of(entry_id: i64, change: &Change) -> Option<Self> {
        let text = searchable(&written(change));
        (!text.is_empty()).then(|| Self { entry_id, text_key: beginning(&text, MOST).to_owned() })
    }
}

/// What somebody wrote with a change; empty for nothing.
pub fn written(change: &Change) -> String {
    match change {
        Change::Commented { body, .. } | Change::CommentEdited { body, .. } => body.clone(),
        Change::StatusSet { note, .. } => note.clone().unwrap_or_default(),
        Change::ResolvingNoteSet { to, .. } => to.clone().unwrap_or_default(),
        Change::AlertMovedIn { reason, comment, .. } | Change::AlertsMovedIn { reason, comment, .. } => {
            let both = [reason.as_str(), comment.as_str()];
            both.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
        }
        Change::IncidentsMerged { comment, .. } => comment.clone(),
        _ => String::new(),
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, rows: &[WrittenRow]) -> Result<()> {
    for rows in rows.chunks(BATCH) {
        each!(tx.conn, inner => diesel::insert_into(written_texts::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(inner))?;
    }
    Ok(())
}

/// The entries of an older store, whose texts are copied after migrating.
const OLDER: OlderRows = OlderRows { counter: "written_texts_left", read_page: copy_page };

/// Copies the texts of the entries of an older store; returns how many it read.
pub fn bring_up_to_date(db: &Db) -> Result<u64> {
    OLDER.read(db)
}

/// Whether `watchdesk migrate` was ended before every text was copied.
pub fn is_behind(conn: &mut AnyConnection) -> Result<bool> {
    OLDER.are_left(conn)
}

fn copy_page(tx: &mut Tx<'_>, last: i64) -> Result<Vec<i64>> {
    let entries: Vec<(i64, String)> = history::table
        .filter(history::id.le(last))
        .order(history::id.desc())
        .limit(PAGE)
        .select((history::id, history::detail))
        .load(tx.conn)?;
    let read = |(id, detail): &(i64, String)| WrittenRow::of(*id, &serde_json::from_str(detail).ok()?);
    let rows: Vec<WrittenRow> = entries.iter().filter_map(read).collect();
    insert(tx, &rows)?;
    Ok(entries.into_iter().map(|(id, _)| id).collect())
}
