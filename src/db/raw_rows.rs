//! Rows of any table as plain values, the same from both databases: read one after another, however many there are, and
//! written many at a time.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::{Pg, PgRowByRowLoadingMode, PgValue};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::row::{Field as _, NamedRow, Row};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Binary, Bool, HasSqlType, Integer, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteType, SqliteValue};

use crate::db::connection::AnyConnection;
use crate::db::tables::{ColumnType, Table};
use crate::each;
use crate::error::{Error, Result};

/// Most values in one statement: far below the limits of both databases, and every statement is kept prepared.
const MOST_VALUES: usize = 1_000;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawValue {
    Null,
    Number(i64),
    Flag(bool),
    Text(String),
    Bytes(Vec<u8>),
}

/// The values of a row in the order of its table's columns.
pub type RawRow = Vec<RawValue>;

/// Calls `each` with every row of a table, in the order of its key, with one row at a time in memory.
pub fn for_each_row(conn: &mut AnyConnection, table: &Table, mut each: impl FnMut(RawRow) -> Result<()>) -> Result<()> {
    let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
    // Both databases compare texts by their bytes then.
    let collation = match conn {
        AnyConnection::Sqlite(_) => "BINARY",
        AnyConnection::Postgres(_) => "C",
    };
    let order: Vec<String> = table.key.iter().map(|name| key(table, name, collation)).collect();
    let sql = format!("SELECT {} FROM \"{}\" ORDER BY {}", columns.join(", "), table.name, order.join(", "));
    let query = diesel::sql_query(sql);
    let mut typed = |row: AnyRow| {
        let columns = table.columns.iter().map(|column| column.holds);
        each(row.0.into_iter().zip(columns).map(|(value, holds)| value.of_type(holds)).collect())
    };
    match conn {
        AnyConnection::Sqlite(inner) => {
            for row in query.load_iter::<AnyRow, _>(inner)? {
                typed(row?)?;
            }
        }
        AnyConnection::Postgres(inner) => {
            for row in query.load_iter::<AnyRow, PgRowByRowLoadingMode>(inner)? {
                typed(row?)?;
            }
        }
    }
    Ok(())
}

fn key(table: &Table, name: &str, collation: &str) -> String {
    let is_text = table.columns.iter().any(|column| column.name == name && column.holds == ColumnType::Text);
    if is_text { format!("\"{name}\" COLLATE \"{collation}\"") } else { format!("\"{name}\"") }
}

/// How many rows of a table one statement writes at most.
pub fn rows_at_once(table: &Table) -> usize {
    (MOST_VALUES / table.columns.len().max(1)).max(1)
}

/// Adds rows to a table; at most [`rows_at_once`].
pub fn insert_rows(conn: &mut AnyConnection, table: &Table, rows: &[RawRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    if rows.iter().any(|row| row.len() != table.columns.len()) {
        return Err(Error::internal(format!("a row of {} has another number of columns", table.name)));
    }
    let insert = Insert { table, rows };
    each!(conn, inner => insert.execute(inner))?;
    Ok(())
}

/// Removes all rows of a table.
pub fn clear_table(conn: &mut AnyConnection, table: &Table) -> Result<()> {
    diesel::sql_query(format!("DELETE FROM \"{}\"", table.name)).execute(conn)?;
    Ok(())
}

impl RawValue {
    /// SQLite keeps true and false as numbers.
    fn of_type(self, holds: ColumnType) -> Self {
        match self {
            Self::Number(number) if holds == ColumnType::Boolean => Self::Flag(number != 0),
            other => other,
        }
    }
}

struct AnyRow(RawRow);

impl QueryableByName<Sqlite> for AnyRow {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        let value = |place| match Row::get(row, place) {
            Some(field) => field.value().map_or(Ok(RawValue::Null), of_sqlite),
            None => Err("a column is missing".into()),
        };
        (0..row.field_count()).map(value).collect::<deserialize::Result<_>>().map(Self)
    }
}

impl QueryableByName<Pg> for AnyRow {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let value = |place| match Row::get(row, place) {
            Some(field) => field.value().map_or(Ok(RawValue::Null), of_postgres),
            None => Err("a column is missing".into()),
        };
        (0..row.field_count()).map(value).collect::<deserialize::Result<_>>().map(Self)
    }
}

