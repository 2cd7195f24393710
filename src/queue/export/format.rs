//! The two formats of a file.

use serde::Serializer as _;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::queue::alert_rows::AlertRow;
use crate::queue::export::alert_columns;
use crate::queue::export::columns::{Column, cells, fields, labels};
use crate::queue::list::List;
use crate::queue::listed::Rows;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

/// Without it, Excel reads a file as being in the character set of the computer's language.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What comes before the first row.
pub fn head(list: List, format: Format, columns: &[Column]) -> Result<Vec<u8>> {
    match format {
        Format::Csv => {
            let labels = columns.iter().flat_map(|column| labels(list, *column)).collect();
            Ok([BYTE_ORDER_MARK, &csv_records(std::iter::once(labels))?].concat())
        }
        Format::JsonLines => Ok(Vec::new()),
    }
}

/// Rows as they stand in the file.
pub fn body(format: Format, columns: &[Column], rows: &Rows) -> Result<Vec<u8>> {
    match rows {
        Rows::Incidents(rows) => written(format, columns, rows, cells, fields),
        Rows::Alerts(rows) => {
            let cells = |column, row: &AlertRow| alert_columns::cell(column, row).into_iter().collect();
            let fields = |column, row: &AlertRow| alert_columns::field(column, row).into_iter().collect();
            written(format, columns, rows, cells, fields)
        }
    }
}

fn written<R>(
    format: Format,
    columns: &[Column],
    rows: &[R],
    cells: impl Fn(Column, &R) -> Vec<String>,
    fields: impl Fn(Column, &R) -> Vec<(&'static str, Value)>,
) -> Result<Vec<u8>> {
    match format {
        Format::Csv => {
            csv_records(rows.iter().map(|row| columns.iter().flat_map(|column| cells(*column, row)).collect()))
        }
        Format::JsonLines => {
            let mut lines = Vec::new();
            for row in rows {
                let fields = columns.iter().flat_map(|column| fields(*column, row));
                serde_json::Serializer::new(&mut lines).collect_map(fields)?;
                lines.push(b'\n');
            }
            Ok(lines)
        }
    }
}

fn csv_records(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}
