//! Entries of Comments and history, as pages show them and event streams send them.

use std::collections::HashMap;

use askama::Template;

use crate::error::Result;
use crate::history::entry::{Entry, Part, Parts};
use crate::history::wording;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::incident::Status;
use crate::model::user::User;
use crate::text::{counted, initials, thousands};
use crate::web::shared::entry_links::EntryLinks;
use crate::web::shared::incident_links::LinkedText;
use crate::web::shared::markup::Markup;
use crate::web::shared::time_format::{ShownTime, Zone};
use crate::web::shared::{incident_links, paths, query};

/// An entry of Comments and history.
#[derive(Debug, Clone)]
pub struct EntryView {
    pub event_id: i64,
    pub dom_id: i64,
    pub who: String,
    pub initials: String,
    pub machine: bool,
    pub when: ShownTime,
    pub sentence: Vec<LinkedText>,
    /// The incident of the entry, if that was merged into the one that is shown (R11).
    pub from: Option<i64>,
    pub undo: Option<Undo>,
    pub body: Option<Markup>,
    /// Whether it is the edit of a comment, whose new text it has.
    pub is_edit: bool,
    /// The earlier texts of a comment that was edited, each with its time.
    pub earlier: Vec<(ShownTime, Markup)>,
    pub edited: Option<ShownTime>,
    pub links: EntryLinks,
    pub alert: Option<(String, String)>,
    pub parts: Option<PartsView>,
    /// For the filter of the history: "comment", "change" or "alert", or several with spaces.
    pub kinds: &'static str,
    /// An alert that was added; many in a row are shown as one line.
    pub(in crate::web) folds: bool,
}

/// The alerts that an entry opens to.
#[derive(Debug, Clone)]
pub struct PartsView {
    pub summary: String,
    /// The summary says more than that the alerts are listed.
    pub has_own_words: bool,
    pub lines: Vec<PartLine>,
    /// How many alerts are not listed, such as "and 400 more"; empty for none.
    pub more: String,
    /// The address with those alerts.
    pub more_href: String,
    pub open: bool,
}

/// An alert, and what happened to it.
#[derive(Debug, Clone)]
pub struct PartLine {
    pub href: String,
    pub title: String,
    pub text: String,
}

/// The button that undoes an operation.
#[derive(Debug, Clone)]
pub struct Undo {
    pub operation: i64,
    /// The CSRF token of the viewer's session; none where a script adds it.
    pub csrf: Option<String>,
    /// How many incidents the operation changed; undo restores all of them.
    pub incidents: i64,
}

/// Whether entries have forms that undo their operation.
#[derive(Debug, Clone, Copy)]
pub enum UndoForms<'a> {
    /// For people who may not change anything.
    None,
    WithToken(&'a str),
    /// For several people at once: the script of each adds the token of its session.
    WithoutToken,
}

impl<'a> From<Option<&'a str>> for UndoForms<'a> {
    fn from(token: Option<&'a str>) -> Self {
        token.map_or(Self::None, Self::WithToken)
    }
}

impl UndoForms<'_> {
    fn of(self, operation: i64, incidents: i64) -> Option<Undo> {
        let csrf = match self {
            Self::None => return None,
            Self::WithToken(token) => Some(token.to_owned()),
            Self::WithoutToken => None,
        };
        Some(Undo { operation, csrf, incidents })
    }
}

/// For whom and where entries are shown.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub zone: &'a Zone,
    pub people: &'a HashMap<i64, User>,
    /// The incident whose history is shown; none on the page of an alert.
    pub incident: Option<i64>,
    /// Who reads; none where several people read the same.
    pub reader: Option<&'a Actor>,
    pub undo_forms: UndoForms<'a>,
}

impl EntryView {
    /// The id of an entry's event, after which a stream resumes: the revision of the incident, or on the page of an
    /// alert the id of the entry.
    pub fn event_id(entry: &Entry, viewer: Viewer<'_>) -> i64 {
        if viewer.incident.is_none() { entry.id } else { entry.revision }
    }

