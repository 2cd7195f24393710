//! An alert as lists of alerts show it.

use std::collections::HashMap;

use crate::model::alert::{Alert, AlertStatus, Assets};
use crate::model::severity::Severity;
use crate::model::user::User;
use crate::text::{counted, humanise, source_label, thousands};
use crate::web::shared::choices::owner_name;
use crate::web::shared::impacted_assets::short_name;
use crate::web::shared::incident_links::LinkedText;
use crate::web::shared::technique_view::TechniqueView;
use crate::web::shared::time_format::{ShownTime, Zone};
use crate::web::shared::{incident_links, paths};

/// Assets that a list names of one alert.
const ASSETS: usize = 10;

fn assets_text(assets: &Assets) -> String {
    let mailboxes = || assets.mailboxes.iter().filter(|mailbox| !assets.users.contains(mailbox));
    let all = || assets.devices.iter().chain(&assets.users).chain(mailboxes()).map(String::as_str);
    let shown = all().take(ASSETS).collect::<Vec<_>>().join(", ");
    match all().count().saturating_sub(ASSETS) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn first_asset(assets: &Assets) -> String {
    let named = [("device", &assets.devices), ("user", &assets.users), ("mailbox", &assets.mailboxes)];
    let mut all = named.into_iter().flat_map(|(kind, names)| names.iter().map(move |name| short_name(kind, name)));
    let first = all.next().unwrap_or_default();
    match all.count() {
        0 => first,
        more => format!("{first} +{more}"),
    }
}

/// "60 alerts", or "60 alerts, 59 open" where some are.
pub fn alerts_and_open(count: i64, open: i64) -> String {
    let all = counted(thousands(count), "alert");
    if open == count || open == 0 { all } else { format!("{all}, {} open", thousands(open)) }
}

/// An alert in a list.
#[derive(Debug, Clone)]
pub struct AlertView {
    pub id: i64,
    pub incident_id: i64,
    pub title: String,
    pub href: String,
    pub severity: Severity,
    /// Whether its source gave the severity.
    pub severity_given: bool,
    pub status: &'static str,
    pub status_value: &'static str,
    pub category: String,
    pub techniques: Vec<TechniqueView>,
    pub assets: String,
    /// The first asset in short, and how many more there are: "ws-4 +2".
    pub first_asset: String,
    pub linked_by: String,
    /// The correlation reasons of Microsoft Graph, as text.
    pub reasons: Vec<String>,
    /// Other incidents that correlation considered, and why it did not choose them.
    pub considered: Vec<Vec<LinkedText>>,
    pub source: String,
    pub detection: String,
    pub owner: String,
    pub first: ShownTime,
    pub last: ShownTime,
    pub updated: ShownTime,
    pub occurrences: i64,
    /// "seen 1,204 times"; empty if once.
    pub occurrences_text: String,
    pub classification: String,
}

impl AlertView {
    pub fn new(alert: &Alert, zone: &Zone, people: &HashMap<i64, User>) -> Self {
        let owner = alert.assigned_to.and_then(|id| people.get(&id));
        Self {
            id: alert.id,
            incident_id: alert.incident_id,
            title: alert.title.clone(),
            href: paths::alert(alert.id),
            severity: alert.severity,
            severity_given: alert.severity_given,
            status: alert.status.label(),
            status_value: alert.status.as_str(),
            category: humanise(&alert.category),
            techniques: alert.techniques.0.iter().map(|id| TechniqueView::new(id)).collect(),
            assets: assets_text(&alert.assets),
            first_asset: first_asset(&alert.assets),
            linked_by: alert.linked_by.explanation.clone(),
            reasons: alert.linked_by.reasons_in_words(),
            considered: alert.linked_by.considered.iter().map(|line| incident_links::leading(line)).collect(),
            source: source_label(&alert.service_source),
            detection: source_label(&alert.detection_source),
            owner: owner_name(owner),
            first: zone.show(alert.first_activity),
            last: zone.show(alert.last_activity),
            updated: zone.show(alert.updated_at),
            occurrences: alert.occurrences,
            occurrences_text: occurrences_text(alert.occurrences),
            classification: alert.outcome().label(),
        }
    }
}

impl AlertView {
    pub fn is_resolved(&self) -> bool {
        self.status_value == AlertStatus::Resolved.as_str()
    }
}

fn occurrences_text(occurrences: i64) -> String {
    if occurrences > 1 { format!("seen {} times", thousands(occurrences)) } else { String::new() }
}
