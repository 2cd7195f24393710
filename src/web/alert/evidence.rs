//! GET /alerts/{id}/evidence: an alert's evidence with its command lines and process tree, alone: what the attack story
//! opens in place.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::alerts::lookup::find_alert;
use crate::alerts::overview::{self, Details};
use crate::alerts::processes;
use crate::history::fold_alerts::redirect_of;
use crate::model::alert::Alert;
use crate::web::shared::error::Failure;
use crate::web::shared::evidence_view::{EvidencePage, evidence_page};
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::process_tree_view::{TreeView, tree_views};
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, query};

#[derive(Template)]
#[template(path = "alert/evidence.html")]
struct AlertEvidencePage {
    layout: Layout,
    alert: Alert,
    href: String,
    details: Details,
    evidence: EvidencePage,
    /// What started what.
    trees: Vec<TreeView>,
}

impl AlertEvidencePage {
    fn active(&self) -> &'static str {
        "alerts"
    }
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let skipped = query::value(&request, "evidence").and_then(|text| text.parse().ok()).unwrap_or(0);
    let read = state.db.read(move |conn| {
        if let Some(counting) = redirect_of(conn, id)? {
            return Ok(Err(counting));
        }
        Ok(Ok((find_alert(conn, id)?, overview::details(conn, id)?, overview::evidence(conn, id)?)))
    });
    let (alert, details, evidence) = match read.await? {
        Ok(read) => read,
        Err(counting) => return Ok(see_other(&paths::alert_evidence(counting), None)),
    };
    let trees = tree_views(&processes::of_alert(id, &evidence));
    let evidence = evidence_page(evidence, skipped);
    let page = AlertEvidencePage { layout, href: paths::alert_evidence(id), alert, details, evidence, trees };
    page.layout.page(StatusCode::OK, &page)
}
