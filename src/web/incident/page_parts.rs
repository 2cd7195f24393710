//! The parts of the incident page: its tabs, the kill chain, the entities.

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
    /// The tabs; the first is the page's own address.
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

/// A tab's link.
#[derive(Debug, Clone)]
pub struct TabLink {
    pub label: &'static str,
    pub count: Option<i64>,
    pub href: String,
    pub current: bool,
    /// The live counter that keeps the number true.
    pub live: &'static str,
}

/// One stage of the kill chain, for the summary.
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
    /// Who marked it, and when.
    pub marked: Option<(String, ShownTime)>,
}

/// A tab's address.
pub fn href(id: i64, tab: Tab) -> String {
    match tab {
        Tab::Summary => paths::incident(id),
        tab => paths::incident_tab(id, tab.as_str()),
    }
}

/// The history before an entry.
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

/// How many alerts each tactic has, in kill-chain order, and the categories that are no tactics.
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

/// An entity as a tab shows it, with the queue of every incident that has it.
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
        facts: entity.facts.clone(),
        queue_href: parameter
            .map(|name| query::link("/incidents", std::iter::once((name, entity.name.as_str())).chain(everything))),
    }
}
