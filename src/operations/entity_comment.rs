//! Comments on entities: each is an entry of the entity's history.

use crate::db::Tx;
use crate::entities::entries::{self, EntityChange};
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::operations::comment::cleaned;
use crate::permissions::{Action, require};

/// Posts on an entity; returns the id of the entry.
pub fn post(tx: &mut Tx<'_>, actor: &Actor, entity: i64, body: &str) -> Result<i64> {
    require(actor, Action::Work)?;
    let body = cleaned(body)?;
    let entity = entries::hold(tx, entity)?;
    entries::record(tx, actor, entity.id, &[EntityChange::Commented(body)])
}

/// Changes the text of a comment. Only its author may; the same text again records nothing.
pub fn edit(tx: &mut Tx<'_>, actor: &Actor, entity: i64, comment: i64, body: &str) -> Result<()> {
    require(actor, Action::Work)?;
    let body = cleaned(body)?;
    // Two edits of one comment take turns.
    let entity = entries::hold(tx, entity)?;
    let entry = entries::comment(tx.conn, entity.id, comment)?;
    if !entry.is_by(actor) {
        return Err(Error::Forbidden("Only its author can edit a comment."));
    }
    if entry.change.comment() != Some(body.as_str()) {
        entries::record(tx, actor, entity.id, &[EntityChange::CommentEdited { comment, body }])?;
    }
    Ok(())
}
