//! What ingest is compared with: the rows that Watchdesk wrote, inserted again by prepared statements in
//! batches into the same tables of an empty database.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use serde_json::Value;

use crate::db::{AnyConnection, Db};
use crate::error::{Error, Result};

/// The tables that taking alerts in writes, in an order that foreign keys allow.
const TABLES: [(&str, &[&str]); 16] = [
    ("incidents", INCIDENTS),
    ("entities", &["id", "kind", "name", "name_key", "links"]),
    ("entity_keys", &["kind", "key", "entity_id"]),
    ("entity_names", &["id", "entity_id", "kind", "name", "name_key"]),
    ("alerts", ALERTS),
    ("alert_details", &["alert_id", "description", "recommended_actions", "facts"]),
    ("alert_payloads", &["alert_id", "received_at", "payload"]),
    (
        "evidence",
        &["id", "alert_id", "entity_id", "roles", "verdict", "remediation", "facts", "first_seen", "linking", "name"],
    ),
    ("incident_entities", &["incident_id", "entity_id", "kind", "alert_count", "first_seen", "last_seen"]),
    ("incident_facets", &["incident_id", "facet", "value"]),
    ("history", HISTORY),
    ("entity_days", &["entity_id", "day", "detections"]),
    ("detection_months", &["detection", "month", "alerts"]),
    ("link_points", &["key", "at", "alert_id"]),
    ("repeats", &["alert_id", "key", "day"]),
    ("alert_occurrences", &["source", "provider_alert_id", "alert_id", "at", "payload"]),
];

const INCIDENTS: &[&str] = &[
    "id",
    "revision",
    "name",
    "name_key",
    "name_source",
    "status",
    "severity",
    "severity_rank",
    "severity_source",
    "classification",
    "determination",
    "created_at",
    "updated_at",
    "first_activity",
    "last_activity",
    "alert_count",
    "open_alert_count",
    "device_count",
    "user_count",
    "mailbox_count",
    "scope",
    "priority",
];

const ALERTS: &[&str] = &[
    "id",
    "incident_id",
    "revision",
    "source",
    "identity_key",
    "title",
    "title_key",
    "severity",
    "status",
    "status_by_person",
    "classified_by_person",
    "classification",
    "determination",
    "category",
    "techniques",
    "service_source",
    "detection_source",
    "product",
    "first_activity",
    "last_activity",
    "created_at",
    "received_at",
    "updated_at",
    "occurrences",
    "linked_by",
    "assets",
    "payload_hash",
    "provider_alert_id",
    "episode",
    "counted_by_source",
    "subject",
];

const HISTORY: &[&str] = &[
    "id",
    "incident_id",
    "revision",
    "parent",
    "alert_id",
    "alert_revision",
    "actor_kind",
    "actor_id",
    "actor_label",
    "kind",
    "version",
    "detail",
    "at",
];

/// Rows a transaction, and rows read ahead of the clock.
const BATCH: usize = 1_000;
const CHUNK: usize = 20_000;
/// Rows a statement: most of what a statement costs is then the rows.
const STATEMENT: usize = 25;

#[derive(QueryableByName)]
struct JsonRow {
    #[diesel(sql_type = Text)]
    row: String,
}

/// The result of inserting.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bare {
    pub rows: u64,
    /// The time of inserting alone, without reading the rows.
    pub took: Duration,
}

/// Copies every row of `from` into the empty `to`.
pub fn copy(from: &Db, to: &Db) -> Result<Bare> {
    let mut sum = Bare::default();
    for (table, columns) in TABLES {
        let mut offset = 0;
        loop {
            let rows = load_rows(from, table, columns, offset)?;
            if rows.is_empty() {
                break;
            }
            offset += rows.len();
            let begun = Instant::now();
            for rows in rows.chunks(BATCH) {
                to.write_now(|tx| insert_rows(tx.conn, table, columns, rows))?;
            }
            sum.took += begun.elapsed();
            sum.rows += rows.len() as u64;
        }
    }
    Ok(sum)
}

fn load_rows(db: &Db, table: &str, columns: &[&str], offset: usize) -> Result<Vec<Vec<Value>>> {
    let listed = columns.join(", ");
    let rows: Vec<JsonRow> = db.read_now(|conn| {
        let array = conn.json_array(&listed);
        // The first columns tell rows apart; without an order, PostgreSQL gives some twice.
        let order = columns.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT {array} AS row FROM {table} ORDER BY {order} LIMIT {CHUNK} OFFSET {offset}");
        Ok(diesel::sql_query(sql).load(conn)?)
    })?;
    rows.iter().map(|row| serde_json::from_str(&row.row).map_err(Error::from)).collect()
}

fn insert_rows(conn: &mut AnyConnection, table: &str, columns: &[&str], rows: &[Vec<Value>]) -> Result<()> {
    for rows in rows.chunks(STATEMENT) {
        let sql = statement(conn, table, columns, rows.len());
        crate::each!(conn, inner => {
            let mut query = diesel::sql_query(sql.as_str()).into_boxed();
            for value in rows.iter().flatten() {
                query = match value {
                    Value::Bool(value) => query.bind::<Bool, _>(*value),
                    Value::Number(value) => query.bind::<BigInt, _>(value.as_i64().unwrap_or_default()),
                    Value::String(value) => query.bind::<Text, _>(value.as_str()),
                    _ => query.bind::<Nullable<BigInt>, _>(None::<i64>),
                };
            }
            query.execute(inner)
        })?;
    }
    Ok(())
}

/// The text depends only on the number of rows, so that each statement is prepared once.
fn statement(conn: &AnyConnection, table: &str, columns: &[&str], rows: usize) -> String {
    let mut place = 0;
    let mut tuples = Vec::with_capacity(rows);
    for _ in 0..rows {
        let places: Vec<String> = columns
            .iter()
            .map(|_| {
                place += 1;
                conn.placeholder(place)
            })
            .collect();
        tuples.push(format!("({})", places.join(", ")));
    }
    format!("INSERT INTO {table} ({}) VALUES {}", columns.join(", "), tuples.join(", "))
}
