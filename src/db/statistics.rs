//! When PostgreSQL is told to look at its tables anew.
//!
//! PostgreSQL plans statements by statistics that it gathers by itself, but once a minute at most. Until then a
//! database that was empty is planned as a small one: looking up 50 alerts by their ids read all alerts of their
//! source, 26 ms a batch at 10,000 alerts, and half the time of a first import went there.

use std::ops::Range;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::connection::AnyConnection;
use crate::error::Result;

/// The first number of alerts at which statistics are gathered. Before, reading all is as fast as an index.
const FIRST: i64 = 500;
/// How many times more alerts there are the next time: plans are right within that, and all times together take
/// little more than the last.
const FACTOR: i64 = 4;

/// Whether storing alerts with these ids has made the database so much larger that its statistics mislead.
pub(super) fn are_due(new_alerts: &Range<i64>) -> bool {
    let steps = std::iter::successors(Some(FIRST), |step| step.checked_mul(FACTOR));
    steps.take_while(|step| *step < new_alerts.end).any(|step| step >= new_alerts.start)
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Gathers the statistics of Watchdesk's tables; nothing on SQLite, which keeps none. What another process is
/// vacuuming at the moment is left out.
pub(super) fn gather(connection: &mut AnyConnection) -> Result<()> {
    if let AnyConnection::Postgres(inner) = connection {
        // By name: without names, PostgreSQL also looks at its own tables.
        let tables: Vec<Table> = diesel::sql_query(
            "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()",
        )
        .load(inner)?;
        let names: Vec<String> = tables.into_iter().map(|table| table.name).collect();
        diesel::sql_query(format!("ANALYZE (SKIP_LOCKED) {}", names.join(", "))).execute(inner)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_due_each_time_that_alerts_became_four_times_more() {
        let due: Vec<i64> = (1..=40).map(|batch| batch * 250).filter(|end| are_due(&(end - 250..*end))).collect();
        assert_eq!(due, [750, 2_250, 8_250]);
        assert!(are_due(&(100..5_000)), "a batch that passes two steps");
        assert!(!are_due(&(500..500)) && !are_due(&(501..2_000)));
        assert!(are_due(&(500..501)) && are_due(&(400..501)));
    }
}
