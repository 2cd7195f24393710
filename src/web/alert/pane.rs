//! GET /alerts/{id}/pane: the pane of an alert beside a list of alerts. The list's own page contains the same pane.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::alerts::lookup::find_alert;
use crate::alerts::outcomes::{self, TitleOutcomes};
use crate::alerts::overview::{self, Details, Evidence};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::fold_alerts::redirect_of;
use crate::history::{alert_timeline, timeline};
use crate::incidents::lookup::find_incident;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::incident::Incident;
use crate::model::user::User;
use crate::queue;
use crate::queue::filter::Filter;
use crate::queue::list::{List, ListedStatus};
use crate::text::thousands;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::choices::{self, Choice, ChoiceGroup, choice};
use crate::web::shared::entry_runs::{EntryRun, runs};
use crate::web::shared::entry_view::{EntryView, Viewer};
use crate::web::shared::error::Failure;
use crate::web::shared::evidence_view::{EvidenceView, evidence_page};
use crate::web::shared::layout::Layout;
use crate::web::shared::pane_links::PaneLinks;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;
use crate::web::shared::title_outcomes::TitleOutcomesView;
use crate::web::shared::{paths, query, queue_links};

/// Pieces of evidence that the pane lists; the alert's page lists all.
const EVIDENCE_SHOWN: usize = 8;

/// What the pane shows, as read from the database.
pub struct AlertPaneData {
    alert: Alert,
    incident: Incident,
    details: Details,
    evidence: Vec<Evidence>,
    /// How alerts with its title were classified before.
    outcomes: TitleOutcomes,
    /// Alerts of the incident with the same title, and how many of them are open.
    same_title: (i64, i64),
    history: timeline::Page,
    newest_entry: i64,
    people: HashMap<i64, User>,
}

impl AlertPaneData {
    /// Of an alert that turned out to be a repeat: the one that counts it.
    pub fn load(conn: &mut AnyConnection, id: i64) -> Result<Self> {
        let id = redirect_of(conn, id)?.unwrap_or(id);
        let alert = find_alert(conn, id)?;
        Ok(Self {
            incident: find_incident(conn, alert.incident_id)?,
            details: overview::details(conn, id)?,
            evidence: overview::evidence(conn, id)?,
            outcomes: outcomes::of_title(conn, &alert.title)?,
            same_title: overview::same_title(conn, &alert)?,
            history: alert_timeline::of_alert(conn, id, None)?,
            newest_entry: alert_timeline::newest_of_alert(conn, id)?,
            people: users::names(conn)?,
            alert,
        })
    }
}

/// The alerts of an incident with one title.
pub struct SameTitle {
    pub count: String,
    /// How many are open.
    pub open: String,
    /// Their list, and that of the open ones.
    pub list: String,
    pub list_of_open: String,
}

impl SameTitle {
    fn new(alert: &Alert, (count, open): (i64, i64)) -> Option<Self> {
        if count < 2 {
            return None;
        }
        let all = Filter { title: alert.title.clone(), ..Filter::of(List::AlertsOf(alert.incident_id)) };
        let of_open = Filter { status: vec![ListedStatus::New, ListedStatus::InProgress], ..all.clone() };
        Some(Self {
            count: thousands(count),
            open: thousands(open),
            list: queue_links::href(&all),
            list_of_open: queue_links::href(&of_open),
        })
    }
}

/// The pane, ready for its template.
pub struct AlertPane {
    pub view: AlertView,
    pub revision: i64,
    pub last_entry: i64,
    pub incident: (i64, String),
    /// Whether the list beside the pane is not that of its incident.
    pub shows_incident: bool,
    pub description: String,
    pub recommended_actions: String,
    pub evidence: Vec<EvidenceView>,
    /// How many more there are than are listed.
    pub evidence_left: usize,
    /// The other alerts with its title in its incident.
    pub same_title: Option<SameTitle>,
    /// How alerts with its title were classified before.
    pub before: TitleOutcomesView,
    pub received: ShownTime,
    pub mine: bool,
    pub can_edit: bool,
    pub statuses: Vec<Choice>,
    pub classifications: Vec<ChoiceGroup>,
    pub owners: Vec<Choice>,
    pub entries: Vec<EntryRun>,
    /// Present if the history does not end in the pane.
    pub older_href: Option<String>,
    pub links: PaneLinks,
    pub csrf: String,
}