    pub fn new(entry: &Entry, viewer: Viewer<'_>) -> Self {
        let Viewer { zone, people, incident, undo_forms, reader } = viewer;
        let of_alert = incident.is_none();
        let who = entry.actor(people);
        let from = incident.filter(|shown| *shown != entry.incident_id).map(|_| entry.incident_id);
        let body = match &entry.change {
            Change::Commented { body, .. } | Change::CommentEdited { body, .. } => {
                Some(Markup::of_comment(body, people))
            }
            _ => None,
        };
        let alert = match (entry.alert_id, &entry.alert_title) {
            (Some(id), Some(title)) if !of_alert => Some((paths::alert(id), title.clone())),
            _ => None,
        };
        Self {
            event_id: Self::event_id(entry, viewer),
            dom_id: entry.id,
            initials: initials(&who),
            machine: entry.actor_kind != "person",
            who,
            when: zone.show(entry.at),
            sentence: sentence(entry, people),
            from,
            // What happened before a merge cannot be undone before the merge is.
            undo: match (entry.undoable, from) {
                (Some((operation, incidents)), None) => undo_forms.of(operation, incidents),
                _ => None,
            },
            body,
            is_edit: matches!(entry.change, Change::CommentEdited { .. }),
            earlier: entry
                .earlier
                .iter()
                .map(|one| (zone.show(one.at), Markup::of_comment(&one.body, people)))
                .collect(),
            edited: entry.edited.map(|at| zone.show(at)),
            links: EntryLinks::new(entry, incident, !matches!(undo_forms, UndoForms::None), reader),
            alert,
            parts: PartsView::new(entry, people),
            kinds: kinds(entry),
            folds: matches!(entry.change, Change::AlertAdded { .. }),
        }
    }
}

/// What of the history's filter an entry is.
fn kinds(entry: &Entry) -> &'static str {
    match (&entry.change, entry.alert_id) {
        (Change::Commented { .. } | Change::CommentEdited { .. }, None) => "comment",
        (Change::Commented { .. } | Change::CommentEdited { .. }, Some(_)) => "comment alert",
        (_, Some(_))
        | (Change::AlertsMovedIn { .. } | Change::AlertsMovedOut { .. } | Change::AlertsChanged { .. }, None) => {
            "alert"
        }
        (_, None) => "change",
    }
}

fn sentence(entry: &Entry, people: &HashMap<i64, User>) -> Vec<LinkedText> {
    // The page of a merged incident redirects to the other one; only its history is still shown.
    let page =
        if matches!(entry.change, Change::Merged { .. } | Change::IncidentsMerged { .. }) { "/history" } else { "" };
    incident_links::linked(wording::entry_parts(entry, people), page)
}

impl PartsView {
    fn new(entry: &Entry, people: &HashMap<i64, User>) -> Option<Self> {
        let Parts { total, skipped, listed } = &entry.parts;
        if *total == 0 {
            return None;
        }
        let next = skipped + listed.len();
        let rest = total.saturating_sub(next);
        let several = entry.change.moved_between().len() > 1;
        let line = |part: &Part| PartLine {
            href: paths::alert(part.alert),
            title: part.title.clone(),
            text: part_text(part, several, people),
        };
        let history = paths::incident_tab(entry.incident_id, "history");
        let (of, skip) = (entry.id.to_string(), next.to_string());
        Some(Self {
            has_own_words: !sentence_has_number(&entry.change),
            summary: summary(entry),
            lines: listed.iter().map(line).collect(),
            more: if rest > 0 { format!("and {} more", thousands(rest)) } else { String::new() },
            more_href: query::link(&history, [("of", of.as_str()), ("skip", skip.as_str())]),
            open: false,
        })
    }
}

/// What happened to an alert, as far as the entry does not say it of all.
fn part_text(part: &Part, several: bool, people: &HashMap<i64, User>) -> String {
    let moved = |change: &Change| matches!(change, Change::AlertMovedIn { .. } | Change::AlertMovedOut { .. });
    let said = |change: &Change| match change {
        Change::AlertMovedIn { from, .. } => format!("From incident {from}"),
        Change::AlertMovedOut { to, .. } => format!("To incident {to}"),
        change => wording::sentence(change, people),
    };
    part.changes.iter().filter(|change| several || !moved(change)).map(said).collect::<Vec<_>>().join(". ")
}

/// Whether the sentence of a change says of how many alerts it is.
fn sentence_has_number(change: &Change) -> bool {
    !change.named_alerts().is_empty()
        || !change.moved_between().is_empty()
        || matches!(change, Change::AlertsChanged { .. })
}

fn summary(entry: &Entry) -> String {
    let count = entry.parts.total;
    match &entry.change {
        change if sentence_has_number(change) => "List of alerts".to_owned(),
        Change::StatusSet { to: Status::Resolved, .. } => count_alerts(count, "resolved too"),
        Change::StatusSet { from: Status::Resolved, .. } => count_alerts(count, "reopened too"),
        Change::Classified { .. } => count_alerts(count, "classified too"),
        Change::Assigned { to: None, .. } => count_alerts(count, "unassigned too"),
        Change::Assigned { .. } => count_alerts(count, "assigned too"),
        Change::Restored { .. } => count_alerts(count, "moved back"),
        _ => count_alerts(count, "changed too"),
    }
}

fn count_alerts(count: usize, verb: &str) -> String {
    format!("{} {verb}", counted(count, "alert"))
}

/// A single entry, for event streams.
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
