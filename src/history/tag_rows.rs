//! The rows of incidents' tags.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::Tx;
use crate::each;
use crate::error::Result;
use crate::history::tag_ids;
use crate::schema::{incident_tags, incidents};

#[derive(Insertable)]
#[diesel(table_name = incident_tags, treat_none_as_default_value = false)]
struct TagRow {
    incident_id: i64,
    tag_id: i64,
    is_open: bool,
}

/// Adds a tag to incidents; those that have it keep it.
pub(super) fn add(tx: &mut Tx<'_>, ids: &[i64], name: &str, system: bool) -> Result<()> {
    let tag_id = tag_ids::id_of(tx, name, system)?;
    let open: HashMap<i64, bool> = incidents::table
        .filter(incidents::id.eq_any(ids))
        .select((incidents::id, incidents::is_open))
        .load(tx.conn)?
        .into_iter()
        .collect();
    let rows: Vec<TagRow> = ids
        .iter()
        .map(|id| TagRow { incident_id: *id, tag_id, is_open: open.get(id).copied().unwrap_or(true) })
        .collect();
    each!(tx.conn, inner => diesel::insert_into(incident_tags::table).values(&rows).on_conflict_do_nothing().execute(inner))?;
    Ok(())
}

/// Removes a tag from incidents.
pub(super) fn remove(tx: &mut Tx<'_>, ids: &[i64], name: &str, system: bool) -> Result<()> {
    let tag = tag_ids::id_of(tx, name, system)?;
    diesel::delete(
        incident_tags::table.filter(incident_tags::incident_id.eq_any(ids)).filter(incident_tags::tag_id.eq(tag)),
    )
    .execute(tx.conn)?;
    Ok(())
}
