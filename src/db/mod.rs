//! Connections to either database. This is the only folder that names one: everything else is
//! written once against [`AnyConnection`].
//!
//! Reads and writes are kept apart. On SQLite one writer works beside many readers (WAL), writers take
//! turns, and every writing transaction begins IMMEDIATE: a read that is upgraded to a write
//! fails at once with "database is locked" under contention (1,500 of 2,000 measured).
//!
//! Reading order: `url`, `connection`, `file`, `outage`, `pool`, `database` ([`Db`], with the four ways to write), `tx`
//! ([`Tx`]), `write_group`, `pace`, `lock`, `health`, `maintenance`, `measured`, `statistics`, `size`, `schema_state`, `text_index`,
//! `text_tables`. What treats all tables alike: `tables`, `raw_rows`, `refill`.

pub mod connection;
pub mod database;
mod file;
mod health;
mod lock;
mod maintenance;
mod measured;
mod outage;
mod pace;
mod pool;
mod raw_rows;
mod refill;
pub mod schema_state;
mod size;
mod statistics;
mod tables;
pub mod text_index;
mod text_tables;
mod threads;
mod tx;
pub mod url;
mod write_group;

pub use crate::db::connection::AnyConnection;
pub use crate::db::database::Db;
pub use crate::db::file::is_open_to_others;
pub use crate::db::lock::Invariant;
pub use crate::db::pace::Pace;
pub use crate::db::raw_rows::{RawRow, RawValue, clear_table, for_each_row, insert_rows, rows_at_once};
pub use crate::db::schema_state::{SchemaState, applied_migrations, known_migrations, schema_state};
pub use crate::db::size::database_size;
pub use crate::db::tables::{ColumnType, Table, TableColumn, tables};
pub use crate::db::text_index::{Searched, contains};
pub use crate::db::tx::Tx;
pub use crate::db::url::{DatabaseUrl, Synchronous};

/// Most values or rows that one statement lists: far below the limits of both databases.
pub const LISTED: usize = 400;
