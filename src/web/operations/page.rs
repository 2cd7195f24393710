//! GET /operations/{id}: the progress or the result of an operation. POST /operations/{id}/undo: undoes
//! it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::history::operation_log;
use crate::model::operation::{Kind, Operation};
use crate::operations::items::{self, Counts, ItemState, Reason};
use crate::operations::undo::{Undone, undo as undo_operation, what_stays};
use crate::text::{counted, thousands};
use crate::web::incident::page_parts::Tab;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::own_address::page_before;
use crate::web::shared::paths;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

/// Reasons that the page lists.
const REASONS: usize = 30;

#[derive(Template)]
#[template(path = "operations/page.html")]
struct OperationPage {
    layout: Layout,
    operation: Operation,
    title: String,
    by: String,
    at: ShownTime,
    resumed: Option<ShownTime>,
    counts: Counts,
    /// Items that are finished, as a number and as text.
    finished_count: i64,
    finished: String,
    /// The counts as text.
    total: String,
    changed: String,
    skipped: String,
    failed: String,
    /// Why items were not changed.
    not_done: Vec<Reason>,
    /// What could not be restored of items that were changed.
    partly_done: Vec<Reason>,
    /// The operation that this one undoes.
    undoes: Option<i64>,
}

impl OperationPage {
    fn active(&self) -> &'static str {
        if self.is_of_alerts() { "alerts" } else { "incidents" }
    }

    /// Whether it is about alerts; its items are their incidents.
    fn is_of_alerts(&self) -> bool {
        self.operation.kind() == Some(Kind::AlertsEdit)
    }

    fn is_undo(&self) -> bool {
        self.operation.kind() == Some(Kind::Undo)
    }
}

/// "1 incident", "2,000 incidents".
fn incidents(count: impl TryInto<i64>) -> String {
    counted(thousands(count), "incident")
}

struct OperationData {
    operation: Operation,
    counts: Counts,
    /// Alerts that an edit of alerts changed.
    alerts: i64,
    not_done: Vec<Reason>,
    partly_done: Vec<Reason>,
}

fn find(conn: &mut AnyConnection, id: i64) -> Result<OperationData> {
    let operation = operation_log::find(conn, id)?;
    let counts = items::counts(conn, id)?;
    // The reasons are shown at the end only: reading them while it runs would make every update slow.
    let (not_done, partly_done) = if operation.is_running() {
        (Vec::new(), Vec::new())
    } else {
        let unchanged = [ItemState::Skipped, ItemState::Failed];
        (items::reasons(conn, id, &unchanged, REASONS)?, items::reasons(conn, id, &[ItemState::Done], REASONS)?)
    };
    let counts_alerts = operation.kind() == Some(Kind::AlertsEdit) && !operation.is_running();
    let alerts = if counts_alerts { operation_log::count_alerts(conn, id)? } else { 0 };
    Ok(OperationData { operation, counts, alerts, not_done, partly_done })
}

pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> std::result::Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let OperationData { operation, counts, alerts, not_done, partly_done } =
        state.db.read(move |conn| find(conn, id)).await?;
    let title = match (operation.kind(), operation.is_running()) {
        (Some(Kind::Undo), true) => "Undoing".to_owned(),
        (Some(Kind::Bulk), true) => "Managing incidents".to_owned(),
        (Some(Kind::AlertsEdit), false) => format!("{} changed", counted(thousands(alerts), "alert")),
        (Some(Kind::Undo), false) => format!("Undone in {}", incidents(counts.done)),
        (Some(Kind::Bulk), false) => format!("{} changed", incidents(counts.done)),
        (Some(kind), _) => kind.label().to_owned(),
        (None, _) => "Operation".to_owned(),
    };
    let page = OperationPage {
        title,
        by: operation.actor_name.clone(),
        at: layout.zone.show(operation.at),
        resumed: operation.resumed_at.map(|at| layout.zone.show(at)),
        undoes: operation.undo_of,
        finished_count: counts.total() - counts.pending,
        finished: thousands(counts.total() - counts.pending),
        total: incidents(operation.total),
        changed: incidents(counts.done),
        skipped: incidents(counts.skipped),
        failed: incidents(counts.failed),
        counts,
        not_done,
        partly_done,
        operation,
        layout,
    };
    page.layout.page(StatusCode::OK, &page)
}

