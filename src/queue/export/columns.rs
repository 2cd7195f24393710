//! What a file has of each row: the columns, their headings and cells in CSV, their fields in JSON; here those of
//! incidents.

use serde_json::{Value, json};

use crate::clock;
use crate::error::{Error, Result};
use crate::model::follow_up::date;
use crate::model::tag::Tag;
use crate::queue::columns::Column as Shown;
use crate::queue::export::rows::unnamed_assets;
use crate::queue::export::spreadsheet::safe_text;
use crate::queue::list::List;
use crate::queue::page::QueueRow;

/// What a row can hold: what the queue's table can show, and what only a file has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Shown(Shown),
    Resolved,
    ResolvingNote,
}

impl Column {
    fn all(list: List) -> Vec<Self> {
        let only_in_files = [Self::Resolved, Self::ResolvingNote];
        let only_in_files = only_in_files.into_iter().filter(|column| column.is_in(list));
        Shown::all_of(list).map(Self::Shown).chain(only_in_files).collect()
    }

    /// Reads a value of `columns`.
    fn of(list: List, name: &str) -> Option<Self> {
        let column = match name {
            "resolved" => Self::Resolved,
            "resolvingNote" => Self::ResolvingNote,
            name => Self::Shown(Shown::parse(name)?),
        };
        column.is_in(list).then_some(column)
    }

    fn is_in(self, list: List) -> bool {
        match self {
            Self::Shown(column) => column.is_in(list),
            Self::Resolved => true,
            Self::ResolvingNote => !list.is_of_alerts(),
        }
    }

    pub(super) fn label(self, list: List) -> &'static str {
        match self {
            Self::Shown(column) => column.label_in(list),
            Self::Resolved => "Resolved",
            Self::ResolvingNote => "Resolution note",
        }
    }
}

/// Reads `columns=name,id`, in the order given; all where it is empty.
pub fn columns(list: List, text: &str) -> Result<Vec<Column>> {
    let mut chosen = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let column = Column::of(list, name)
            .ok_or_else(|| Error::at_field("columns", format!("There is no column \"{name}\".")))?;
        if !chosen.contains(&column) {
            chosen.push(column);
        }
    }
    Ok(if chosen.is_empty() { Column::all(list) } else { chosen })
}

/// The headings of a column; some take several cells.
pub(super) fn labels(list: List, column: Column) -> Vec<String> {
    let more: &[&str] = match column {
        Column::Shown(Shown::Alerts) => &["Alerts"],
        _ if list.is_of_alerts() => &[],
        Column::Shown(Shown::Assets) => &["Devices", "Users", "Mailboxes"],
        _ => &[],
    };
    std::iter::once(column.label(list)).chain(more.iter().copied()).map(str::to_owned).collect()
}

