//! Counting what a hit leads to, up to a limit.

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::sql::Sql;
use crate::text::thousands;

/// What is counted exactly.
pub(super) const COUNTED: i64 = 1_000;

/// How many there are, up to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Count(i64);

impl Count {
    /// Counts the rows that a statement finds.
    pub(super) fn of(conn: &mut AnyConnection, find: Sql) -> Result<Self> {
        let limited =
            Sql::new("SELECT COUNT(*) AS id FROM (").and_then(find).text(&format!(" LIMIT {}) t", COUNTED + 1));
        Ok(Self(limited.ids(conn)?.first().copied().unwrap_or(0)))
    }

    /// A count that is known, or ended one above the limit.
    pub(super) fn exactly(count: i64) -> Self {
        Self(count.min(COUNTED + 1))
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    pub fn is_one(self) -> bool {
        self.0 == 1
    }

    /// "12", or "1,000+".
    pub fn label(self) -> String {
        if self.0 > COUNTED { format!("{}+", thousands(COUNTED)) } else { thousands(self.0) }
    }
}
