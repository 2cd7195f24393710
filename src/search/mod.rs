//! Searching everything that is known: incidents by name and ID, alerts by title and ID, entities by all their names,
//! identifiers, command lines, paths and hashes, techniques, what people wrote, and attached files. Over all time and all statuses,
//! what is open first.
//!
//! Every text is found by the indexes that the queue uses, too ([`crate::db::text_index`]). What matches more often than
//! [`MOST_NAMES`](crate::queue::conditions::name_search::MOST_NAMES) is looked at in part, and the result says so. One
//! or two letters find what begins with them.
//!
//! Reading order: `typed`, `found`, `entities`, `matched`, `alerts`, `incidents`, `comments`, `attachments`,
//! `techniques`. May import `queue` and
//! the layers below it.

mod alerts;
mod around;
mod attachments;
mod comments;
mod count;
mod entities;
mod found;
mod incidents;
mod matched;
mod techniques;
mod typed;

use crate::db::AnyConnection;
use crate::error::Result;

pub use crate::search::around::around;
pub use crate::search::found::{
    AttachmentHit, CommentHit, Commented, EntityHit, FEW, Found, Hits, IncidentHit, Kind, MANY, Matched, TechniqueHit,
    TitleHit,
};
pub use crate::search::typed::Typed;

/// Searches everything, or one kind. Each kind of which something was found has at most [`FEW`] hits, one alone
/// [`MANY`].
pub fn search(conn: &mut AnyConnection, typed: &Typed, only: Option<Kind>) -> Result<Vec<Found>> {
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let shown = if only.is_some() { MANY } else { FEW };
    let wanted = |kind: Kind| only.is_none_or(|only| only == kind);
    let mut found = Vec::new();
    if wanted(Kind::Incidents) {
        found.push(incidents::search(conn, typed, shown)?);
    }
    if wanted(Kind::Alerts) {
        found.push(alerts::search(conn, typed, shown)?);
    }
    if only.is_none_or(entities::is_one) {
        found.extend(entities::search(conn, typed, only, shown)?);
    }
    if wanted(Kind::Techniques) {
        found.push(techniques::search(conn, typed, shown)?);
    }
    if wanted(Kind::Comments) {
        found.push(comments::search(conn, typed, shown)?);
    }
    if wanted(Kind::Attachments) {
        found.push(attachments::search(conn, typed, shown)?);
    }
    found.retain(|one| one.total() > 0);
    found.sort_by_key(|one| Kind::ALL.iter().position(|kind| *kind == one.kind));
    Ok(found)
}
