//! Reading attachments: what lists show of them, and their bytes.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::attachments::content_type::ContentType;
use crate::attachments::known_types::Risk;
use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::history::merged_incidents::with_merged;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::schema::{attachment_contents, attachment_pieces, attachment_previews, attachments};

/// A file that is attached.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub id: i64,
    /// The incident that it was added to, which may be merged into another now.
    pub incident: i64,
    pub name: String,
    /// In hexadecimal, lower case.
    pub sha256: String,
    /// In bytes.
    pub size: i64,
    pub content: ContentType,
    pub has_preview: bool,
    /// Microseconds UTC.
    pub at: i64,
    by: Option<i64>,
    label: String,
}

impl Attachment {
    /// Who attached it, by today's display name.
    pub fn author(&self, people: &HashMap<i64, User>) -> String {
        let person = self.by.and_then(|id| people.get(&id));
        person.map_or_else(|| self.label.clone(), |person| person.display_name.clone())
    }

    pub fn is_by(&self, actor: &Actor) -> bool {
        actor.person().is_some_and(|person| self.by == Some(person.id))
    }

    pub fn risk(&self) -> Option<Risk> {
        self.content.risk(&self.name)
    }
}

/// What there is of an id.
#[derive(Debug, Clone)]
pub enum Found {
    Attached(Attachment),
    /// It was removed from this incident.
    Removed(i64),
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = attachments)]
struct Row {
    id: i64,
    incident_id: i64,
    name: String,
    attached_at: i64,
    attached_by: Option<i64>,
    attached_label: String,
}

type Content = (String, i64, String, bool, bool);

const CONTENT: (
    attachment_contents::sha256,
    attachment_contents::size,
    attachment_contents::media_type,
    attachment_contents::has_macros,
    attachment_contents::has_preview,
) = (
    attachment_contents::sha256,
    attachment_contents::size,
    attachment_contents::media_type,
    attachment_contents::has_macros,
    attachment_contents::has_preview,
);

fn attachment((row, content): (Row, Content)) -> Attachment {
    let (sha256, size, media_type, has_macros, has_preview) = content;
    Attachment {
        id: row.id,
        incident: row.incident_id,
        name: row.name,
        sha256,
        size,
        content: ContentType { media_type, has_macros },
        has_preview,
        at: row.attached_at,
        by: row.attached_by,
        label: row.attached_label,
    }
}

/// The files of an incident and of those merged into it, the newest first.
pub fn of_incident(conn: &mut AnyConnection, incident: i64) -> Result<Vec<Attachment>> {
    let shown = with_merged(conn, incident)?;
    let rows: Vec<(Row, Content)> = attachments::table
        .inner_join(attachment_contents::table)
        .filter(attachments::incident_id.eq_any(shown))
        .order(attachments::id.desc())
        .select((Row::as_select(), CONTENT))
        .load(conn)?;
    Ok(rows.into_iter().map(attachment).collect())
}

/// How many files an incident has with those merged into it.
pub fn count(conn: &mut AnyConnection, incident: i64) -> Result<i64> {
    let shown = with_merged(conn, incident)?;
    let present = attachments::table.filter(attachments::removed_at.is_null());
    Ok(present.filter(attachments::incident_id.eq_any(shown)).count().get_result(conn)?)
}

/// Some attachments, the newest first.
pub fn some(conn: &mut AnyConnection, ids: &[i64]) -> Result<Vec<Attachment>> {
    let rows: Vec<(Row, Content)> = attachments::table
        .inner_join(attachment_contents::table)
        .filter(attachments::id.eq_any(ids))
        .order(attachments::id.desc())
        .select((Row::as_select(), CONTENT))
        .load(conn)?;
    Ok(rows.into_iter().map(attachment).collect())
}

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Found> {
    if let Some(found) = some(conn, &[id])?.pop() {
        return Ok(Found::Attached(found));
    }
    Ok(Found::Removed(attachments::table.find(id).select(attachments::incident_id).first(conn)?))
}

/// A piece of a content, by its number from 0 on; none after the last one.
pub fn piece(conn: &mut AnyConnection, sha256: &str, number: i64) -> Result<Option<Vec<u8>>> {
    let piece = attachment_pieces::table.find((sha256, number)).select(attachment_pieces::bytes);
    Ok(piece.first(conn).optional()?)
}

/// The PNG of a small image.
pub fn preview(conn: &mut AnyConnection, id: i64) -> Result<Vec<u8>> {
    let Found::Attached(found) = find(conn, id)? else { return Err(Error::NotFound) };
    Ok(attachment_previews::table.find(found.sha256).select(attachment_previews::png).first(conn)?)
}
