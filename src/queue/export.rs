//! The queue as a file: rows of any filter as CSV or JSON Lines, a page at a time. Which incidents
//! it has, and in what order, is settled when it begins; each row stands as it is when it is read.
//!
//! CSV is for spreadsheets: times in RFC 3339 UTC, numbers as numbers, several values by commas in
//! one cell. A text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a
//! tab or a line break, also after blanks and quotation marks) gets an apostrophe in front. Where
//! the computer's language separates cells by semicolons or tabs, a text ends in its middle; so one
//! that begins like this after a comma, a semicolon, a tab or a line break gets one there too. That
//! meets harmless texts such as "a, -b": these read "a,' -b". JSON Lines is for programs: the Graph
//! API's names, lists as lists, texts as they are.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::Serializer as _;
use serde_json::{Value, json};

use crate::db::AnyConnection;
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::model::follow_up::date;
use crate::model::tag::Tag;
use crate::permissions::{Action, require};
use crate::queue;
use crate::queue::columns::Column as Shown;
use crate::queue::filter::Filter;
use crate::queue::page::QueueRow;
use crate::schema::{entities, incident_entities};

/// Rows of a page: what is held at once.
pub const ROWS: usize = 200;
/// Assets that a page names beyond those that the queue shows; what is more is counted.
const ASSETS: i64 = 20_000;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

/// What a row can hold: what the queue's table can show, and what only a file has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Shown(Shown),
    Resolved,
    ResolvingNote,
}

impl Column {
    fn all() -> Vec<Self> {
        Shown::ALL.iter().copied().map(Self::Shown).chain([Self::Resolved, Self::ResolvingNote]).collect()
    }

    /// Reads a value of `columns`.
    fn parse(name: &str) -> Option<Self> {
        match name {
            "resolved" => Some(Self::Resolved),
            "resolvingNote" => Some(Self::ResolvingNote),
            name => Shown::parse(name).map(Self::Shown),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Shown(column) => column.label(),
            Self::Resolved => "Resolved",
            Self::ResolvingNote => "Resolving note",
        }
    }
}

/// Reads `columns=name,id`, in the order given; all where it is empty.
pub fn columns(text: &str) -> Result<Vec<Column>> {
    let mut chosen = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let column =
            Column::parse(name).ok_or_else(|| Error::at_field("columns", format!("There is no column \"{name}\".")))?;
        if !chosen.contains(&column) {
            chosen.push(column);
        }
    }
    Ok(if chosen.is_empty() { Column::all() } else { chosen })
}

/// The incidents of the file, in its order. Taken once: what changes while the file is written would
/// else move to a page that is written already, or is yet to come a second time.
pub fn ids(conn: &mut AnyConnection, actor: &Actor, filter: &Filter, viewer: i64) -> Result<Vec<i64>> {
    require(actor, Action::View)?;
    queue::ids_in_order(conn, filter, viewer)
}

/// The rows of a page's incidents, at most [`ROWS`].
pub fn rows(conn: &mut AnyConnection, actor: &Actor, ids: &[i64]) -> Result<Vec<QueueRow>> {
    require(actor, Action::View)?;
    let mut rows = queue::rows(conn, ids)?;
    name_assets(conn, &mut rows)?;
    Ok(rows)
}

/// The queue knows the first few of an incident's assets by name; a file has room for all.
fn name_assets(conn: &mut AnyConnection, rows: &mut [QueueRow]) -> Result<()> {
    let more: Vec<i64> = rows.iter().filter(|row| unnamed(row) > 0).map(|row| row.incident.id).collect();
    if more.is_empty() {
        return Ok(());
    }
    let found: Vec<(i64, String, String)> = incident_entities::table
        .inner_join(entities::table)
        .filter(incident_entities::incident_id.eq_any(&more))
        .filter(incident_entities::kind.eq_any(["device", "user", "mailbox"]))
        .filter(entities::links.eq(true))
        .order((
            incident_entities::incident_id,
            incident_entities::alert_count.desc(),
            entities::name_key,
            entities::id,
        ))
        .limit(ASSETS)
        .select((incident_entities::incident_id, incident_entities::kind, entities::name))
        .load(conn)?;
    let mut names: HashMap<(i64, String), Vec<String>> = HashMap::new();
    for (incident, kind, name) in found {
        names.entry((incident, kind)).or_default().push(name);
    }
    for row in rows {
        let id = row.incident.id;
        let scope = &mut row.incident.scope;
        for (kind, known) in
            [("device", &mut scope.devices), ("user", &mut scope.users), ("mailbox", &mut scope.mailboxes)]
        {
            if let Some(all) = names.remove(&(id, kind.to_owned())).filter(|all| all.len() > known.len()) {
                *known = all;
            }
        }
    }
    Ok(())
}

