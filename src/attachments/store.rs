//! Writing attachments. `operations::attach` records an entry with each.

use diesel::prelude::*;

use crate::attachments::received::Received;
use crate::clock;
use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::model::actor::Actor;
use crate::schema::{attachment_contents, attachment_pieces, attachment_previews, attachments};
use crate::text::folded;

/// Bytes of a piece.
const PIECE: usize = 1024 * 1024;

/// Stores the content of a file unless it is stored already. Of two transactions with the same content, the second waits
/// here until the first has ended. Files are stored in the order of their hashes, so that no two wait for each other.
pub fn add_content(tx: &mut Tx<'_>, file: &Received) -> Result<()> {
    let row = (
        attachment_contents::sha256.eq(&file.sha256),
        attachment_contents::size.eq(file.size),
        attachment_contents::media_type.eq(&file.content.media_type),
        attachment_contents::has_macros.eq(file.content.has_macros),
        attachment_contents::has_preview.eq(file.preview.is_some()),
    );
    let is_new = each!(tx.conn, inner => diesel::insert_into(attachment_contents::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(inner))?;
    if is_new == 0 {
        return Ok(());
    }
    if let Some(png) = &file.preview {
        let row = (attachment_previews::sha256.eq(&file.sha256), attachment_previews::png.eq(png));
        each!(tx.conn, inner => diesel::insert_into(attachment_previews::table).values(row).execute(inner))?;
    }
    file.pieces(PIECE, |number, bytes| {
        let row = (
            attachment_pieces::sha256.eq(&file.sha256),
            attachment_pieces::number.eq(number),
            attachment_pieces::bytes.eq(bytes),
        );
        each!(tx.conn, inner => diesel::insert_into(attachment_pieces::table).values(row).execute(inner))?;
        Ok(())
    })
}

/// Adds a file to an incident, whose content is stored; returns its id.
pub fn add(tx: &mut Tx<'_>, actor: &Actor, incident: i64, file: &Received) -> Result<i64> {
    let id = tx.take_ids("attachment", 1)?;
    let row = (
        attachments::id.eq(id),
        attachments::incident_id.eq(incident),
        attachments::sha256.eq(&file.sha256),
        attachments::name.eq(&file.name),
        attachments::name_key.eq(folded(&file.name)),
        attachments::attached_at.eq(clock::now()),
        attachments::attached_by.eq(actor.person().map(|person| person.id)),
        attachments::attached_label.eq(actor.label()),
    );
    each!(tx.conn, inner => diesel::insert_into(attachments::table).values(row).execute(inner))?;
    Ok(id)
}

/// Removes an attachment, and its content unless another one has it.
pub fn remove(tx: &mut Tx<'_>, actor: &Actor, attachment: i64, sha256: &str) -> Result<()> {
    // Two that remove the last two attachments of one content take turns, or neither would see that it is the last.
    diesel::update(attachment_contents::table.find(sha256))
        .set(attachment_contents::size.eq(attachment_contents::size))
        .execute(tx.conn)?;
    diesel::update(attachments::table.find(attachment))
        .set((
            attachments::sha256.eq(None::<String>),
            attachments::removed_at.eq(clock::now()),
            attachments::removed_label.eq(actor.label()),
        ))
        .execute(tx.conn)?;
    let others: i64 = attachments::table.filter(attachments::sha256.eq(sha256)).count().get_result(tx.conn)?;
    if others == 0 {
        diesel::delete(attachment_pieces::table.filter(attachment_pieces::sha256.eq(sha256))).execute(tx.conn)?;
        diesel::delete(attachment_previews::table.find(sha256)).execute(tx.conn)?;
        diesel::delete(attachment_contents::table.find(sha256)).execute(tx.conn)?;
    }
    Ok(())
}
