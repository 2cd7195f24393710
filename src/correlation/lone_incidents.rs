//! Incidents that a rule keeps alone: correlation adds nothing to them.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::rules::rule_set::LISTED;
use crate::schema::lone_incidents;

/// Those of the incidents that are kept alone.
pub fn lone(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashSet<i64>> {
    let mut found = HashSet::new();
    for ids in ids.chunks(LISTED) {
        found.extend(
            lone_incidents::table
                .filter(lone_incidents::incident_id.eq_any(ids))
                .select(lone_incidents::incident_id)
                .load::<i64>(conn)?,
        );
    }
    Ok(found)
}
