//! A report as JSON, with the values that Microsoft Graph has for them. Nothing is defanged: programs read it.

use serde_json::{Value, json};

use crate::attachments::Attachment;
use crate::clock;
use crate::history::wording;
use crate::incidents::entity_list::EntityList;
use crate::incidents::report::Report;
use crate::model::change::Change;
use crate::web::incident::report::sections::Section;

pub(super) fn write(report: &Report, sections: &[Section]) -> Value {
    let incident = &report.overview.incident;
    let mut value = json!({
        "asOf": time(clock::now()),
        "id": incident.id.to_string(),
        "displayName": incident.name,
        "severity": incident.severity.as_str(),
        "status": incident.status.as_str(),
        "classification": incident.classification.as_str(),
        "determination": incident.determination.as_str(),
        "assignedTo": report.overview.owner.as_ref().map(|owner| &owner.name),
        "resolvingComment": incident.resolving_note,
        "customTags": tags(report, false),
        "systemTags": tags(report, true),
        "priorityScore": incident.priority,
        "createdDateTime": time(incident.created_at),
        "lastUpdateDateTime": time(incident.updated_at),
        "firstActivityDateTime": time(incident.first_activity),
        "lastActivityDateTime": time(incident.last_activity),
        "resolvedDateTime": incident.resolved_at.map(time),
        "alertCount": incident.alert_count,
        // Lists that are shorter than these are cut.
        "assetCount": report.assets.total,
        "evidenceCount": report.evidence.total,
        "historyCount": report.entry_count,
    });
    let mut add = |name: &str, part: Value| {
        if let Some(members) = value.as_object_mut() {
            members.insert(name.to_owned(), part);
        }
    };
    for section in sections {
        match section {
            Section::Overview | Section::Timeline => {}
            Section::Assets => add("assets", entities(&report.assets)),
            Section::Evidence => add("evidence", entities(&report.evidence)),
            Section::Alerts => add("alerts", alerts(report)),
            Section::Attachments => add("attachments", attachments(report)),
            Section::History => add("history", history(report)),
        }
    }
    value
}

fn time(at: i64) -> String {
    jiff::Timestamp::from_microsecond(at).unwrap_or_default().to_string()
}

fn tags(report: &Report, system: bool) -> Vec<&str> {
    report.overview.tags.iter().filter(|tag| tag.system == system).map(|tag| tag.name.as_str()).collect()
}

fn entities(list: &EntityList) -> Value {
    list.entities
        .iter()
        .map(|entity| {
            json!({
                "id": entity.id.to_string(),
                "kind": entity.kind,
                "name": entity.name,
                "note": entity.known.note,
                "tags": entity.known.tags,
                "importance": entity.importance.as_str(),
                "verdict": entity.verdict,
                "facts": entity.facts.iter().map(|(label, value)| json!({"label": label, "value": value})).collect::<Vec<_>>(),
                "alertCount": entity.alert_count,
                "firstSeenDateTime": time(entity.first_seen),
                "lastSeenDateTime": time(entity.last_seen),
            })
        })
        .collect()
}

fn alerts(report: &Report) -> Value {
    report
        .alerts
        .iter()
        .map(|alert| {
            json!({
                "id": alert.id.to_string(),
                "providerAlertId": alert.provider_alert_id,
                "title": alert.title,
                "description": report.descriptions.get(&alert.id),
                "severity": alert.severity.as_str(),
                "status": alert.status.as_str(),
                "classification": alert.classification.as_str(),
                "determination": alert.determination.as_str(),
                "category": alert.category,
                "mitreTechniques": alert.techniques,
                "serviceSource": alert.service_source,
                "detectionSource": alert.detection_source,
                "firstActivityDateTime": time(alert.first_activity),
                "lastActivityDateTime": time(alert.last_activity),
            })
        })
        .collect()
}

fn attachments(report: &Report) -> Value {
    let people = &report.overview.people;
    let file = |file: &Attachment| {
        json!({
            "id": file.id.to_string(),
            "name": file.name,
            "mediaType": file.content.media_type,
            "size": file.size,
            "sha256": file.sha256,
            "attachedBy": file.author(people),
            "attachedDateTime": time(file.at),
        })
    };
    report.attachments.iter().map(file).collect()
}

fn history(report: &Report) -> Value {
    let people = &report.overview.people;
    report
        .entries
        .iter()
        .map(|entry| {
            let words: String = wording::entry_parts(entry, people).into_iter().map(|part| part.text).collect();
            let comment = match &entry.change {
                Change::Commented { body, .. } => Some(body),
                _ => None,
            };
            json!({
                "id": entry.id.to_string(),
                "dateTime": time(entry.at),
                "by": entry.actor(people),
                "kind": entry.change.kind(),
                "alertId": entry.alert_id.map(|id| id.to_string()),
                "text": words,
                "comment": comment,
                "editedDateTime": entry.edited.map(time),
            })
        })
        .collect()
}
