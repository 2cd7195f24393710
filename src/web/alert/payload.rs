//! GET /alerts/{id}/payload: the record as its source sent it, as a file; with `occurrence=ID`, that of a later
//! occurrence, and with `number=N` an earlier one.

use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::error::Error;
use crate::history::payloads;
use crate::ingest::occurrences::settings as occurrences;
use crate::operations::edit_alert;
use crate::web::shared::error::Failure;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

/// Should a browser show the file instead of storing it, nothing in it is run.
const POLICY: &str = "default-src 'none'; sandbox";

pub async fn download(request: HttpRequest, state: Data<AppState>, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let occurrence = query::value(&request, "occurrence");
    let number = query::value(&request, "number").and_then(|number| number.parse().ok());
    let payload = state
        .db
        .read(move |conn| match (occurrence, number) {
            (None, Some(number)) => Ok(payloads::earlier_text(conn, id, number)?.1),
            (None, None) => Ok(edit_alert::payload(conn, id)?.0),
            (Some(wanted), _) => {
                let latest = occurrences::latest(conn, id)?;
                let found = latest.iter().find(|one| one.provider_alert_id == wanted);
                found.and_then(|one| one.payload()).map(str::to_owned).ok_or(Error::NotFound)
            }
        })
        .await?;
    let is_json = payload.trim_start().starts_with(['{', '[']);
    let (ending, kind) = if is_json { ("json", "application/json") } else { ("txt", "text/plain; charset=utf-8") };
    let name = DispositionParam::Filename(format!("alert-{id}.{ending}"));
    Ok(HttpResponse::Ok()
        .insert_header(ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![name] })
        .insert_header(("Content-Security-Policy", POLICY))
        .insert_header(("Cache-Control", "no-store"))
        .content_type(kind)
        .body(payload))
}
