//! The format of a backup: lines of JSON, compressed with gzip and, where that was asked for, encrypted with age. The
//! same for both databases, so that either restores what the other had.
//!
//! ```text
//! {"backup":{"format":1,"watchdesk":"0.1.0","madeAt":"2026-11-29T12:00:00.000000Z","database":"sqlite",...}}
//! {"table":{"name":"tags","columns":[{"name":"id","type":"bigint"},{"name":"name","type":"text"},...]}}
//! [1,"phishing","phishing",false]
//! {"tableEnd":{"name":"tags","rows":1,"sha256":"..."}}
//! {"end":{"tables":70,"rows":12345,"sha256":"..."}}
//! ```
//!
//! Tables come in the order in which they can be filled, their rows in the order of their key. A value is null, a number,
//! true or false, or a text; bytes are a text of base64. The hash of a table is that of the lines of its rows. The hash at
//! the end is that of all lines before it but the rows, and so covers the hashes of the tables.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::de::{Deserialize, Deserializer, Visitor};
use serde::{Deserialize as DeserializeDerive, Serialize};

use crate::db::{ColumnType, RawRow, RawValue, TableColumn};
use crate::error::{Error, Result};

/// The version of the format that this program writes, and the newest one that it reads.
pub const FORMAT: u32 = 1;

/// A line that is no row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, DeserializeDerive)]
#[serde(rename_all = "camelCase")]
pub enum Mark {
    Backup(Header),
    Table(TableStart),
    TableEnd(TableEnd),
    End(End),
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, DeserializeDerive)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    pub format: u32,
    /// The version of Watchdesk that wrote it.
    pub watchdesk: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// "sqlite" or "postgres".
    pub database: String,
    /// The migrations that made the schema.
    pub migrations: Vec<String>,
    pub without_secrets: bool,
    pub without_attachments: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, DeserializeDerive)]
pub struct TableStart {
    pub name: String,
    pub columns: Vec<WrittenColumn>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, DeserializeDerive)]
pub struct WrittenColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub holds: ColumnType,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, DeserializeDerive)]
pub struct TableEnd {
    pub name: String,
    pub rows: u64,
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, DeserializeDerive)]
pub struct End {
    pub tables: u64,
    pub rows: u64,
    pub sha256: String,
}

impl WrittenColumn {
    pub fn of(column: &TableColumn) -> Self {
        Self { name: column.name.clone(), holds: column.holds }
    }

    pub fn is(&self, column: &TableColumn) -> bool {
        self.name == column.name && self.holds == column.holds
    }
}

/// Adds the line of a row.
pub fn write_row(row: &RawRow, line: &mut Vec<u8>) -> Result<()> {
    line.push(b'[');
    for (place, value) in row.iter().enumerate() {
        if place > 0 {
            line.push(b',');
        }
        match value {
            RawValue::Null => line.extend_from_slice(b"null"),
            RawValue::Number(number) => serde_json::to_writer(&mut *line, number)?,
            RawValue::Flag(flag) => serde_json::to_writer(&mut *line, flag)?,
            RawValue::Text(text) => serde_json::to_writer(&mut *line, text)?,
            RawValue::Bytes(bytes) => serde_json::to_writer(&mut *line, &BASE64_STANDARD.encode(bytes))?,
        }
    }
    line.extend_from_slice(b"]\n");
    Ok(())
}

/// Reads the line of a row; none where it does not fit the columns.
pub fn read_row(line: &[u8], columns: &[WrittenColumn]) -> Option<RawRow> {
    let cells: Vec<Cell> = serde_json::from_slice(line).ok()?;
    if cells.len() != columns.len() {
        return None;
    }
    cells.into_iter().zip(columns).map(|(cell, column)| cell.of_type(column.holds)).collect()
}

/// Reads a line that is no row.
pub fn read_mark(line: &[u8]) -> Option<Mark> {
    serde_json::from_slice(line).ok()
}

/// Adds a line that is no row.
pub fn write_mark(mark: &Mark, line: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(&mut *line, mark)?;
    line.push(b'\n');
    Ok(())
}

/// Why a backup cannot be restored.
pub fn refused(why: &str) -> Error {
    Error::at_field("file", why)
}

/// A value as JSON has it.
enum Cell {
    Null,
    Number(i64),
    Flag(bool),
    Text(String),
}

impl Cell {
    fn of_type(self, holds: ColumnType) -> Option<RawValue> {
        match (self, holds) {
            (Self::Null, _) => Some(RawValue::Null),
            (Self::Number(number), ColumnType::BigInt) => Some(RawValue::Number(number)),
            (Self::Number(number), ColumnType::Integer) => i32::try_from(number).ok().map(|_| RawValue::Number(number)),
            (Self::Flag(flag), ColumnType::Boolean) => Some(RawValue::Flag(flag)),
            (Self::Text(text), ColumnType::Text) => Some(RawValue::Text(text)),
            (Self::Text(text), ColumnType::Bytes) => BASE64_STANDARD.decode(text).ok().map(RawValue::Bytes),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl Visitor<'_> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value of a row")
    }

    fn visit_unit<E>(self) -> std::result::Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> std::result::Result<Cell, E> {
        Ok(Cell::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> std::result::Result<Cell, E> {
        Ok(Cell::Number(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> std::result::Result<Cell, E> {
        i64::try_from(number).map(Cell::Number).map_err(E::custom)
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> std::result::Result<Cell, E> {
        Ok(Cell::Text(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<WrittenColumn> {
        let kinds = [ColumnType::BigInt, ColumnType::Boolean, ColumnType::Text, ColumnType::Bytes, ColumnType::Text];
        kinds.into_iter().map(|holds| WrittenColumn { name: "c".to_owned(), holds }).collect()
    }

    #[test]
    fn a_row_is_read_as_it_was_written() {
        let row = vec![
            RawValue::Number(i64::MIN),
            RawValue::Flag(true),
            RawValue::Text("a \"quoted\"\nline\u{2028} ä \u{1}".to_owned()),
            RawValue::Bytes(vec![0, 255, 10, 13]),
            RawValue::Null,
        ];
        let mut line = Vec::new();
        write_row(&row, &mut line).unwrap();
        assert_eq!(String::from_utf8_lossy(&line).lines().count(), 1);
        assert_eq!(read_row(&line, &columns()), Some(row));
    }

    #[test]
    fn a_row_that_does_not_fit_its_columns_is_none() {
        for line in [
            "[1,true,\"t\",\"AA==\"]",
            "[1,true,\"t\",\"AA==\",null,null]",
            "[true,true,\"t\",\"AA==\",null]",
            "[1,1,\"t\",\"AA==\",null]",
            "[1,true,\"t\",\"not base64\",null]",
            "[9223372036854775808,true,\"t\",\"AA==\",null]",
            "[1.5,true,\"t\",\"AA==\",null]",
            "{}",
        ] {
            assert_eq!(read_row(line.as_bytes(), &columns()), None, "{line}");
        }
    }
}