impl AlertPane {
    pub fn new(data: AlertPaneData, layout: &Layout, links: PaneLinks) -> Self {
        let AlertPaneData { alert, incident, details, evidence, same_title, history, newest_entry, people, .. } = data;
        let (reader, undo_forms) = (layout.actor(), layout.undo_token().into());
        let viewer = Viewer { zone: &layout.zone, people: &people, incident: None, reader: Some(&reader), undo_forms };
        let owner = alert.assigned_to.and_then(|id| people.get(&id)).map(|user| user.name.clone()).unwrap_or_default();
        let mut evidence = evidence_page(evidence, 0);
        let evidence_left = evidence.total.saturating_sub(EVIDENCE_SHOWN.min(evidence.items.len()));
        evidence.items.truncate(EVIDENCE_SHOWN);
        let older = history.continues_at().map(|_| format!("{}#history", paths::alert(alert.id)));
        Self {
            view: AlertView::new(&alert, &layout.zone, &people),
            revision: alert.revision,
            last_entry: newest_entry,
            incident: (incident.id, incident.name),
            shows_incident: links.path != paths::incident_tab(alert.incident_id, "alerts"),
            description: details.description,
            recommended_actions: details.recommended_actions,
            evidence: evidence.items,
            evidence_left,
            same_title: SameTitle::new(&alert, same_title),
            before: TitleOutcomesView::new(&alert.title, &data.outcomes),
            received: layout.zone.show(alert.received_at),
            mine: alert.assigned_to == Some(layout.user.id),
            can_edit: layout.can_edit(),
            statuses: statuses(&alert),
            classifications: choices::classifications(&alert.outcome().form_value()),
            owners: choices::owners(people.values(), &owner),
            entries: runs(history.entries.iter().map(|entry| EntryView::new(entry, viewer)).collect()),
            older_href: older,
            links,
            csrf: layout.csrf.clone(),
        }
    }

    /// Where "Resolve and next" leads: to the next alert, after the last one to the list.
    pub fn next_href(&self) -> &str {
        self.links.next.as_deref().unwrap_or(&self.links.list)
    }
}

/// The statuses to choose from in an alert's form.
pub fn statuses(alert: &Alert) -> Vec<Choice> {
    AlertStatus::ALL.iter().map(|status| choice(status.as_str(), status.label(), alert.status.as_str())).collect()
}

#[derive(Template)]
#[template(path = "alert/pane.html")]
struct PanePage {
    layout: Layout,
    pane: AlertPane,
}

/// The query is that of the list, whose incident `of` names where it is of one: it determines where the arrows lead.
pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> std::result::Result<HttpResponse, Failure> {
    let (id, viewer) = (id.into_inner(), layout.user.id);
    let within = query::value(&request, "of").and_then(|of| of.parse().ok());
    let list = within.map_or(List::Alerts, List::AlertsOf);
    let pairs: Vec<_> = query::pairs(&request).into_iter().filter(|(name, _)| name != "of").collect();
    let filter = Filter { pane: Some(id), ..Filter::from_pairs(list, &pairs).0 };
    let requested = filter.clone();
    let (data, neighbours) = state
        .db
        .read(move |conn| Ok((AlertPaneData::load(conn, id)?, queue::neighbours(conn, &requested, viewer, id)?)))
        .await?;
    let pane = AlertPane::new(data, &layout, PaneLinks::new(&filter, neighbours));
    let page = PanePage { layout, pane };
    page.layout.page(StatusCode::OK, &page)
}
