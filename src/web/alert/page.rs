//! GET /alerts/{id}: the page of an alert.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::alerts::episodes::{self, Neighbours};
use crate::alerts::lookup::find_alert;
use crate::alerts::outcomes::TitleOutcomes;
use crate::alerts::overview::{self, Details, Evidence};
use crate::alerts::{outcomes, processes};
use crate::correlation::report::{self, LinkReport};
use crate::db::AnyConnection;
use crate::error::{Error, FieldErrors};
use crate::history::fold_alerts::redirect_of;
use crate::history::{alert_timeline, timeline};
use crate::incidents::lookup::find_incident;
use crate::ingest::occurrences::settings as occurrence_settings;
use crate::ingest::occurrences::settings::Occurrence;
use crate::model::alert::Alert;
use crate::model::field::Field;
use crate::model::incident::Incident;
use crate::model::incoming::CLOCK_OF_SOURCE;
use crate::model::user::User;
use crate::operations::edit_alert;
use crate::web::alert::occurrences::RepeatsView;
use crate::web::alert::pane::statuses;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::choices::{Choice, ChoiceGroup};
use crate::web::shared::entry_runs::{EntryRun, runs};
use crate::web::shared::entry_view::{EntryView, Viewer};
use crate::web::shared::error::Failure;
use crate::web::shared::evidence_view::{EvidencePage, evidence_page};
use crate::web::shared::field_conflict::FieldConflict;
use crate::web::shared::form::{Refused, classification_error};
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::payload::{self, PayloadView};
use crate::web::shared::process_tree_view::{TreeView, tree_views};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;
use crate::web::shared::title_outcomes::TitleOutcomesView;
use crate::web::shared::{choices, paths, query};

#[derive(Template)]
#[template(path = "alert/page.html")]
struct AlertPage {
    layout: Layout,
    alert: Alert,
    view: AlertView,
    incident: Incident,
    details: Details,
    evidence: EvidencePage,
    /// What started what.
    trees: Vec<TreeView>,
    /// The episodes of its finding before and after it.
    episodes: Neighbours,
    /// Present if it was seen more than once.
    repeats: Option<RepeatsView>,
    entries: Vec<EntryRun>,
    /// Present if the history does not end on this page.
    older_href: Option<String>,
    /// New entries are inserted by a script, and belong on the newest page only.
    history_shows: &'static str,
    last_entry: i64,
    created: ShownTime,
    received: ShownTime,
    /// How far the clock of the source was ahead of ours.
    clock_ahead: Option<String>,
    mine: bool,
    can_edit: bool,
    statuses: Vec<Choice>,
    classifications: Vec<ChoiceGroup>,
    owners: Vec<Choice>,
    revision: i64,
    errors: FieldErrors,
    conflicts: Vec<FieldConflict>,
    /// How alerts with its title were classified before.
    before: TitleOutcomesView,
    /// What links it to the others of its incident, by what is known now.
    links: LinkReport,
    payload: Option<PayloadView>,
    payload_href: String,
    comment_error: String,
    comment_typed: String,
}

/// The fact is shown beside the times instead.
fn take_clock_ahead(details: &mut Details) -> Option<String> {
    let place = details.facts.iter().position(|(label, _)| label == CLOCK_OF_SOURCE)?;
    Some(details.facts.remove(place).1)
}

impl AlertPage {
    fn active(&self) -> &'static str {
        "alerts"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn classification_error(&self) -> &str {
        classification_error(&self.errors)
    }
}

/// Which parts of an alert the page shows.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The payload it came with.
    pub raw: bool,
    /// The payload of a later occurrence, by the provider's id.
    pub occurrence: Option<String>,
    /// How many pieces of evidence the page leaves out at the beginning.
    pub evidence: usize,
    /// The entry before which the history begins.
    pub before: Option<i64>,
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let number = |name| query::value(&request, name).and_then(|text| text.parse().ok());
    let shown = Shown {
        raw: query::value(&request, "raw").is_some(),
        occurrence: query::value(&request, "occurrence"),
        evidence: number("evidence").and_then(|skipped| usize::try_from(skipped).ok()).unwrap_or(0),
        before: number("beforeEntry"),
    };
    let id = id.into_inner();
    if let Some(counting) = state.db.read(move |conn| redirect_of(conn, id)).await? {
        let notice = format!("Alert {id} is counted in this alert as a repeated detection.");
        return Ok(see_other(&paths::alert(counting), Some(&notice)));
    }
    render(&state, layout, id, shown, StatusCode::OK, Refused::default()).await
}

/// What the page shows, as read from the database.
struct PageData {
    alert: Alert,
    incident: Incident,
    details: Details,
    evidence: Vec<Evidence>,
    outcomes: TitleOutcomes,
    episodes: Neighbours,
    history: timeline::Page,
    newest_entry: i64,
    people: HashMap<i64, User>,
    links: LinkReport,
    payload: Option<String>,
    /// For how many minutes repeats of its source count as one.
    minutes: i64,
    occurrences: Vec<Occurrence>,
}

