//! The names of what is counted by its id.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::schema::entities;

/// Kind and name of entities.
pub(super) fn of_assets(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashMap<i64, (String, String)>> {
    let rows: Vec<(i64, String, String)> = entities::table
        .filter(entities::id.eq_any(ids))
        .select((entities::id, entities::kind, entities::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, kind, name)| (id, (kind, name))).collect())
}
