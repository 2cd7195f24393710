//! POST /api/v1/alerts and /api/v1/alerts/in/{token}: takes alerts and answers with the result of each. The body is stored while it is
//! being received, so that its size takes no memory; a signed one once it is verified.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use tokio::sync::mpsc::channel;

use crate::error::Error;
use crate::formats::format::Format;
use crate::formats::readers::body_reader::BodyReader;
use crate::formats::readers::decode::{Encoding, decoded};
use crate::ingest::intake::feed::Feed;
use crate::ingest::intake::report::{ItemOutcome, ItemReport, Report};
use crate::ingest::intake::stop::{Stop, Stoppable};
use crate::ingest::{intake, mappings};
use crate::permissions::{Action, require};
use crate::web::api::auth::TokenOwner;
use crate::web::api::chunks::{Chunks, NotesContent};
use crate::web::api::error::ApiError;
use crate::web::api::receiving::forward;
use crate::web::api::signed_body::{Outcome, SignedBody};
use crate::web::shared::query;
use crate::web::shared::state::AppState;

/// Received parts of a body that may wait to be stored.
const QUEUED_PARTS: usize = 16;
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    created: usize,
    updated: usize,
    skipped: usize,
    rejected: usize,
    /// Of a body with more than 10,000 items, `results` has only rejected ones, and not all of them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    results_truncated: bool,
    /// Why nothing was stored although the request is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    results: Vec<ResultItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultItem {
    index: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident_id: Option<String>,
    /// Why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub async fn receive(
    request: HttpRequest,
    state: Data<AppState>,
    owner: TokenOwner,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    require(&owner.actor, Action::Ingest)?;
    let format = format(&state, &request, owner.token).await?;
    let encoding = encoding(&request)?;
    let limit = state.max_body;
    let Some(permit) = state.intakes.acquire(owner.token).await else {
        let message = "Too many requests at once. Send it again in a moment.";
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message));
    };
    // When this request is dropped, its sender has left.
    let leaving = Leaving(Arc::new(Stop::default()));
    let signed = owner.signing_secret.map(|secret| SignedBody::of(&request, owner.token, secret));
    let feed = Feed::of_token(owner.actor, format.name(), state.ingest_pace.clone());
    let (parts, receiver) = channel(QUEUED_PARTS);
    let shared = state.clone();
    let has_content = Arc::new(AtomicBool::new(false));
    let noted = has_content.clone();
    let stop = leaving.0.clone();
    let storing = tokio::task::spawn_blocking(move || {
        // The permit is for the thread, which may go on for a moment when the request is over.
        let _permit = permit;
        let store = |body: Box<dyn Read + Send>| {
            let body = Stoppable { body: decoded(body, encoding, limit), stop: stop.clone() };
            let body = NotesContent { body, has_content: noted };
            intake::ingest_stream(&shared.db, &feed, BodyReader::new(format, body), &stop, &mut |_| ())
        };
        let body = Chunks::new(receiver);
        match signed {
            None => Ok(Outcome::Stored(store(Box::new(body))?)),
            Some(signed) => signed.take(body, &shared, |body| store(Box::new(body))),
        }
    });
    forward(payload, parts, &leaving.0).await;
    let Outcome::Stored(report) = storing.await.map_err(Error::internal)?? else {
        return Ok(stored_before());
    };
    if report.unfinished.is_none() && report.is_empty() && !has_content.load(Ordering::Relaxed) {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "InvalidRequestBody", "The body is empty."));
    }
    if report.rejected > 0 {
        state.attention.expire();
    }
    let errors_only = query::value(&request, "results").as_deref() == Some("errors");
    answer(report, limit, errors_only)
}

/// The format that the request names, else the mapping of its token.
async fn format(state: &AppState, request: &HttpRequest, token: i64) -> Result<Format, ApiError> {
    let name = query::value(request, "format");
    let format = state.db.read(move |conn| mappings::resolve(conn, name.as_deref(), Some(token))).await;
    format.map_err(|error| match error {
        Error::Invalid(why) => ApiError::new(StatusCode::BAD_REQUEST, "InvalidInput", why.to_string()),
        other => other.into(),
    })
}

fn answer(report: Report, limit: u64, errors_only: bool) -> Result<HttpResponse, ApiError> {
    let Report { created, updated, rejected, .. } = report;
    let before = format!("Before that {created} alerts were created, {updated} updated and {rejected} rejected.");
    match report.unfinished {
        None => Ok(results(report, errors_only)),
        Some(why) => Err(ApiError::unfinished(why, limit, &before)),
    }
}

/// Ends the body of a request that is dropped.
struct Leaving(Arc<Stop>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.end();
    }
}

fn encoding(request: &HttpRequest) -> Result<Encoding, ApiError> {
    let named = request.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
    Encoding::parse(named.unwrap_or_default()).ok_or_else(|| {
        let message = "Send the body uncompressed, or with Content-Encoding gzip or zstd.";
        ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)
    })
}

/// 200 when all was taken or skipped, 422 when something was rejected and nothing taken, else 207 (R18).
fn status(report: &Report) -> StatusCode {
    if report.rejected == 0 {
        StatusCode::OK
    } else if report.is_refused() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::MULTI_STATUS
    }
}

fn results(report: Report, errors_only: bool) -> HttpResponse {
    let status = status(&report);
    let results = report
        .items
        .into_iter()
        .filter(|item| !errors_only || matches!(item.outcome, ItemOutcome::Rejected(_)))
        .map(result)
        .collect();
    HttpResponse::build(status).insert_header(("Cache-Control", "no-store")).json(Answer {
        created: report.created,
        updated: report.updated,
        skipped: report.skipped,
        rejected: report.rejected,
        results_truncated: report.truncated,
        message: None,
        results,
    })
}

/// The answer to a delivery that was stored before.
fn stored_before() -> HttpResponse {
    let message = Some("This delivery was already stored.");
    HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(Answer { message, ..Answer::default() })
}

fn result(ItemReport { index, line, outcome }: ItemReport) -> ResultItem {
    let mut item =
        ResultItem { index, line, status: "updated", alert_id: None, incident_id: None, reason: None, error: None };
    match outcome {
        ItemOutcome::Ingested(ingested) => {
            if ingested.created > 0 {
                item.status = "created";
            }
            item.alert_id = ingested.alert_id.map(|id| id.to_string());
            item.incident_id = ingested.incident_id.map(|id| id.to_string());
        }
        ItemOutcome::Skipped(why) => {
            item.status = "skipped";
            item.reason = Some(why);
        }
        ItemOutcome::Rejected(why) => {
            item.status = "rejected";
            item.error = Some(why);
        }
    }
    item
}
