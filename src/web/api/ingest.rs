//! POST /api/v1/alerts: alerts in, with an answer for each.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::alerts::intake::{self, Report};
use crate::alerts::mapping;
use crate::error::Error;
use crate::permissions::{Action, require};
use crate::web::api::auth::Bearer;
use crate::web::api::error::ApiError;
use crate::web::state::AppState;
use crate::web::{forms, query};

/// Largest body, in bytes.
const LIMIT: usize = 64 * 1024 * 1024;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    created: usize,
    updated: usize,
    rejected: usize,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

pub async fn take(
    request: HttpRequest,
    state: Data<AppState>,
    bearer: Bearer,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    require(&bearer.0, Action::Ingest)?;
    let (named, token) = (query::value(&request, "format"), bearer.0.id());
    let format =
        state.db.read(move |conn| mapping::resolve(conn, named.as_deref(), token)).await.map_err(
            |error| match error {
                Error::Invalid(why) => ApiError::new(StatusCode::BAD_REQUEST, "InvalidInput", why.to_string()),
                other => other.into(),
            },
        )?;
    let body = forms::collect(payload.into_inner(), LIMIT).await.map_err(|_| {
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "A body has at most 64 MiB.")
    })?;
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "InvalidRequestBody", "The body is empty."));
    }
    let report = intake::take_body(&state.db, bearer.0, format, body.to_vec()).await?;
    let errors_only = query::value(&request, "results").as_deref() == Some("errors");
    Ok(answer(&report, errors_only))
}

fn answer(report: &Report, errors_only: bool) -> HttpResponse {
    let results = report
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| !errors_only || item.outcome.is_err())
        .map(|(index, item)| match &item.outcome {
            Ok(taken) => ResultItem {
                index,
                line: item.line,
                status: if taken.created > 0 { "created" } else { "updated" },
                alert_id: taken.alert_id.map(|id| id.to_string()),
                incident_id: taken.incident_id.map(|id| id.to_string()),
                error: None,
            },
            Err(error) => ResultItem {
                index,
                line: item.line,
                status: "rejected",
                alert_id: None,
                incident_id: None,
                error: Some(error.clone()),
            },
        })
        .collect();
    let status = if report.rejected() == 0 { StatusCode::OK } else { StatusCode::MULTI_STATUS };
    HttpResponse::build(status).insert_header(("Cache-Control", "no-store")).json(Answer {
        created: report.created(),
        updated: report.updated(),
        rejected: report.rejected(),
        results,
    })
}
