//! Parts of the incident page: tabs, kill chain, entities.

use crate::accounts::setting_changes::SettingChange;
use crate::history::timeline::Kinds;
use crate::incidents::overview::{IncidentEntity, Overview};
use crate::model::importance::Importance;
use crate::model::naming;
use crate::text::humanise;
use crate::web::shared::layout::Layout;
use crate::web::shared::time_format::ShownTime;
use crate::web::shared::{paths, query};

crate::text_enum! {
    /// The tabs, by the last part of their address. The first has the address of the incident.
    pub enum Tab {
        Summary = "" / "Summary",
        Alerts = "alerts" / "Alerts",
        Devices = "devices" / "Devices",
        Users = "users" / "Users",
        Mailboxes = "mailboxes" / "Mailboxes",
        Evidence = "evidence" / "Evidence",
        History = "history" / "Comments and history",
    }
}

/// The link to a tab.
#[derive(Debug, Clone)]
pub struct TabLink {
    pub label: &'static str,
    pub count: Option<i64>,
    pub href: String,
    pub current: bool,
    /// The value of the event stream that updates the number; empty for none.
    pub live: &'static str,
}

/// A stage of the kill chain, with the number of its alerts.
#[derive(Debug, Clone)]
pub struct StageView {
    pub label: String,
    pub alerts: i64,
}

/// An entity in a tab.
#[derive(Debug, Clone)]
pub struct EntityView {
    pub id: i64,
    pub kind: String,
    pub kind_value: String,
    pub name: String,
    pub alerts: i64,
    pub first: ShownTime,
    pub last: ShownTime,
    pub facts: Vec<(String, String)>,
    pub queue_href: Option<String>,
    pub importance: Importance,
    /// Who set the importance, and when.
    pub marked: Option<(String, ShownTime)>,
}

/// The address of a tab.
pub fn href(id: i64, tab: Tab) -> String {
    match tab {
        Tab::Summary => paths::incident(id),
        tab => paths::incident_tab(id, tab.as_str()),
    }
}

/// The address of the history before an entry.
pub fn older(id: i64, kinds: Kinds, before: i64) -> String {
    query::link(&href(id, Tab::History), [("show", kinds.as_str()), ("beforeEntry", before.to_string().as_str())])
}

/// The tabs with their counts.
pub fn tab_links(overview: &Overview, current: Tab, entry_count: i64) -> Vec<TabLink> {
    let incident = &overview.incident;
    Tab::ALL
        .iter()
        .map(|&tab| {
            let (count, live) = match tab {
                Tab::Summary => (None, ""),
                Tab::Alerts => (Some(incident.alert_count), "alertCount"),
                Tab::Devices => (Some(incident.device_count), "deviceCount"),
                Tab::Users => (Some(incident.user_count), "userCount"),
                Tab::Mailboxes => (Some(incident.mailbox_count), "mailboxCount"),
                Tab::Evidence => (Some(overview.evidence_count), ""),
                Tab::History => (Some(entry_count), "entryCount"),
            };
            TabLink { label: tab.label(), count, href: href(incident.id, tab), current: tab == current, live }
        })
        .collect()
}

/// The number of alerts of each tactic, in the order of the kill chain, then of all other categories.
pub fn stages(categories: &[(String, i64)]) -> (Vec<StageView>, Vec<StageView>) {
    let count = |stage: &str| {
        categories.iter().filter(|(category, _)| category.eq_ignore_ascii_case(stage)).map(|(_, alerts)| alerts).sum()
    };
    let chain =
        naming::stages().iter().map(|stage| StageView { label: humanise(stage), alerts: count(stage) }).collect();
    let others = categories
        .iter()
        .filter(|(category, _)| !category.is_empty() && naming::stage_order(category) >= naming::stages().len())
        .map(|(category, alerts)| StageView { label: humanise(category), alerts: *alerts })
        .collect();
    (chain, others)
}

/// Most characters of a fact in a list of entities; the pages of the alerts have all of it.
const FACT: usize = 300;

fn beginning(text: &str) -> String {
    match text.char_indices().nth(FACT) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// An entity in a tab, with the link to all incidents that have it.
pub fn entity_view(entity: &IncidentEntity, mark: Option<&SettingChange>, layout: &Layout) -> EntityView {
    let parameter = match entity.kind.as_str() {
        "device" => Some("device"),
        "user" | "mailbox" => Some("user"),
        _ => None,
    };
    let everything = [("status", "all"), ("severity", "all"), ("range", "all")];
    EntityView {
        id: entity.id,
        importance: entity.importance,
        marked: mark.map(|mark| (mark.actor_name.clone(), layout.zone.show(mark.at))),
        kind: humanise(&entity.kind),
        kind_value: entity.kind.clone(),
        name: entity.name.clone(),
        alerts: entity.alert_count,
        first: layout.zone.show(entity.first_seen),
        last: layout.zone.show(entity.last_seen),
        facts: entity.facts.iter().map(|(label, value)| (label.clone(), beginning(value))).collect(),
        queue_href: parameter
            .map(|name| query::link("/incidents", std::iter::once((name, entity.name.as_str())).chain(everything))),
    }
}
