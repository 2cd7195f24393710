//! Whom comments mention (`@name`), and whether they have read it. Written with the entry of the comment.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::{user_names, users};
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::history::entry::Entry;
use crate::history::timeline;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::mention::{Names, mentioned};
use crate::model::user::User;
use crate::schema::{incidents, mentions};

/// Mentions that a page shows.
const PAGE: i64 = 50;

#[derive(Insertable)]
#[diesel(table_name = mentions, treat_none_as_default_value = false)]
struct MentionRow {
    user_id: i64,
    comment_id: i64,
    is_read: bool,
}

/// A comment that mentions somebody.
#[derive(Debug)]
pub struct Mention {
    pub entry: Entry,
    pub is_read: bool,
    /// The name of the incident in whose history the comment is.
    pub incident_name: String,
}

/// A page of somebody's mentions, newest first.
#[derive(Debug, Default)]
pub struct Page {
    pub mentions: Vec<Mention>,
    /// The entry before which the next page begins.
    pub next: Option<i64>,
}

/// Those who can be mentioned: everybody who can sign in.
pub fn names<'u>(people: impl IntoIterator<Item = &'u User>) -> Names {
    people.into_iter().filter(|user| !user.disabled).map(|user| (user_names::key(&user.name), user.id)).collect()
}

/// A text that may mention somebody.
pub(super) struct CommentText<'c> {
    comment: i64,
    body: &'c str,
}

impl<'c> CommentText<'c> {
    /// The text of a new comment or of an edit. Imported comments mention nobody: their names are another product's.
    pub fn of(entry: i64, change: &'c Change) -> Option<Self> {
        let (comment, body) = match change {
            Change::Commented { body, at: None } => (entry, body),
            Change::CommentEdited { comment, body } => (*comment, body),
            _ => return None,
        };
        body.contains('@').then_some(Self { comment, body })
    }
}

/// Records whom texts mention. An edit mentions those who were not mentioned before; nobody mentions themselves.
pub(super) fn insert(tx: &mut Tx<'_>, actor: &Actor, texts: &[CommentText<'_>]) -> Result<()> {
    let Some(author) = actor.person() else { return Ok(()) };
    if texts.is_empty() {
        return Ok(());
    }
    let people = users::list(tx.conn)?;
    let names = names(people.iter().filter(|user| user.id != author.id));
    let rows: Vec<MentionRow> = texts
        .iter()
        .flat_map(|text| {
            let users = mentioned(text.body, &names).into_iter();
            users.map(|user_id| MentionRow { user_id, comment_id: text.comment, is_read: false })
        })
        .collect();
    if !rows.is_empty() {
        each!(tx.conn, inner => diesel::insert_into(mentions::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(inner))?;
    }
    Ok(())
}

/// How many mentions somebody has not read.
pub fn count_unread(conn: &mut AnyConnection, user: i64) -> Result<i64> {
    let unread = mentions::table.filter(mentions::user_id.eq(user)).filter(mentions::is_read.eq(false));
    Ok(unread.count().get_result(conn)?)
}

/// The mentions of somebody before an entry, newest first.
pub fn of_person(conn: &mut AnyConnection, user: i64, before: Option<i64>) -> Result<Page> {
    let rows: Vec<(i64, bool)> = mentions::table
        .filter(mentions::user_id.eq(user))
        .filter(mentions::comment_id.lt(before.unwrap_or(i64::MAX)))
        .order(mentions::comment_id.desc())
        .limit(PAGE)
        .select((mentions::comment_id, mentions::is_read))
        .load(conn)?;
    let is_full = i64::try_from(rows.len()).unwrap_or(0) == PAGE;
    let next = rows.last().map(|(id, _)| *id).filter(|_| is_full);
    let read: HashMap<i64, bool> = rows.into_iter().collect();
    let comments = timeline::comments(conn, &read.keys().copied().collect::<Vec<_>>())?;
    let ids: Vec<i64> = comments.iter().map(|entry| entry.incident_id).collect();
    let names: Vec<(i64, String)> =
        incidents::table.filter(incidents::id.eq_any(ids)).select((incidents::id, incidents::name)).load(conn)?;
    let names: HashMap<i64, String> = names.into_iter().collect();
    let mention = |entry: Entry| Mention {
        is_read: read.get(&entry.id).copied().unwrap_or_default(),
        incident_name: names.get(&entry.incident_id).cloned().unwrap_or_default(),
        entry,
    };
    Ok(Page { mentions: comments.into_iter().map(mention).collect(), next })
}

/// Marks what mentions somebody as read: one comment, or all.
pub fn mark_read(tx: &mut Tx<'_>, user: i64, comment: Option<i64>) -> Result<()> {
    let unread = mentions::table.filter(mentions::user_id.eq(user)).filter(mentions::is_read.eq(false));
    match comment {
        Some(comment) => diesel::update(unread.filter(mentions::comment_id.eq(comment)))
            .set(mentions::is_read.eq(true))
            .execute(tx.conn)?,
        None => diesel::update(unread).set(mentions::is_read.eq(true)).execute(tx.conn)?,
    };
    Ok(())
}
