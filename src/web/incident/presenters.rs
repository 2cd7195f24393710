//! Rows and entries as templates take them: texts ready, times in the viewer's zone.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;

use crate::error::Result;
use crate::history::timeline::Entry;
use crate::history::wording;
use crate::model::alert::{Alert, Assets};
use crate::model::change::Change;
use crate::model::incident::Incident;
use crate::model::outcome::Determination;
use crate::model::priority::Band;
use crate::model::severity::Severity;
use crate::model::tag::Tag;
use crate::model::user::User;
use crate::queue::columns::Column;
use crate::queue::page::QueueRow;
use crate::text::{counted, humanise, thousands};
use crate::web::shared::incident_links::{self, Piece};
use crate::web::shared::markup::Markup;
use crate::web::shared::paths;
use crate::web::shared::time_format::{Moment, Zone};

/// One line of "Impacted assets": what kind, who, and how many more.
#[derive(Debug, Clone)]
pub struct AssetView {
    pub kind: &'static str,
    pub names: String,
    pub more: i64,
}

/// The assets of an incident, at most one line a kind.
pub fn assets_of(incident: &Incident) -> Vec<AssetView> {
    [
        ("device", &incident.scope.devices, incident.device_count),
        ("user", &incident.scope.users, incident.user_count),
        ("mailbox", &incident.scope.mailboxes, incident.mailbox_count),
    ]
    .into_iter()
    .filter(|(_, names, _)| !names.is_empty())
    .map(|(kind, names, count)| {
        let first = names.first().cloned().unwrap_or_default();
        AssetView { kind, names: first, more: count - 1 }
    })
    .collect()
}

/// The assets of an alert, by name.
pub fn assets_text(assets: &Assets) -> String {
    let all: Vec<&str> =
        assets.devices.iter().chain(&assets.users).chain(&assets.mailboxes).map(String::as_str).collect();
    all.join(", ")
}

/// A queue row.
#[derive(Debug, Clone)]
pub struct RowView {
    /// What of it is shown, in this order.
    pub columns: Arc<[Column]>,
    pub id: i64,
    pub name: String,
    pub page_href: String,
    pub pane_href: String,
    pub selected: bool,
    pub severity: Severity,
    pub priority: i64,
    pub band: Band,
    pub status: &'static str,
    pub status_value: &'static str,
    pub categories: String,
    pub categories_more: usize,
    pub assets: Vec<AssetView>,
    pub tags: Vec<Tag>,
    pub active: String,
    pub sources: String,
    pub sources_more: usize,
    pub detections: String,
    pub detections_more: usize,
    pub products: String,
    pub products_more: usize,
    pub first: Moment,
    pub last: Moment,
    pub created: Moment,
    pub updated: Moment,
    pub owner: String,
    pub classification: String,
    pub determination: &'static str,
}

impl RowView {
    pub fn new(row: &QueueRow, zone: &Zone, columns: &Arc<[Column]>, pane_href: String, selected: bool) -> Self {
        let incident = &row.incident;
        let (categories, categories_more) = first_two(&incident.scope.categories);
        let (sources, sources_more) = first_two(&incident.scope.service_sources);
        let (detections, detections_more) = first_two(&incident.scope.detection_sources);
        let (products, products_more) = first_two(&incident.scope.products);
        Self {
            columns: Arc::clone(columns),
            id: incident.id,
            name: incident.name.clone(),
            page_href: paths::incident(incident.id),
            pane_href,
            selected,
            severity: incident.severity,
            priority: incident.priority,
            band: Band::of(incident.priority),
            status: incident.status.label(),
            status_value: incident.status.as_str(),
            categories,
            categories_more,
            assets: assets_of(incident),
            tags: row.tags.clone(),
            active: format!("{}/{}", incident.open_alert_count, incident.alert_count),
            sources,
            sources_more,
            detections,
            detections_more,
            products,
            products_more,
            first: zone.show(incident.first_activity),
            last: zone.show(incident.last_activity),
            created: zone.show(incident.created_at),
            updated: zone.show(incident.updated_at),
            owner: row.owner.as_ref().map_or_else(|| "Unassigned".to_owned(), |user| user.display_name.clone()),
            classification: incident.outcome().label(),
            determination: if incident.determination == Determination::Unknown {
                ""
            } else {
                incident.determination.label()
            },
        }
    }
}

