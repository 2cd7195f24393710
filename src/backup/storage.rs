//! How much is stored, told cheaply: from counters and the database's own figures, without counting rows.

use diesel::prelude::*;

use crate::db::{AnyConnection, database_size};
use crate::error::Result;
use crate::schema::{attachment_contents, counters};

/// Counters of what there is most of, with what their numbers are called.
const COUNTED: [(&str, &str); 5] = [
    ("incident", "Incidents"),
    ("alert", "Alerts"),
    ("entity", "Entities"),
    ("entry", "Entries of comments and history"),
    ("audit", "Entries of the audit log"),
];

/// How much is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    pub is_sqlite: bool,
    /// The database on its disk, in bytes.
    pub bytes: i64,
    /// Attached files in bytes, each content once.
    pub attached_bytes: i64,
    /// How many there have been, those included that were merged or deleted since.
    pub counts: Vec<(&'static str, i64)>,
}

pub fn storage(conn: &mut AnyConnection) -> Result<Storage> {
    let mut counts = Vec::new();
    for (counter, label) in COUNTED {
        counts.push((label, counters::table.find(counter).select(counters::value).first(conn)?));
    }
    // PostgreSQL's sum of these is of a type without limit.
    let sum = diesel::dsl::sql::<diesel::sql_types::BigInt>("CAST(coalesce(sum(size), 0) AS bigint)");
    Ok(Storage {
        is_sqlite: conn.kind() == "sqlite",
        bytes: database_size(conn)?,
        attached_bytes: attachment_contents::table.select(sum).first(conn)?,
        counts,
    })
}
