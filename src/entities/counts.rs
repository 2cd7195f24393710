//! How many incidents entities are in, each counted up to a limit: an address may be in most incidents.

use std::collections::HashMap;

use diesel::RunQueryDsl as _;
use diesel::sql_types::BigInt;

use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::model::count::{COUNTED, Count};

/// The incidents of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IncidentCounts {
    pub open: Count,
    pub closed: Count,
}

impl IncidentCounts {
    pub fn all(self) -> Count {
        self.open.and(self.closed)
    }
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    open: i64,
    #[diesel(sql_type = BigInt)]
    closed: i64,
}

/// The incidents of these entities, by their ids.
pub fn of(conn: &mut AnyConnection, entities: &[i64]) -> Result<HashMap<i64, IncidentCounts>> {
    let mut counts = HashMap::with_capacity(entities.len());
    for entities in entities.chunks(LISTED) {
        let rows: Vec<Row> = diesel::sql_query(statement(entities)).load(conn)?;
        counts
            .extend(rows.into_iter().map(|row| {
                (row.id, IncidentCounts { open: Count::up_to(row.open), closed: Count::up_to(row.closed) })
            }));
    }
    Ok(counts)
}

/// Reads at most one row more than is counted of each entity, from the index by entity and openness.
fn statement(entities: &[i64]) -> String {
    let most = COUNTED + 1;
    let listed = entities.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    let counting = |open: &str| {
        format!(
            "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM incident_entities e \
             WHERE e.entity_id = n.id AND e.is_open = {open} LIMIT {most}) c)"
        )
    };
    let (open, closed) = (counting("TRUE"), counting("FALSE"));
    format!("SELECT n.id AS id, {open} AS open, {closed} AS closed FROM entities n WHERE n.id IN ({listed})")
}
