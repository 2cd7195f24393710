//! A connection to either database, and the SQL in which the two differ.

use diesel::prelude::*;

/// A connection to the database that the URL names.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    Sqlite(diesel::SqliteConnection),
    Postgres(diesel::PgConnection),
}

impl AnyConnection {
    /// Which database it is: "sqlite" or "postgres".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// The placeholder of a statement's value number `place`, counted from 1.
    pub fn placeholder(&self, place: usize) -> String {
        match self {
            Self::Sqlite(_) => "?".to_owned(),
            Self::Postgres(_) => format!("${place}"),
        }
    }

    /// An expression that gives the listed columns of a row as a JSON array in text.
    pub fn json_array(&self, columns: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("json_array({columns})"),
            Self::Postgres(_) => format!("json_build_array({columns})::text"),
        }
    }
}

/// Compiles one text for each backend, for what the enum itself cannot express
/// (batch inserts, `on_conflict`).
#[macro_export]
macro_rules! each {
    ($connection:expr, $inner:ident => $body:expr) => {
        match $connection {
            $crate::db::connection::AnyConnection::Sqlite($inner) => $body,
            $crate::db::connection::AnyConnection::Postgres($inner) => $body,
        }
    };
}
