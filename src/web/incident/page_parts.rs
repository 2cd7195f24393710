//! Parts of the incident page: tabs, kill chain, and what of the history is asked for.

use actix_web::HttpRequest;

use crate::history::timeline::{Before, Kinds};
use crate::incidents::overview::Overview;
use crate::model::naming;
use crate::model::tag::Tag;
use crate::text::humanise;
use crate::web::shared::{paths, query};

crate::text_enum! {
    /// The tabs, by the last part of their address. The first has the address of the incident, too.
    pub enum Tab {
        Story = "story" / "Attack story",
        Summary = "summary" / "Summary",
        Alerts = "alerts" / "Alerts",
        Devices = "devices" / "Devices",
        Users = "users" / "Users",
        Mailboxes = "mailboxes" / "Mailboxes",
        Evidence = "evidence" / "Evidence",
        Similar = "similar" / "Similar incidents",
        Attachments = "attachments" / "Attachments",
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
    /// The list of these alerts.
    pub href: String,
}

/// The address of a tab.
pub fn href(id: i64, tab: Tab) -> String {
    match tab {
        Tab::Story => paths::incident(id),
        tab => paths::incident_tab(id, tab.as_str()),
    }
}

/// The address of the history before an entry.
pub fn older(id: i64, kinds: Kinds, before: i64) -> String {
    query::link(&href(id, Tab::History), [("show", kinds.as_str()), ("beforeEntry", before.to_string().as_str())])
}

/// The tabs with their counts.
pub fn tab_links(overview: &Overview, current: Tab, attachments: i64, entry_count: i64) -> Vec<TabLink> {
    let incident = &overview.incident;
    Tab::ALL
        .iter()
        .map(|&tab| {
            let (count, live) = match tab {
                Tab::Story | Tab::Summary | Tab::Similar => (None, ""),
                Tab::Alerts => (Some(incident.alert_count), "alertCount"),
                Tab::Devices => (Some(incident.device_count), "deviceCount"),
                Tab::Users => (Some(incident.user_count), "userCount"),
                Tab::Mailboxes => (Some(incident.mailbox_count), "mailboxCount"),
                Tab::Evidence => (Some(overview.evidence_count), ""),
                Tab::Attachments => (Some(attachments), "attachmentCount"),
                Tab::History => (Some(entry_count), "entryCount"),
            };
            TabLink { label: tab.label(), count, href: href(incident.id, tab), current: tab == current, live }
        })
        .collect()
}

/// The number of alerts of each tactic, in the order of the kill chain, then of all other categories.
pub fn stages(incident: i64, categories: &[(String, i64)]) -> (Vec<StageView>, Vec<StageView>) {
    let path = href(incident, Tab::Alerts);
    let view = |category: &str, alerts| StageView {
        label: humanise(category),
        alerts,
        href: query::link(&path, [("category", category)]),
    };
    let count = |stage: &str| {
        categories.iter().filter(|(category, _)| category.eq_ignore_ascii_case(stage)).map(|(_, alerts)| alerts).sum()
    };
    let chain = naming::stages().iter().map(|stage| view(stage, count(stage))).collect();
    let others = categories
        .iter()
        .filter(|(category, _)| !category.is_empty() && naming::stage_order(category) >= naming::stages().len())
        .map(|(category, alerts)| view(category, *alerts))
        .collect();
    (chain, others)
}

/// The entry before which the shown page of history ends. Links of earlier versions name a revision.
pub fn before(request: &HttpRequest) -> Option<Before> {
    let number = |name| query::value(request, name).and_then(|text| text.parse().ok());
    number("beforeEntry").map(Before::Entry).or_else(|| number("before").map(Before::Revision))
}

/// The one entry that is shown, and how many of its alerts were shown before.
pub fn entry(request: &HttpRequest) -> Option<(i64, usize)> {
    let id = query::value(request, "of")?.parse().ok()?;
    Some((id, query::value(request, "skip").and_then(|text| text.parse().ok()).unwrap_or(0)))
}

/// The names of system tags, and of the others.
pub fn tag_names(tags: &[Tag]) -> (Vec<String>, Vec<String>) {
    let names = |system: bool| tags.iter().filter(|tag| tag.system == system).map(|tag| tag.name.clone()).collect();
    (names(true), names(false))
}
