//! GET /operations/{id}: how far a long act is, and what it came to. POST /operations/{id}/undo:
//! takes back what the machine or a person did as a whole.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::operation_log;
use crate::model::operation::{Kind, Operation};
use crate::operations::items::{Counts, ItemState, Reason};
use crate::operations::undo::{Undone, told, undo as take_back};
use crate::operations::{items, job_worker};
use crate::text::{counted, thousands};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::paths;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

/// Reasons that a page tells.
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
    /// Items that are worked off, as a number and in words.
    counts_done: i64,
    worked_off: String,
    /// The counts in words.
    total: String,
    changed: String,
    skipped: String,
    failed: String,
    /// Why some were left alone.
    left: Vec<Reason>,
    /// What could not be given back of those that were.
    in_part: Vec<Reason>,
    /// The act that this undoes, by number.
    undoes: Option<i64>,
}

impl OperationPage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    fn is_undo(&self) -> bool {
        self.operation.kind() == Some(Kind::Undo)
    }
}

/// "1 incident", "2,000 incidents".
pub fn incidents(count: i64) -> String {
    counted(thousands(count), "incident")
}

struct OperationFacts {
    operation: Operation,
    counts: Counts,
    left: Vec<Reason>,
    in_part: Vec<Reason>,
}

fn find(conn: &mut AnyConnection, id: i64) -> Result<OperationFacts> {
    let operation = operation_log::find(conn, id)?;
    let counts = items::counts(conn, id)?;
    // Every poll would go over all items for what is told at the end.
    let (left, in_part) = if operation.is_running() {
        (Vec::new(), Vec::new())
    } else {
        let not_done = [ItemState::Skipped, ItemState::Failed];
        (items::reasons(conn, id, &not_done, REASONS)?, items::reasons(conn, id, &[ItemState::Done], REASONS)?)
    };
    Ok(OperationFacts { operation, counts, left, in_part })
}

pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> std::result::Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let OperationFacts { operation, counts, left, in_part } = state.db.read(move |conn| find(conn, id)).await?;
    let title = match (operation.kind(), operation.is_running()) {
        (Some(Kind::Undo), true) => "Undoing".to_owned(),
        (Some(Kind::Bulk), true) => "Managing incidents".to_owned(),
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
        counts_done: counts.total() - counts.pending,
        worked_off: thousands(counts.total() - counts.pending),
        total: incidents(operation.total),
        changed: incidents(counts.done),
        skipped: incidents(counts.skipped),
        failed: incidents(counts.failed),
        counts,
        left,
        in_part,
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
    form: Submitted,
) -> std::result::Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    let undone = state.db.write(move |tx| take_back(tx, &actor, id)).await?;
    let page = |incident: i64| form.return_to(&paths::incident(incident));
    Ok(match undone {
        Undone::Merge { incident, alerts, stays } => {
            let notice =
                format!("The merge was undone; {} went back to incident {incident}.", counted(alerts, "alert"));
            done(&page(incident), &with_what_stays(notice, &stays.join(" ")), None)
        }
        Undone::Merges { incidents, stays } => {
            let first = incidents.first().copied().unwrap_or_default();
            let names: Vec<String> = incidents.iter().map(ToString::to_string).collect();
            let notice = match names.as_slice() {
                [only] => format!("The merge was undone: incident {only} lives again."),
                several => format!("The merge was undone: incidents {} live again.", several.join(", ")),
            };
            done(&page(first), &with_what_stays(notice, &stays.join(" ")), None)
        }
        Undone::Move { incident, alerts, stays } => {
            let notice = format!("The move was undone; {} went back.", counted(alerts, "alert"));
            done(&paths::incident_tab(incident, "alerts"), &with_what_stays(notice, &stays.join(" ")), None)
        }
        Undone::Changed { operation, incident, changed, stays, comment_stays } => {
            let mut notice = match (incident, changed) {
                (_, 0) => "Everything was so again already.".to_owned(),
                (Some(_), _) => "Undone.".to_owned(),
                (None, changed) => {
                    format!("Undone in {}.", incidents(i64::try_from(changed).unwrap_or(i64::MAX)))
                }
            };
            notice = with_what_stays(notice, &told(&stays, incident.is_some()));
            if comment_stays {
                notice.push_str(" The comment stays.");
            }
            let elsewhere = match incident {
                Some(incident) => paths::incident(incident),
                None => paths::operation(operation),
            };
            done(&form.return_to(&elsewhere), &notice, None)
        }
        Undone::Started { operation } => {
            job_worker::spawn(&state.db, operation);
            see_other(&paths::operation(operation), None)
        }
    })
}

fn with_what_stays(notice: String, stays: &str) -> String {
    if stays.is_empty() { notice } else { format!("{notice} But: {stays}") }
}