/// How many assets of a row are not known by name.
fn unnamed(row: &QueueRow) -> i64 {
    let (incident, scope) = (&row.incident, &row.incident.scope);
    let named = scope.devices.len() + scope.users.len() + scope.mailboxes.len();
    incident.device_count + incident.user_count + incident.mailbox_count - i64::try_from(named).unwrap_or(i64::MAX)
}

/// What comes before the first row.
pub fn head(format: Format, columns: &[Column]) -> Result<Vec<u8>> {
    match format {
        Format::Csv => table(std::iter::once(columns.iter().flat_map(|column| labels(*column)).collect())),
        Format::JsonLines => Ok(Vec::new()),
    }
}

/// Rows as they stand in the file.
pub fn body(format: Format, columns: &[Column], rows: &[QueueRow]) -> Result<Vec<u8>> {
    match format {
        Format::Csv => table(rows.iter().map(|row| columns.iter().flat_map(|column| cells(*column, row)).collect())),
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

fn table(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

/// The headings of a column; some take several cells.
fn labels(column: Column) -> Vec<String> {
    let more: &[&str] = match column {
        Column::Shown(Shown::Alerts) => &["Alerts"],
        Column::Shown(Shown::Assets) => &["Devices", "Users", "Mailboxes"],
        _ => &[],
    };
    std::iter::once(column.label()).chain(more.iter().copied()).map(str::to_owned).collect()
}

fn cells(column: Column, row: &QueueRow) -> Vec<String> {
    let incident = &row.incident;
    let scope = &incident.scope;
    let list = |values: &[String]| text(&values.join(", "));
    let numbers = |values: &[i64]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
    let one = |cell: String| vec![cell];
    match column {
        Column::Shown(Shown::Name) => one(text(&incident.name)),
        Column::Shown(Shown::Id) => numbers(&[incident.id]),
        Column::Shown(Shown::Priority) => numbers(&[incident.priority]),
        Column::Shown(Shown::Tags) => one(list(&names(&row.tags, |_| true))),
        Column::Shown(Shown::Severity) => one(incident.severity.label().to_owned()),
        Column::Shown(Shown::Status) => one(incident.status.label().to_owned()),
        Column::Shown(Shown::Alerts) => numbers(&[incident.open_alert_count, incident.alert_count]),
        Column::Shown(Shown::AssignedTo) => {
            one(row.owner.as_ref().map(|owner| text(&owner.display_name)).unwrap_or_default())
        }
        Column::Shown(Shown::LastUpdate) => one(moment(incident.updated_at)),
        Column::Shown(Shown::Created) => one(moment(incident.created_at)),
        Column::Shown(Shown::Categories) => one(list(&scope.categories)),
        Column::Shown(Shown::Assets) => {
            let mut cells = one(list(&assets(row)));
            cells.extend(numbers(&[incident.device_count, incident.user_count, incident.mailbox_count]));
            cells
        }
        Column::Shown(Shown::ServiceSources) => one(list(&scope.service_sources)),
        Column::Shown(Shown::DetectionSources) => one(list(&scope.detection_sources)),
        Column::Shown(Shown::Products) => one(list(&scope.products)),
        Column::Shown(Shown::FirstActivity) => one(moment(incident.first_activity)),
        Column::Shown(Shown::LastActivity) => one(moment(incident.last_activity)),
        Column::Shown(Shown::Classification) => one(incident.classification.label().to_owned()),
        Column::Shown(Shown::Determination) => one(incident.determination.label().to_owned()),
        Column::Shown(Shown::FollowUp) => one(incident.follow_up_at.map(date).unwrap_or_default()),
        Column::Resolved => one(incident.resolved_at.map(moment).unwrap_or_default()),
        Column::ResolvingNote => one(text(incident.resolving_note.as_deref().unwrap_or_default())),
    }
}

fn fields(column: Column, row: &QueueRow) -> Vec<(&'static str, Value)> {
    let incident = &row.incident;
    let scope = &incident.scope;
    match column {
        Column::Shown(Shown::Name) => vec![("displayName", json!(incident.name))],
        Column::Shown(Shown::Id) => {
            vec![("id", json!(incident.id)), ("redirectIncidentId", json!(incident.redirect_to))]
        }
        Column::Shown(Shown::Priority) => vec![("priorityScore", json!(incident.priority))],
        Column::Shown(Shown::Tags) => vec![
            ("customTags", json!(names(&row.tags, |tag| !tag.system))),
            ("systemTags", json!(names(&row.tags, |tag| tag.system))),
        ],
        Column::Shown(Shown::Severity) => vec![("severity", json!(incident.severity))],
        Column::Shown(Shown::Status) => vec![("status", json!(incident.status))],
        Column::Shown(Shown::Alerts) => {
            vec![("activeAlertCount", json!(incident.open_alert_count)), ("alertCount", json!(incident.alert_count))]
        }
        Column::Shown(Shown::AssignedTo) => vec![("assignedTo", json!(row.owner.as_ref().map(|owner| &owner.name)))],
        Column::Shown(Shown::LastUpdate) => vec![("lastUpdateDateTime", json!(moment(incident.updated_at)))],
        Column::Shown(Shown::Created) => vec![("createdDateTime", json!(moment(incident.created_at)))],
        Column::Shown(Shown::Categories) => vec![("categories", json!(scope.categories))],
        Column::Shown(Shown::Assets) => vec![
            ("devices", json!(scope.devices)),
            ("deviceCount", json!(incident.device_count)),
            ("users", json!(scope.users)),
            ("userCount", json!(incident.user_count)),
            ("mailboxes", json!(scope.mailboxes)),
            ("mailboxCount", json!(incident.mailbox_count)),
        ],
        Column::Shown(Shown::ServiceSources) => vec![("serviceSources", json!(scope.service_sources))],
        Column::Shown(Shown::DetectionSources) => vec![("detectionSources", json!(scope.detection_sources))],
        Column::Shown(Shown::Products) => vec![("productNames", json!(scope.products))],
        Column::Shown(Shown::FirstActivity) => vec![("firstActivityDateTime", json!(moment(incident.first_activity)))],
        Column::Shown(Shown::LastActivity) => vec![("lastActivityDateTime", json!(moment(incident.last_activity)))],
        Column::Shown(Shown::Classification) => vec![("classification", json!(incident.classification))],
        Column::Shown(Shown::Determination) => vec![("determination", json!(incident.determination))],
        Column::Shown(Shown::FollowUp) => vec![("followUpDate", json!(incident.follow_up_at.map(date)))],
        Column::Resolved => vec![("resolvedDateTime", json!(incident.resolved_at.map(moment)))],
        Column::ResolvingNote => vec![("resolvingComment", json!(incident.resolving_note))],
    }
}

fn names(tags: &[Tag], wanted: impl Fn(&Tag) -> bool) -> Vec<String> {
    tags.iter().filter(|tag| wanted(tag)).map(|tag| tag.name.clone()).collect()
}

/// The assets that a row knows by name, and how many there are besides.
fn assets(row: &QueueRow) -> Vec<String> {
    let scope = &row.incident.scope;
    let mut known: Vec<String> = scope.devices.iter().chain(&scope.users).chain(&scope.mailboxes).cloned().collect();
    let more = unnamed(row);
    if more > 0 {
        known.push(format!("{more} more"));
    }
    known
}

fn moment(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}

/// A text that no spreadsheet runs, whatever it takes for the end of a cell.
fn text(value: &str) -> String {
    let ends = |c: char| matches!(c, ',' | ';' | '\t' | '\r' | '\n');
    let passed = |c: char| {
        matches!(c, '"' | '\'' | '\u{201c}' | '\u{2018}')
            || (c.is_whitespace() && !ends(c))
            || c.is_control() && !ends(c)
    };
    let begins = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let mut safe = String::with_capacity(value.len());
    for (at, part) in value.split_inclusive(ends).enumerate() {
        let inside = part.trim_start_matches(passed);
        if inside.starts_with(begins) || (at == 0 && inside.starts_with(['\t', '\r', '\n'])) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_defused() {
        for text in
            ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", "\rx", " =cmd|' /C calc'!A0", "\"=1+1", "'=1+1", "\" '-1", "＝1"]
        {
            assert_eq!(super::text(text), format!("'{text}"));
        }
        for text in ["", "Multi-stage incident", "'Bearfoos' detected", "a=b", "10 - 3", "web01, web02; db", "a\r\nb"] {
            assert_eq!(super::text(text), text);
        }
    }

    #[test]
    fn so_is_what_would_begin_a_cell_or_a_line_in_the_middle_of_a_text() {
        for (text, safe) in [
            ("x;=1+1", "x;'=1+1"),
            ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
            ("x\n+1\r\n-2", "x\n'+1\r\n'-2"),
            ("x\r=1", "x\r'=1"),
            ("x; \"=1;=2", "x;' \"=1;'=2"),
            ("\t=1", "'\t'=1"),
            ("VIP, =1", "VIP,' =1"),
            ("a, -b", "a,' -b"),
        ] {
            assert_eq!(super::text(text), safe);
        }
    }

    #[test]
    fn columns_come_in_the_order_asked_and_unknown_ones_are_refused() {
        assert_eq!(columns("id, name,id").unwrap(), [Column::Shown(Shown::Id), Column::Shown(Shown::Name)]);
        assert_eq!(columns("").unwrap().len(), Column::all().len());
        assert!(columns("id,colour").is_err());
        for shown in queue::Column::ALL {
            assert!(Column::parse(shown.as_str()).is_some(), "{shown} of the table has no column in the file");
        }
    }
}