fn first_two(values: &[String]) -> (String, usize) {
    let shown: Vec<String> = values.iter().take(2).map(|value| humanise(value)).collect();
    (shown.join(", "), values.len().saturating_sub(2))
}

/// An alert in a list.
#[derive(Debug, Clone)]
pub struct AlertView {
    pub id: i64,
    pub incident_id: i64,
    pub title: String,
    pub href: String,
    pub severity: Severity,
    pub status: &'static str,
    pub status_value: &'static str,
    pub category: String,
    pub techniques: String,
    pub assets: String,
    pub linked_by: String,
    /// Graph's correlation reasons, in words.
    pub reasons: Vec<String>,
    /// Other incidents that it might have joined, and why it did not.
    pub considered: Vec<Vec<Piece>>,
    pub source: String,
    pub detection: String,
    pub owner: String,
    pub first: Moment,
    pub last: Moment,
    pub updated: Moment,
    pub occurrences: i64,
    /// "seen 1,204 times", empty when it was once.
    pub seen: String,
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
            status: alert.status.label(),
            status_value: alert.status.as_str(),
            category: humanise(&alert.category),
            techniques: alert.techniques.0.join(", "),
            assets: assets_text(&alert.assets),
            linked_by: alert.linked_by.explanation.clone(),
            reasons: alert.linked_by.reasons_in_words(),
            considered: alert.linked_by.considered.iter().map(|line| incident_links::leading(line)).collect(),
            source: humanise(&alert.service_source),
            detection: humanise(&alert.detection_source),
            owner: owner.map_or_else(|| "Unassigned".to_owned(), |user| user.display_name.clone()),
            first: zone.show(alert.first_activity),
            last: zone.show(alert.last_activity),
            updated: zone.show(alert.updated_at),
            occurrences: alert.occurrences,
            seen: seen(alert.occurrences),
            classification: alert.outcome().label(),
        }
    }
}

fn seen(occurrences: i64) -> String {
    if occurrences > 1 { format!("seen {} times", thousands(occurrences)) } else { String::new() }
}

/// An entry of Comments and history.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// What a stream resumes after: the revision, or on an alert's page the entry's id.
    pub event_id: i64,
    pub dom_id: i64,
    pub who: String,
    pub initials: String,
    pub machine: bool,
    pub when: Moment,
    pub sentence: Vec<Piece>,
    /// The incident that it happened in, when it was merged into the one that is looked at (R11).
    pub from: Option<i64>,
    pub undo: Option<Undo>,
    pub body: Option<Markup>,
    pub alert: Option<(String, String)>,
    pub followed: String,
    /// What the history's filter knows it as: "comment", "change", "alert".
    pub kinds: &'static str,
    /// An alert that came in, which may be folded with others.
    folds: bool,
}

/// The button that undoes an operation.
#[derive(Debug, Clone)]
pub struct Undo {
    pub operation: i64,
    pub csrf: String,
    /// The act was on several incidents, and all of them go back.
    pub of_many: bool,
}

/// Who looks at entries, and where.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub zone: &'a Zone,
    pub people: &'a HashMap<i64, User>,
    /// The incident whose history is shown; none on an alert's own page.
    pub incident: Option<i64>,
    /// What forms carry against forged requests; none for people who may not work.
    pub csrf: Option<&'a str>,
}

/// Entries that are shown one after another: one alone, or a run of arrivals folded into a line.
#[derive(Debug, Clone)]
pub struct EntryRun {
    pub summary: String,
    pub entries: Vec<EntryView>,
}

/// Arrivals in a row from which on they are folded.
const FOLDED_FROM: usize = 4;