impl PageData {
    fn load(conn: &mut AnyConnection, id: i64, shown: &Shown) -> Result<Self, Error> {
        let alert = find_alert(conn, id)?;
        Ok(Self {
            incident: find_incident(conn, alert.incident_id)?,
            details: overview::details(conn, id)?,
            evidence: overview::evidence(conn, id)?,
            outcomes: outcomes::of_title(conn, &alert.title)?,
            episodes: episodes::neighbours(conn, &alert)?,
            history: alert_timeline::of_alert(conn, id, shown.before)?,
            newest_entry: alert_timeline::newest_of_alert(conn, id)?,
            people: users::names(conn)?,
            links: report::of_alert(conn, &alert)?,
            payload: if shown.raw { Some(edit_alert::payload(conn, id)?.0) } else { None },
            minutes: occurrence_settings::minutes(conn, &alert.source)?,
            occurrences: if alert.occurrences > 1 { occurrence_settings::latest(conn, id)? } else { Vec::new() },
            alert,
        })
    }
}

pub async fn render(
    state: &AppState,
    layout: Layout,
    id: i64,
    shown: Shown,
    status: StatusCode,
    refused: Refused,
) -> Result<HttpResponse, Failure> {
    let asked = shown.clone();
    let data = state.db.read(move |conn| PageData::load(conn, id, &asked)).await?;
    let PageData { alert, mut details, people, history, .. } = data;
    let clock_ahead = take_clock_ahead(&mut details);
    let (owner, zone) = (owner_name(&alert, &people), &layout.zone);
    let (reader, undo_forms) = (layout.actor(), layout.undo_token().into());
    let viewer = Viewer { zone, people: &people, incident: None, reader: Some(&reader), undo_forms };
    let mut page = AlertPage {
        view: AlertView::new(&alert, zone, &people),
        incident: data.incident,
        details,
        trees: tree_views(&processes::of_alert(id, &data.evidence)),
        evidence: evidence_page(data.evidence, shown.evidence),
        episodes: data.episodes,
        last_entry: data.newest_entry,
        repeats: RepeatsView::new(&alert, data.occurrences, data.minutes, shown.occurrence.as_deref(), zone),
        entries: runs(history.entries.iter().map(|entry| EntryView::new(entry, viewer)).collect()),
        history_shows: if shown.before.is_some() { "none" } else { "all" },
        older_href: older(id, &history),
        created: zone.show(alert.created_at),
        received: zone.show(alert.received_at),
        clock_ahead,
        mine: alert.assigned_to == Some(layout.user.id),
        can_edit: layout.can_edit(),
        statuses: statuses(&alert),
        classifications: choices::classifications(&alert.outcome().form_value()),
        owners: choices::owners(people.values(), &owner),
        revision: alert.revision,
        errors: FieldErrors::default(),
        conflicts: Vec::new(),
        before: TitleOutcomesView::new(&alert.title, &data.outcomes),
        links: data.links,
        payload: data.payload.map(|text| payload::shown(&text)),
        payload_href: paths::alert_payload(id),
        comment_error: String::new(),
        comment_typed: String::new(),
        alert,
        layout,
    };
    page.show_refused(refused);
    page.layout.page(status, &page)
}

/// The user name of its owner; empty for none.
fn owner_name(alert: &Alert, people: &HashMap<i64, User>) -> String {
    alert.assigned_to.and_then(|id| people.get(&id)).map(|user| user.name.clone()).unwrap_or_default()
}

/// The address of the entries before those that are shown.
fn older(id: i64, history: &timeline::Page) -> Option<String> {
    let entry = history.continues_at()?.to_string();
    Some(query::link(&paths::alert(id), [("beforeEntry", entry.as_str())]))
}

impl AlertPage {
    /// Shows what was typed, and what is wrong with it, in the form that was refused.
    fn show_refused(&mut self, refused: Refused) {
        if refused.comment {
            refused.errors.at("body").unwrap_or_default().clone_into(&mut self.comment_error);
            refused.form.text("body").clone_into(&mut self.comment_typed);
            return;
        }
        let conflict = refused.conflict.unwrap_or_default();
        let touched =
            |field: Field| refused.form.get(field.as_str()).is_some_and(|typed| conflict.before(field) != Some(typed));
        for (field, choices) in [(Field::Status, &mut self.statuses), (Field::AssignedTo, &mut self.owners)] {
            select(choices, refused.form.get(field.as_str()).filter(|_| touched(field)));
        }
        for group in &mut self.classifications {
            select(
                &mut group.choices,
                refused.form.get(Field::Classification.as_str()).filter(|_| touched(Field::Classification)),
            );
        }
        if conflict.changes.is_empty() {
            self.revision = refused.form.revision().unwrap_or(self.revision);
        }
        self.conflicts = conflict
            .changes
            .iter()
            .map(|change| FieldConflict {
                who: change.who.clone(),
                sentence: change.sentence.clone(),
                field: change.field.label(),
                yours: refused.form.owned(change.field.as_str()).filter(|typed| *typed != change.before),
            })
            .collect();
        self.errors = refused.errors;
    }
}

fn select(choices: &mut [Choice], value: Option<&str>) {
    if let Some(value) = value {
        for choice in choices {
            choice.selected = choice.value == value;
        }
    }
}
