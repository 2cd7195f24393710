//! Entries of Comments and history as pages show them and as streams send them.

use std::collections::HashMap;

use askama::Template;

use crate::error::Result;
use crate::history::timeline::Entry;
use crate::history::wording;
use crate::model::change::Change;
use crate::model::user::User;
use crate::text::counted;
use crate::web::shared::incident_links::LinkedText;
use crate::web::shared::markup::Markup;
use crate::web::shared::time_format::{ShownTime, Zone};
use crate::web::shared::{incident_links, paths};

/// An entry of Comments and history.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// What a stream resumes after: the revision, or on an alert's page the entry's id.
    pub event_id: i64,
    pub dom_id: i64,
    pub who: String,
    pub initials: String,
    pub machine: bool,
    pub when: ShownTime,
    pub sentence: Vec<LinkedText>,
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

fn sentence(entry: &Entry, people: &HashMap<i64, User>) -> Vec<LinkedText> {
    // An incident that was merged leads on to where it went; its history stays readable where it was.
    let page = if matches!(entry.change, Change::Merged { .. }) { "/history" } else { "" };
    incident_links::linked(wording::entry_parts(entry, people), page)
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
