//! GET /lessons.csv and /lessons.json: the counts of the page, or everything, as a file.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use serde_json::json;

use crate::audit;
use crate::error::Result;
use crate::lessons::{Days, Report, files, report};
use crate::web::lessons::page::asked;
use crate::web::queue::strict_filter;
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

pub async fn csv(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
) -> std::result::Result<HttpResponse, Failure> {
    let report = read(&request, &state, &person).await?;
    Ok(file(&report, "text/csv; charset=utf-8", "csv", files::csv(&report)?))
}

pub async fn json(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
) -> std::result::Result<HttpResponse, Failure> {
    let report = read(&request, &state, &person).await?;
    let body = serde_json::to_vec(&files::json(&report)).map_err(crate::error::Error::from)?;
    Ok(file(&report, "application/json", "json", body))
}

/// The report, which is recorded in the audit log as taken out; a file cannot show what was ignored of its address, so that is refused.
async fn read(request: &HttpRequest, state: &AppState, person: &SignedIn) -> Result<Report> {
    let (pairs, viewer) = (query::pairs(request), person.user.id);
    let read = state.db.read(move |conn| {
        let (asked, ignored) = asked(conn, &pairs)?;
        strict_filter::refuse(&ignored, "")?;
        report(conn, &asked, viewer)
    });
    let report = read.await?;
    let (actor, detail) = (person.actor(), json!({ "filter": request.query_string() }));
    let name = request.path().trim_start_matches('/').to_owned();
    state.db.write(move |tx| audit::record_export(tx, &actor, &name, &detail)).await?;
    Ok(report)
}

fn file(report: &Report, kind: &str, ending: &str, body: Vec<u8>) -> HttpResponse {
    let name = format!("watchdesk-lessons-{}.{ending}", Days::text(report.asked.days.last));
    HttpResponse::Ok()
        .insert_header(("Content-Type", kind))
        .insert_header(("Content-Disposition", format!("attachment; filename=\"{name}\"")))
        .insert_header(("Cache-Control", "no-store"))
        .body(body)
}
