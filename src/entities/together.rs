//! What an entity occurs with: the entities that the same alerts name.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::entities::lookup::{self, Entity};
use crate::error::Result;
use crate::schema::evidence;

/// Alerts whose other entities are counted: the newest.
pub const READ: i64 = 200;
/// Entities that are shown.
const SHOWN: i64 = 24;

/// The entities that the newest alerts of an entity name most often, with the number of these alerts.
pub fn load(conn: &mut AnyConnection, entity: i64) -> Result<Vec<(Entity, i64)>> {
    let newest: Vec<i64> = evidence::table
        .filter(evidence::entity_id.eq(entity))
        .order(evidence::alert_id.desc())
        .limit(READ)
        .select(evidence::alert_id)
        .load(conn)?;
    let counted: Vec<(i64, i64)> = evidence::table
        .filter(evidence::alert_id.eq_any(newest).and(evidence::entity_id.ne(entity)))
        .group_by(evidence::entity_id)
        .order((diesel::dsl::count_star().desc(), evidence::entity_id))
        .limit(SHOWN)
        .select((evidence::entity_id, diesel::dsl::count_star()))
        .load(conn)?;
    counted.into_iter().map(|(id, alerts)| Ok((lookup::find(conn, id)?, alerts))).collect()
}
