//! What a file has of each alert.

use serde_json::{Value, json};

use crate::queue::alert_rows::AlertRow;
use crate::queue::columns::Column as Shown;
use crate::queue::export::columns::{Column, seconds, time};
use crate::queue::export::spreadsheet::safe_text;

/// The cell of a row; none for a column that alerts do not have.
pub(super) fn cell(column: Column, row: &AlertRow) -> Option<String> {
    let alert = &row.alert;
    let list = |values: &[String]| safe_text(&values.join(", "));
    Some(match column {
        Column::Shown(Shown::Name) => safe_text(&alert.title),
        Column::Shown(Shown::Id) => alert.id.to_string(),
        Column::Shown(Shown::Incident) => alert.incident_id.to_string(),
        Column::Shown(Shown::Severity) => alert.severity.label().to_owned(),
        Column::Shown(Shown::Status) => alert.status.label().to_owned(),
        Column::Shown(Shown::AssignedTo) => {
            row.owner.as_ref().map(|owner| safe_text(&owner.shown_name())).unwrap_or_default()
        }
        Column::Shown(Shown::LastUpdate) => seconds(alert.updated_at),
        Column::Shown(Shown::Created) => seconds(alert.created_at),
        Column::Shown(Shown::Categories) => safe_text(&alert.category),
        Column::Shown(Shown::Techniques) => list(&alert.techniques.0),
        Column::Shown(Shown::Assets) => list(&assets(row)),
        Column::Shown(Shown::LinkedBy) => safe_text(&alert.linked_by.explanation),
        Column::Shown(Shown::ServiceSources) => safe_text(&alert.service_source),
        Column::Shown(Shown::DetectionSources) => safe_text(&alert.detection_source),
        Column::Shown(Shown::Products) => safe_text(&alert.product),
        Column::Shown(Shown::FirstActivity) => seconds(alert.first_activity),
        Column::Shown(Shown::LastActivity) => seconds(alert.last_activity),
        Column::Shown(Shown::Classification) => alert.classification.label().to_owned(),
        Column::Shown(Shown::Determination) => alert.determination.label().to_owned(),
        Column::Shown(Shown::Times) => alert.occurrences.to_string(),
        Column::Resolved => alert.resolved_at.map(seconds).unwrap_or_default(),
        Column::Shown(Shown::Priority | Shown::Tags | Shown::Alerts | Shown::FollowUp) | Column::ResolvingNote => {
            return None;
        }
    })
}

/// The field of a row by its name in the Graph API, where it has one.
pub(super) fn field(column: Column, row: &AlertRow) -> Option<(&'static str, Value)> {
    let alert = &row.alert;
    Some(match column {
        Column::Shown(Shown::Name) => ("title", json!(alert.title)),
        Column::Shown(Shown::Id) => ("id", json!(alert.id)),
        Column::Shown(Shown::Incident) => ("incidentId", json!(alert.incident_id)),
        Column::Shown(Shown::Severity) => ("severity", json!(alert.severity)),
        Column::Shown(Shown::Status) => ("status", json!(alert.status)),
        Column::Shown(Shown::AssignedTo) => ("assignedTo", json!(row.owner.as_ref().map(|owner| &owner.name))),
        Column::Shown(Shown::LastUpdate) => ("lastUpdateDateTime", json!(time(alert.updated_at))),
        Column::Shown(Shown::Created) => ("createdDateTime", json!(time(alert.created_at))),
        Column::Shown(Shown::Categories) => ("category", json!(alert.category)),
        Column::Shown(Shown::Techniques) => ("mitreTechniques", json!(alert.techniques.0)),
        Column::Shown(Shown::Assets) => ("impactedAssets", json!(assets(row))),
        Column::Shown(Shown::LinkedBy) => ("linkedBy", json!(alert.linked_by.explanation)),
        Column::Shown(Shown::ServiceSources) => ("serviceSource", json!(alert.service_source)),
        Column::Shown(Shown::DetectionSources) => ("detectionSource", json!(alert.detection_source)),
        Column::Shown(Shown::Products) => ("productName", json!(alert.product)),
        Column::Shown(Shown::FirstActivity) => ("firstActivityDateTime", json!(time(alert.first_activity))),
        Column::Shown(Shown::LastActivity) => ("lastActivityDateTime", json!(time(alert.last_activity))),
        Column::Shown(Shown::Classification) => ("classification", json!(alert.classification)),
        Column::Shown(Shown::Determination) => ("determination", json!(alert.determination)),
        Column::Shown(Shown::Times) => ("occurrences", json!(alert.occurrences)),
        Column::Resolved => ("resolvedDateTime", json!(alert.resolved_at.map(time))),
        Column::Shown(Shown::Priority | Shown::Tags | Shown::Alerts | Shown::FollowUp) | Column::ResolvingNote => {
            return None;
        }
    })
}

fn assets(row: &AlertRow) -> Vec<String> {
    let assets = &row.alert.assets;
    assets.devices.iter().chain(&assets.users).chain(&assets.mailboxes).cloned().collect()
}
