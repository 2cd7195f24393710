//! The overview of a report in sentences.

use crate::incidents::overview::Overview;
use crate::model::naming;
use crate::text::{counted, humanise, source_label, thousands};
use crate::web::shared::choices::owner_name;
use crate::web::shared::defang::defanged;
use crate::web::shared::time_format::Zone;

/// What happened, where, and what came of it.
pub(super) fn overview(overview: &Overview, zone: &Zone) -> Vec<String> {
    let incident = &overview.incident;
    let sources: Vec<String> = incident.scope.service_sources.iter().map(|source| source_label(source)).collect();
    let reported = if sources.is_empty() { String::new() } else { format!(", reported by {}", sources.join(", ")) };
    let (first, last) = (zone.show(incident.first_activity).full, zone.show(incident.last_activity).full);
    let mut sentences = vec![
        format!(
            "{} severity incident with {}{reported}. First activity {first}, last activity {last}.",
            incident.severity.label(),
            counted(thousands(incident.alert_count), "alert")
        ),
        impact(overview),
    ];
    sentences.extend(tactics(&incident.scope.categories));
    let owner = match overview.owner.as_ref() {
        Some(_) => format!("It is assigned to {}.", owner_name(overview.owner.as_ref())),
        None => "It is not assigned.".to_owned(),
    };
    let outcome = if incident.outcome().is_set() {
        format!("Classified as {}.", incident.outcome().label())
    } else {
        "Not classified.".to_owned()
    };
    sentences.push(format!("Status: {}. {outcome} {owner}", incident.status.label()));
    if let Some(resolved) = incident.resolved_at {
        sentences.push(format!("Resolved {}.", zone.show(resolved).full));
    }
    sentences.extend(incident.resolving_note.iter().map(|note| format!("Resolution note: {}", defanged(note))));
    sentences
}

fn impact(overview: &Overview) -> String {
    let incident = &overview.incident;
    let counts =
        [(incident.device_count, "device"), (incident.user_count, "user"), (incident.mailbox_count, "mailbox")];
    let named: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(thousands(count), noun))
        .collect();
    if named.is_empty() {
        return "The alerts name no device, user or mailbox.".to_owned();
    }
    format!("Impacted: {}.", named.join(", "))
}

fn tactics(categories: &[String]) -> Option<String> {
    let mut tactics: Vec<&String> =
        categories.iter().filter(|category| naming::stage_order(category) < naming::stages().len()).collect();
    tactics.sort_by_key(|category| naming::stage_order(category));
    let names: Vec<String> = tactics.into_iter().map(|category| humanise(category)).collect();
    (!names.is_empty()).then(|| format!("Tactics, in the order of an attack: {}.", names.join(", ")))
}
