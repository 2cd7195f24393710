//! Backups: one file with everything that is stored, made while the server runs, and restored into an empty database of
//! either kind. That is also how a team moves from SQLite to PostgreSQL.
//!
//! All tables are treated alike ([`crate::db::tables`]), so that a new table is in the backup without a line of code.
//! What is secret in it is listed in [`left_out`].
//!
//! Reading order: `format`, `keys`, `left_out`, `progress`, `writing`, `new_file`, `reading`, `restoring`, `making`; then
//! `runs` (what became of past backups), `rotation`, `schedule`, `storage`.

pub mod format;
pub mod keys;
pub mod left_out;
pub mod making;
mod new_file;
pub mod progress;
mod reading;
pub mod restoring;
pub mod rotation;
pub mod runs;
pub mod schedule;
pub mod storage;
pub mod writing;