fn of_sqlite(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<RawValue> {
    match value.value_type() {
        None => Ok(RawValue::Null),
        Some(SqliteType::Long) => FromSql::<BigInt, Sqlite>::from_sql(value).map(RawValue::Number),
        Some(SqliteType::Text) => FromSql::<Text, Sqlite>::from_sql(value).map(RawValue::Text),
        Some(SqliteType::Binary) => FromSql::<Binary, Sqlite>::from_sql(value).map(RawValue::Bytes),
        Some(other) => Err(format!("a value is of the type {other:?}").into()),
    }
}

fn of_postgres(value: PgValue<'_>) -> deserialize::Result<RawValue> {
    // The numbers of the types in PostgreSQL's catalog, pg_type.dat.
    match value.get_oid().get() {
        16 => FromSql::<Bool, Pg>::from_sql(value).map(RawValue::Flag),
        17 => FromSql::<Binary, Pg>::from_sql(value).map(RawValue::Bytes),
        20 => FromSql::<BigInt, Pg>::from_sql(value).map(RawValue::Number),
        23 => <i32 as FromSql<Integer, Pg>>::from_sql(value).map(|number| RawValue::Number(number.into())),
        25 => FromSql::<Text, Pg>::from_sql(value).map(RawValue::Text),
        other => Err(format!("a value is of the type {other}").into()),
    }
}

/// One statement that adds rows. The text is the same for as many rows of the same table, so that the database prepares
/// it once.
struct Insert<'a> {
    table: &'a Table,
    rows: &'a [RawRow],
}

impl QueryId for Insert<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> RunQueryDsl<C> for Insert<'_> {}

impl<DB> QueryFragment<DB> for Insert<'_>
where
    DB: Backend + HasSqlType<BigInt> + HasSqlType<Bool> + HasSqlType<Text> + HasSqlType<Binary>,
    Option<i64>: ToSql<Nullable<BigInt>, DB>,
    Option<bool>: ToSql<Nullable<Bool>, DB>,
    Option<String>: ToSql<Nullable<Text>, DB>,
    Option<Vec<u8>>: ToSql<Nullable<Binary>, DB>,
    i64: ToSql<BigInt, DB>,
    bool: ToSql<Bool, DB>,
    String: ToSql<Text, DB>,
    Vec<u8>: ToSql<Binary, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("INSERT INTO ");
        out.push_identifier(&self.table.name)?;
        for (place, column) in self.table.columns.iter().enumerate() {
            out.push_sql(if place == 0 { " (" } else { ", " });
            out.push_identifier(&column.name)?;
        }
        out.push_sql(") VALUES ");
        for (number, row) in self.rows.iter().enumerate() {
            out.push_sql(if number == 0 { "(" } else { ", (" });
            for (place, (value, column)) in row.iter().zip(&self.table.columns).enumerate() {
                if place > 0 {
                    out.push_sql(", ");
                }
                match (value, column.holds) {
                    (RawValue::Number(number), _) => out.push_bind_param::<BigInt, _>(number)?,
                    (RawValue::Flag(flag), _) => out.push_bind_param::<Bool, _>(flag)?,
                    (RawValue::Text(text), _) => out.push_bind_param::<Text, _>(text)?,
                    (RawValue::Bytes(bytes), _) => out.push_bind_param::<Binary, _>(bytes)?,
                    // A missing value has the type of its column all the same. PostgreSQL makes smaller numbers of bigint.
                    (RawValue::Null, ColumnType::BigInt | ColumnType::Integer) => {
                        out.push_bind_param::<Nullable<BigInt>, Option<i64>>(&None)?;
                    }
                    (RawValue::Null, ColumnType::Boolean) => {
                        out.push_bind_param::<Nullable<Bool>, Option<bool>>(&None)?;
                    }
                    (RawValue::Null, ColumnType::Text) => {
                        out.push_bind_param::<Nullable<Text>, Option<String>>(&None)?;
                    }
                    (RawValue::Null, ColumnType::Bytes) => {
                        out.push_bind_param::<Nullable<Binary>, Option<Vec<u8>>>(&None)?;
                    }
                }
            }
            out.push_sql(")");
        }
        Ok(())
    }
}
