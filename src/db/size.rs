//! How large a database is.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::db::connection::AnyConnection;
use crate::error::Result;

/// The size of the database on its disk in bytes: of the file, or of the tables with their indexes.
pub fn database_size(conn: &mut AnyConnection) -> Result<i64> {
    let size = match conn {
        AnyConnection::Sqlite(_) => {
            "(SELECT p.page_count * s.page_size FROM pragma_page_count p CROSS JOIN pragma_page_size s)"
        }
        AnyConnection::Postgres(_) => {
            "(SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c \
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r')"
        }
    };
    Ok(diesel::select(diesel::dsl::sql::<BigInt>(size)).get_result(conn)?)
}
