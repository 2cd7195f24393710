//! What people know of an entity, in a line: "scanner of the security team". It is shown with the entity's name in
//! lists, panes and searches, and a search finds it.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::{AnyConnection, LISTED, Tx};
use crate::each;
use crate::entities::entries::{self, EntityChange};
use crate::error::{Error, Result};
use crate::history::entity_texts;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::entity_notes;
use crate::text::one_line;

/// Characters of a note.
pub const MOST: usize = 200;

/// Sets the note of an entity; an empty one removes it. The same again records nothing. Returns the entity's name.
pub fn set(tx: &mut Tx<'_>, actor: &Actor, entity: i64, typed: &str) -> Result<String> {
    require(actor, Action::Work)?;
    let note = one_line(typed);
    if note.chars().count() > MOST {
        return Err(Error::at_field("note", "A note can have at most 200 characters."));
    }
    let entity = entries::hold(tx, entity)?;
    let before = of(tx.conn, &[entity.id])?.remove(&entity.id).unwrap_or_default();
    if before == note {
        return Ok(entity.name);
    }
    store(tx, entity.id, &before, &note)?;
    entries::record(tx, actor, entity.id, &[EntityChange::Note { from: before, to: note }])?;
    Ok(entity.name)
}

fn store(tx: &mut Tx<'_>, entity: i64, before: &str, note: &str) -> Result<()> {
    use entity_notes as n;
    if note.is_empty() {
        diesel::delete(n::table.find(entity)).execute(tx.conn)?;
    } else {
        each!(tx.conn, inner => diesel::insert_into(n::table)
            .values((n::entity_id.eq(entity), n::note.eq(note)))
            .on_conflict(n::entity_id)
            .do_update()
            .set(n::note.eq(note))
            .execute(inner))?;
    }
    entity_texts::replace(tx, entity, before, note)
}

/// The notes of some entities, by their ids.
pub fn of(conn: &mut AnyConnection, entities: &[i64]) -> Result<HashMap<i64, String>> {
    let mut notes = HashMap::new();
    for entities in entities.chunks(LISTED) {
        let found: Vec<(i64, String)> = entity_notes::table
            .filter(entity_notes::entity_id.eq_any(entities))
            .select((entity_notes::entity_id, entity_notes::note))
            .load(conn)?;
        notes.extend(found);
    }
    Ok(notes)
}

/// Two entities turned out to be one: `keep` has the notes of both.
pub(crate) fn merge(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
    let mut notes = of(tx.conn, &[keep, gone])?;
    let Some(lost) = notes.remove(&gone) else { return Ok(()) };
    store(tx, gone, &lost, "")?;
    let kept = notes.remove(&keep).unwrap_or_default();
    let both = if kept.is_empty() || kept == lost { lost } else { format!("{kept}; {lost}") };
    store(tx, keep, &kept, &both)
}
