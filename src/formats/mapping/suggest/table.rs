//! Samples that are tables: a first line of column names, then rows.

use serde_json::{Map, Value};

/// Most rows that are read.
const ROWS_MAX: usize = 100;

/// The rows of a CSV table as objects of texts, as a body of rows is read; `None` for other samples.
pub(super) fn rows(sample: &str) -> Option<Vec<Value>> {
    let first = sample.lines().next()?;
    let names: Vec<&str> = first.split(',').map(|name| name.trim().trim_matches('"').trim()).collect();
    let is_name = |name: &&str| name.chars().any(char::is_alphabetic);
    if first.starts_with('[') || first.contains('{') || names.len() < 2 || !names.iter().all(is_name) {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(sample.as_bytes());
    // Log Analytics writes the zone behind the names of times: "TimeGenerated [UTC]".
    let names: Vec<String> = reader
        .headers()
        .ok()?
        .iter()
        .map(|name| name.trim().strip_suffix(" [UTC]").unwrap_or(name.trim()).to_owned())
        .collect();
    let row = |cells: csv::StringRecord| -> Value {
        let filled = names.iter().zip(&cells).filter(|(_, cell)| !cell.is_empty());
        Value::Object(filled.map(|(name, cell)| (name.clone(), cell.into())).collect::<Map<_, _>>())
    };
    let rows: Vec<Value> = reader.into_records().map_while(Result::ok).take(ROWS_MAX).map(row).collect();
    (!rows.is_empty()).then_some(rows)
}
