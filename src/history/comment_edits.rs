//! Edits of comments: each is an entry of its own, and the comment is shown with its newest text (R7: an entry is never
//! changed).

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::history::entry::{CommentText, Entry, Row, apply_edits};
use crate::model::change::Change;
use crate::schema::{comment_edits, history};

/// An edit that is recorded: its entry and the comment's.
#[derive(Insertable)]
#[diesel(table_name = comment_edits, treat_none_as_default_value = false)]
pub(super) struct EditRow {
    edit_id: i64,
    comment_id: i64,
}

impl EditRow {
    pub fn of(entry: i64, change: &Change) -> Option<Self> {
        match change {
            Change::CommentEdited { comment, .. } => Some(Self { edit_id: entry, comment_id: *comment }),
            _ => None,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, rows: &[EditRow]) -> Result<()> {
    if !rows.is_empty() {
        each!(tx.conn, inner => diesel::insert_into(comment_edits::table).values(rows).execute(inner))?;
    }
    Ok(())
}

/// Gives comments their newest texts, and keeps the earlier ones beside.
pub(super) fn add(conn: &mut AnyConnection, entries: &mut [Entry]) -> Result<()> {
    let comments: Vec<i64> =
        entries.iter().filter(|entry| matches!(entry.change, Change::Commented { .. })).map(|entry| entry.id).collect();
    if comments.is_empty() {
        return Ok(());
    }
    let rows: Vec<(i64, Row)> = history::table
        .inner_join(comment_edits::table.on(comment_edits::edit_id.eq(history::id)))
        .filter(comment_edits::comment_id.eq_any(comments))
        .order(history::id)
        .select((comment_edits::comment_id, Row::as_select()))
        .load(conn)?;
    let mut edits: HashMap<i64, Vec<CommentText>> = HashMap::new();
    for (comment, row) in rows {
        let entry = Entry::from(row);
        if let Change::CommentEdited { body, .. } = entry.change {
            edits.entry(comment).or_default().push(CommentText { body, at: entry.at });
        }
    }
    for entry in entries {
        let Some(edits) = edits.remove(&entry.id) else { continue };
        let Change::Commented { body, .. } = &mut entry.change else { continue };
        let (earlier, edited) = apply_edits(body, entry.at, edits);
        (entry.earlier, entry.edited) = (earlier, Some(edited));
    }
    Ok(())
}