/// The cells of a row, as many as the column has headings.
pub(super) fn cells(column: Column, row: &QueueRow) -> Vec<String> {
    let incident = &row.incident;
    let scope = &incident.scope;
    let list = |values: &[String]| safe_text(&values.join(", "));
    let numbers = |values: &[i64]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
    let one = |cell: String| vec![cell];
    match column {
        Column::Shown(Shown::Name) => one(safe_text(&incident.name)),
        Column::Shown(Shown::Id) => numbers(&[incident.id]),
        Column::Shown(Shown::Priority) => numbers(&[incident.priority]),
        Column::Shown(Shown::Tags) => one(list(&names(&row.tags, |_| true))),
        Column::Shown(Shown::Severity) => one(incident.severity.label().to_owned()),
        Column::Shown(Shown::Status) => one(incident.status.label().to_owned()),
        Column::Shown(Shown::Alerts) => numbers(&[incident.open_alert_count, incident.alert_count]),
        Column::Shown(Shown::AssignedTo) => {
            one(row.owner.as_ref().map(|owner| safe_text(&owner.shown_name())).unwrap_or_default())
        }
        Column::Shown(Shown::LastUpdate) => one(seconds(incident.updated_at)),
        Column::Shown(Shown::Created) => one(seconds(incident.created_at)),
        Column::Shown(Shown::Categories) => one(list(&scope.categories)),
        Column::Shown(Shown::Assets) => {
            let mut cells = one(list(&assets(row)));
            cells.extend(numbers(&[incident.device_count, incident.user_count, incident.mailbox_count]));
            cells
        }
        Column::Shown(Shown::ServiceSources) => one(list(&scope.service_sources)),
        Column::Shown(Shown::DetectionSources) => one(list(&scope.detection_sources)),
        Column::Shown(Shown::Products) => one(list(&scope.products)),
        Column::Shown(Shown::FirstActivity) => one(seconds(incident.first_activity)),
        Column::Shown(Shown::LastActivity) => one(seconds(incident.last_activity)),
        Column::Shown(Shown::Classification) => one(incident.classification.label().to_owned()),
        Column::Shown(Shown::Determination) => one(incident.determination.label().to_owned()),
        Column::Shown(Shown::FollowUp) => one(incident.follow_up_at.map(date).unwrap_or_default()),
        // Of alerts only.
        Column::Shown(Shown::Incident | Shown::Techniques | Shown::LinkedBy | Shown::Times) => Vec::new(),
        Column::Resolved => one(incident.resolved_at.map(seconds).unwrap_or_default()),
        Column::ResolvingNote => one(safe_text(incident.resolving_note.as_deref().unwrap_or_default())),
    }
}

/// The fields of a row by their names in the Graph API.
pub(super) fn fields(column: Column, row: &QueueRow) -> Vec<(&'static str, Value)> {
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
        Column::Shown(Shown::LastUpdate) => vec![("lastUpdateDateTime", json!(time(incident.updated_at)))],
        Column::Shown(Shown::Created) => vec![("createdDateTime", json!(time(incident.created_at)))],
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
        Column::Shown(Shown::FirstActivity) => vec![("firstActivityDateTime", json!(time(incident.first_activity)))],
        Column::Shown(Shown::LastActivity) => vec![("lastActivityDateTime", json!(time(incident.last_activity)))],
        Column::Shown(Shown::Classification) => vec![("classification", json!(incident.classification))],
        Column::Shown(Shown::Determination) => vec![("determination", json!(incident.determination))],
        Column::Shown(Shown::FollowUp) => vec![("followUpDate", json!(incident.follow_up_at.map(date)))],
        Column::Shown(Shown::Incident | Shown::Techniques | Shown::LinkedBy | Shown::Times) => Vec::new(),
        Column::Resolved => vec![("resolvedDateTime", json!(incident.resolved_at.map(time)))],
        Column::ResolvingNote => vec![("resolvingComment", json!(incident.resolving_note))],
    }
}

fn names(tags: &[Tag], wanted: impl Fn(&Tag) -> bool) -> Vec<String> {
    tags.iter().filter(|tag| wanted(tag)).map(|tag| tag.name.clone()).collect()
}

/// The assets whose names are known, and how many there are besides.
fn assets(row: &QueueRow) -> Vec<String> {
    let scope = &row.incident.scope;
    let mut known: Vec<String> = scope.devices.iter().chain(&scope.users).chain(&scope.mailboxes).cloned().collect();
    let more = unnamed_assets(row);
    if more > 0 {
        known.push(format!("{more} more"));
    }
    known
}

/// A time in whole seconds: spreadsheets read no fractions of a second.
pub(super) fn seconds(micros: i64) -> String {
    time(micros.div_euclid(clock::SECOND) * clock::SECOND)
}

pub(super) fn time(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_in_the_order_asked_and_unknown_ones_are_refused() {
        let columns = |text: &str| columns(List::Incidents, text);
        assert_eq!(columns("id, name,id").unwrap(), [Column::Shown(Shown::Id), Column::Shown(Shown::Name)]);
        assert_eq!(columns("").unwrap().len(), Column::all(List::Incidents).len());
        assert!(columns("id,colour").is_err());
        assert!(columns("linkedBy").is_err(), "a column of alerts");
    }
}