/// Folds long runs of alerts that came in, so that what people said and did can be found.
pub fn runs(entries: Vec<EntryView>) -> Vec<EntryRun> {
    let mut runs: Vec<EntryRun> = Vec::new();
    for entry in entries {
        match runs.last_mut() {
            Some(run) if entry.folds && run.entries.iter().all(|known| known.folds) => run.entries.push(entry),
            _ => runs.push(EntryRun { summary: String::new(), entries: vec![entry] }),
        }
    }
    for run in &mut runs {
        if run.entries.len() >= FOLDED_FROM {
            run.summary = format!("{} alerts added", run.entries.len());
        }
    }
    runs
}

impl EntryView {
    pub fn new(entry: &Entry, viewer: Viewer<'_>) -> Self {
        let Viewer { zone, people, incident, csrf } = viewer;
        let of_alert = incident.is_none();
        let who = entry.actor(people);
        let from = incident.filter(|shown| *shown != entry.incident_id).map(|_| entry.incident_id);
        let body = match &entry.change {
            Change::Commented { body, .. } => Some(Markup::from_markdown(body)),
            _ => None,
        };
        let alert = match (entry.alert_id, &entry.alert_title) {
            (Some(id), Some(title)) if !of_alert => Some((paths::alert(id), title.clone())),
            _ => None,
        };
        Self {
            event_id: if of_alert { entry.id } else { entry.revision },
            dom_id: entry.id,
            initials: initials(&who),
            machine: entry.actor_kind != "person",
            who,
            when: zone.show(entry.at),
            sentence: sentence(entry, people),
            from,
            // In an incident that was merged in turn there is nothing to undo before that.
            undo: match (entry.undoable, csrf, from) {
                (Some((operation, incidents)), Some(csrf), None) => {
                    Some(Undo { operation, csrf: csrf.to_owned(), of_many: incidents > 1 })
                }
                _ => None,
            },
            body,
            alert,
            followed: followed(entry),
            kinds: match (&entry.change, entry.alert_id) {
                (Change::Commented { .. }, None) => "comment",
                (Change::Commented { .. }, Some(_)) => "comment alert",
                (_, Some(_)) => "alert",
                (_, None) => "change",
            },
            folds: matches!(entry.change, Change::AlertAdded { .. }),
        }
    }
}

fn sentence(entry: &Entry, people: &HashMap<i64, User>) -> Vec<Piece> {
    let change = &entry.change;
    let text = wording::told(entry, people);
    match (change.other_incident(), change) {
        // One that was merged leads on to where it went; its history stays readable where it was.
        (Some(id), Change::Merged { .. }) => incident_links::mention(&text, id, &paths::incident_tab(id, "history")),
        (Some(id), _) => incident_links::mention(&text, id, &paths::incident(id)),
        (None, _) => vec![Piece { text, href: String::new() }],
    }
}

fn followed(entry: &Entry) -> String {
    match (&entry.change, entry.followed_by) {
        // The sentence itself counts them.
        (_, 0) | (Change::Merged { .. } | Change::MergeUndone { .. }, _) => String::new(),
        (Change::StatusSet { .. }, count) => format!("{} with it", count_alerts(count, "changed")),
        (Change::Classified { .. }, count) => format!("{} with it", count_alerts(count, "classified")),
        (Change::Assigned { .. }, count) => format!("{} along", count_alerts(count, "came")),
        (Change::Restored { .. }, count) => count_alerts(count, "came back"),
        (_, count) => count_alerts(count, "followed"),
    }
}

fn count_alerts(count: i64, verb: &str) -> String {
    format!("{} {verb}", counted(count, "alert"))
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next().unwrap_or('?');
    match words.next_back() {
        Some(last) => format!("{first}{last}").to_uppercase(),
        None => first.to_uppercase().to_string(),
    }
}

/// An entry alone: what a stream sends is what a page shows.
#[derive(Template)]
#[template(path = "incident/_entry.html")]
pub struct EntryFragment {
    pub entry: EntryView,
}

impl EntryFragment {
    pub fn render_text(&self) -> Result<String> {
        self.render().map_err(crate::error::Error::internal)
    }
}