/// POST /operations/{id}/undo
pub async fn undo(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    (form, request): (Submitted, HttpRequest),
) -> std::result::Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    let work = move |tx: &mut Tx<'_>| undo_operation(tx, &actor, id);
    let undone = state.jobs.write_and_run(&state.db, person.user.id, work, Undone::job).await?;
    if let Undone::Started { operation } = undone {
        return Ok(see_other(&paths::operation(operation), None));
    }
    let (page, notice) = page_and_notice(&undone);
    // After a merge, the incident that was restored is of interest.
    let is_merge = matches!(undone, Undone::Merge { .. } | Undone::Merges { .. });
    let before = if is_merge { None } else { page_before(&request, &state).filter(|before| lists_entries(before)) };
    Ok(done(&form.return_to(&before.unwrap_or(page)), &notice, None))
}

/// Whether the page at an address lists entries with an Undo button: that of an incident or alert, or a pane.
fn lists_entries(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').skip_while(|part| !matches!(*part, "incidents" | "alerts")).skip(1);
    let is_number = parts.next().is_none_or(|id| id.parse::<i64>().is_ok());
    is_number && parts.next().is_none_or(|tab| Tab::parse(tab).is_some()) && parts.next().is_none()
}

/// The page of what was undone, and what to say there.
fn page_and_notice(undone: &Undone) -> (String, String) {
    match undone {
        Undone::Merge { incident, alerts, stays } => {
            let notice =
                format!("The merge was undone. {} moved back to incident {incident}.", counted(*alerts, "alert"));
            (paths::incident(incident), with_what_stays(notice, &stays.join(" ")))
        }
        Undone::Merges { incidents, stays } => {
            let first = incidents.first().copied().unwrap_or_default();
            let names: Vec<String> = incidents.iter().map(ToString::to_string).collect();
            let notice = match names.as_slice() {
                [only] => format!("The merge was undone. Incident {only} is restored."),
                several => format!("The merge was undone. Incidents {} are restored.", several.join(", ")),
            };
            (paths::incident(first), with_what_stays(notice, &stays.join(" ")))
        }
        Undone::Move { incidents: moved_to, alerts, stays } => {
            let first = moved_to.first().copied().unwrap_or_default();
            let to = if moved_to.len() > 1 { incidents(moved_to.len()) } else { format!("incident {first}") };
            let notice = format!("The move was undone. {} moved back to {to}.", counted(*alerts, "alert"));
            (paths::incident_tab(first, "alerts"), with_what_stays(notice, &stays.join(" ")))
        }
        Undone::Changed { operation, incident, changed, alerts, stays, comment_stays } => {
            let notice = match (incident, *changed, alerts) {
                (_, 0, _) => "Everything already had its earlier value.".to_owned(),
                (Some(_), ..) => "Undone.".to_owned(),
                (None, changed, Some(alerts)) => {
                    format!("{} restored in {}.", counted(thousands(*alerts), "alert"), incidents(changed))
                }
                (None, changed, None) => format!("Undone in {}.", incidents(changed)),
            };
            let mut notice = with_what_stays(notice, &what_stays(stays, incident.is_some()));
            if *comment_stays {
                notice.push_str(" The comment is kept.");
            }
            (incident.map_or_else(|| paths::operation(operation), paths::incident), notice)
        }
        Undone::Started { operation } => (paths::operation(operation), String::new()),
    }
}

fn with_what_stays(notice: String, stays: &str) -> String {
    if stays.is_empty() { notice } else { format!("{notice} {stays}") }
}
