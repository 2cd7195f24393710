//! The tables of this version or of an older one: their columns, their keys and what they refer to. For what treats all
//! tables alike, such as a backup.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::db::connection::AnyConnection;
use crate::db::schema_state::run_migrations;
use crate::error::{Error, Result};

/// All but the one in which the migrations that ran are noted.
const ALL_TABLES: &str = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '__diesel_schema_migrations' ORDER BY name";

crate::text_enum! {
    /// What a column holds, by the name that migrations give its type.
    pub enum ColumnType {
        BigInt = "bigint" / "bigint",
        Integer = "integer" / "integer",
        Boolean = "boolean" / "boolean",
        Text = "text" / "text",
        Bytes = "bytea" / "bytea",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    pub name: String,
    pub holds: ColumnType,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    /// In the order of the table.
    pub columns: Vec<TableColumn>,
    /// The columns of the primary key, which order the rows.
    pub(super) key: Vec<String>,
    /// Other tables that must be filled first.
    refers_to: Vec<String>,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    holds: String,
    /// Its place in the primary key from 1; 0 outside of it.
    #[diesel(sql_type = BigInt)]
    place: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The tables that these migrations make, each after those that it refers to, else by name. They are told from an empty
/// database in memory, so that tables of other programs in the same database are never among them.
pub fn tables(migrations: &[String]) -> Result<Vec<Table>> {
    let memory = SqliteConnection::establish(":memory:").map_err(Error::internal)?;
    let conn = &mut AnyConnection::Sqlite(memory);
    run_migrations(conn, migrations)?;
    let mut unsorted = Vec::new();
    for name in names(conn, ALL_TABLES)? {
        unsorted.push(table(conn, name)?);
    }
    let mut sorted: Vec<Table> = Vec::new();
    let mut done = BTreeSet::new();
    while !unsorted.is_empty() {
        let (ready, rest): (Vec<Table>, Vec<Table>) =
            unsorted.into_iter().partition(|table| table.refers_to.iter().all(|other| done.contains(other)));
        if ready.is_empty() {
            return Err(Error::internal("tables refer to each other in a circle"));
        }
        done.extend(ready.iter().map(|table| table.name.clone()));
        sorted.extend(ready);
        unsorted = rest;
    }
    Ok(sorted)
}

fn table(conn: &mut AnyConnection, name: String) -> Result<Table> {
    let columns = "SELECT name, lower(type) AS holds, pk AS place FROM pragma_table_info('{}') ORDER BY cid";
    let rows = diesel::sql_query(columns.replace("{}", &name)).load::<ColumnRow>(conn)?;
    let mut key: Vec<&ColumnRow> = rows.iter().filter(|row| row.place > 0).collect();
    key.sort_by_key(|row| row.place);
    // Rows of a table without a key are ordered by all that they have.
    let key = if key.is_empty() { rows.iter().collect() } else { key };
    let key = key.into_iter().map(|row| row.name.clone()).collect();
    let columns = rows.into_iter().map(|row| column(&name, row)).collect::<Result<_>>()?;
    let references = "SELECT DISTINCT \"table\" AS name FROM pragma_foreign_key_list('{}') ORDER BY name";
    let refers_to = names(conn, &references.replace("{}", &name))?.into_iter().filter(|other| *other != name).collect();
    Ok(Table { name, columns, key, refers_to })
}

fn column(table: &str, row: ColumnRow) -> Result<TableColumn> {
    let unknown = || Error::internal(format!("{table}.{} is of the unknown type {}", row.name, row.holds));
    let holds = ColumnType::parse(&row.holds).ok_or_else(unknown)?;
    Ok(TableColumn { name: row.name, holds })
}

fn names(conn: &mut AnyConnection, sql: &str) -> Result<Vec<String>> {
    Ok(diesel::sql_query(sql).load::<Name>(conn)?.into_iter().map(|row| row.name).collect())
}
