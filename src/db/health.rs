//! Whether the database takes writes, and what it promises for those that it acknowledged.

use std::path::PathBuf;

use diesel::prelude::*;

use crate::db::connection::AnyConnection;
use crate::db::database::Db;
use crate::db::tx::Tx;
use crate::error::Result;
use crate::schema::counters;

/// The row that a probe writes.
const PROBE: &str = "probe";

impl Db {
    /// Writes a row, as everything that people do has to, if the disk has room for more. Returns the [`weak_promises`](Self::weak_promises).
    pub async fn probe(&self) -> Result<Vec<String>> {
        self.file().map_or(Ok(()), super::file::DatabaseFile::check_room)?;
        self.write(|tx: &mut Tx<'_>| {
            let row = counters::table.filter(counters::name.eq(PROBE));
            if diesel::update(row).set(counters::value.eq(counters::value + 1)).execute(tx.conn)? == 0 {
                let new = (counters::name.eq(PROBE), counters::value.eq(0));
                diesel::insert_into(counters::table).values(new).execute(tx.conn)?;
            }
            weak_promises(tx.conn)
        })
        .await
    }

    /// What may be lost of acknowledged writes when the power fails, as sentences; none when nothing is.
    pub fn weak_promises(&self) -> Result<Vec<String>> {
        weak_promises(&mut self.writer_connection()?.inner)
    }

    /// Files of the database that other people of this machine may read; none on PostgreSQL.
    pub fn files_open_to_others(&self) -> Vec<PathBuf> {
        self.file().map(super::file::DatabaseFile::open_to_others).unwrap_or_default()
    }
}

fn weak_promises(conn: &mut AnyConnection) -> Result<Vec<String>> {
    match conn {
        AnyConnection::Sqlite(inner) => {
            let level: i32 = diesel::select(diesel::dsl::sql::<diesel::sql_types::Integer>(
                "(SELECT synchronous FROM pragma_synchronous)",
            ))
            .get_result(inner)?;
            let weak = (level < 2).then(|| {
                "The database URL sets synchronous below full: a power cut may lose the last writes.".to_owned()
            });
            Ok(weak.into_iter().collect())
        }
        AnyConnection::Postgres(inner) => {
            let mut weak = Vec::new();
            for (setting, fine) in [
                ("fsync", "on"),
                ("full_page_writes", "on"),
                ("synchronous_commit", "on remote_apply remote_write local"),
            ] {
                let value: String = diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(&format!(
                    "current_setting('{setting}')"
                )))
                .get_result(inner)?;
                if !fine.split(' ').any(|fine| fine == value) {
                    weak.push(format!(
                        "PostgreSQL runs with {setting} = {value}: a power cut may lose the last writes."
                    ));
                }
            }
            Ok(weak)
        }
    }
}
