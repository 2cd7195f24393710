//! Sentinel's other shapes as rows of its tables: the REST API and Logic Apps (`properties`, camel case), the
//! continuous export of Defender for Cloud, dotted names, and exports with the endings of custom tables.

use serde_json::{Map, Value};

use crate::formats::building::json::{parse_embedded_json, text_of};
use crate::formats::building::path::{has_any, text_at};
use crate::formats::building::terms::camel_case;

/// Columns of an alert or incident that the REST API calls otherwise, in Pascal case.
const COLUMNS: [(&str, &str); 5] = [
    ("CreatedTimeUtc", "CreatedTime"),
    ("LastModifiedTimeUtc", "LastModifiedTime"),
    ("FirstActivityTimeUtc", "FirstActivityTime"),
    ("LastActivityTimeUtc", "LastActivityTime"),
    ("TimeGeneratedUtc", "TimeGenerated"),
];

/// Members of entities that are not in plain Pascal case in the table.
const MEMBERS: [(&str, &str); 5] = [
    ("NtDomain", "NTDomain"),
    ("UpnSuffix", "UPNSuffix"),
    ("Fqdn", "FQDN"),
    ("OsFamily", "OSFamily"),
    ("OsVersion", "OSVersion"),
];

/// Members of the REST API's entities beside those of the table's.
const REST_MEMBERS: [(&str, &str); 7] = [
    ("AccountName", "Name"),
    ("AppName", "Name"),
    ("FileName", "Name"),
    ("MalwareName", "Name"),
    ("ValueName", "Name"),
    ("HashValue", "Value"),
    ("ValueData", "Value"),
];

/// Members of the REST API that name another entity by its id.
const REFERENCES: [(&str, &str); 7] = [
    ("HostEntityId", "Host"),
    ("AccountEntityId", "Account"),
    ("ImageFileEntityId", "ImageFile"),
    ("ParentProcessEntityId", "ParentProcess"),
    ("KeyEntityId", "Key"),
    ("FileHashEntityIds", "FileHashes"),
    ("CreationProcessEntityId", "Process"),
];

/// Endings that Log Analytics puts behind the columns of custom tables: text, number, time, GUID, boolean.
const ENDINGS: [&str; 5] = ["_s", "_d", "_t", "_g", "_b"];

/// The type of a resource in Azure's address of it, lower case: "microsoft.securityinsights/incidents".
pub(super) fn resource_type(value: &Value) -> String {
    text_at(value, &["type"]).to_lowercase()
}

/// Whether the record has one of these columns in any shape. `columns` are in Pascal case.
pub(super) fn has_column(value: &Value, columns: &[&str]) -> bool {
    columns.iter().any(|column| {
        let small = camel_case(column);
        let mut names = vec![format!("properties.{small}"), format!("properties.{column}"), small];
        names.extend(ENDINGS.map(|ending| format!("{column}{ending}")));
        names.push((*column).to_owned());
        names.iter().any(|name| has_any(value, &[name]))
    })
}

/// The record as a row with the columns' names of the table.
pub(super) fn row(value: &Value) -> Value {
    let opened = parse_embedded_json(value.get("properties").unwrap_or(&Value::Null)).into_owned();
    let mut row = Map::new();
    for (name, found) in opened.as_object().into_iter().flatten().chain(value.as_object().into_iter().flatten()) {
        let name = name.strip_prefix("properties.").unwrap_or(name);
        if name != "properties" && !found.is_null() {
            row.entry(column_of(name)).or_insert_with(|| found.clone());
        }
    }
    Value::Object(row)
}

/// Log Analytics writes the zone behind the names of times: "TimeGenerated [UTC]".
fn column_of(name: &str) -> String {
    let name = name.strip_suffix(" [UTC]").unwrap_or(name);
    let bare = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    named(&pascal(bare), &[&COLUMNS])
}

fn pascal(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// The name by the tables; the same name when none has it.
fn named(name: &str, tables: &[&[(&str, &str)]]) -> String {
    let found = tables.iter().flat_map(|table| table.iter()).find(|(other, _)| *other == name);
    found.map_or(name, |(_, column)| column).to_owned()
}

/// Entities with the members that the table has, at any depth.
pub(super) fn entities(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(entities).collect(),
        Value::Object(_) => entity(value),
        other => other.clone(),
    }
}

fn entity(value: &Value) -> Value {
    let properties = value.get("properties").filter(|found| found.is_object());
    let tables: &[&[(&str, &str)]] = if properties.is_some() { &[&MEMBERS, &REST_MEMBERS] } else { &[&MEMBERS] };
    let mut found = Map::new();
    for (name, inner) in properties.unwrap_or(value).as_object().into_iter().flatten() {
        let name = if name.starts_with('$') { name.clone() } else { named(&pascal(name), tables) };
        if let Some((_, column)) = REFERENCES.iter().find(|(id, _)| *id == name) {
            found.insert((*column).to_owned(), references(inner));
        } else {
            found.entry(name).or_insert_with(|| entities(inner));
        }
    }
    if let (Some(_), Some(id)) = (properties, value.get("id")) {
        found.insert("$id".to_owned(), id.clone());
    }
    let kind = text_of(value, &["kind"]);
    if !kind.is_empty() {
        found.insert("Type".to_owned(), Value::String(kind));
    }
    Value::Object(found)
}

fn references(ids: &Value) -> Value {
    match ids {
        Value::Array(ids) => ids.iter().map(references).collect(),
        id => serde_json::json!({ "$ref": id }),
    }
}
