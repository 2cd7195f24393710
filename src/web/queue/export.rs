//! GET /incidents.csv, /incidents.jsonl and the same of alerts: the filtered list as a file. It is read and sent in parts, so
//! that its size takes no memory. If reading fails, the connection is closed, so that an incomplete file
//! does not look complete. The audit log has it before it begins, so that it waits like everything that is written.

use std::collections::VecDeque;

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::{self, StreamExt as _};
use serde_json::json;

use crate::audit;
use crate::clock;
use crate::db::Db;
use crate::error::Result;
use crate::incidents::lookup::find_incident;
use crate::model::actor::Actor;
use crate::queue::export::{self, Column, Format};
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::web::queue::strict_filter;
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::query;
use crate::web::shared::queue_links::list_of;
use crate::web::shared::reader_shares::Export;
use crate::web::shared::state::AppState;

pub async fn csv(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
) -> std::result::Result<HttpResponse, Failure> {
    answer(&request, &state, &person, Format::Csv).await
}

pub async fn json_lines(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
) -> std::result::Result<HttpResponse, Failure> {
    answer(&request, &state, &person, Format::JsonLines).await
}

async fn answer(
    request: &HttpRequest,
    state: &AppState,
    person: &SignedIn,
    format: Format,
) -> std::result::Result<HttpResponse, Failure> {
    // After this nothing can be refused with a page: the file has begun.
    let list = list_of(request);
    let columns = export::columns(list, &query::value(request, "columns").unwrap_or_default())?;
    let (filter, viewer, actor) = (requested_filter(request)?, person.user.id, person.actor());
    let export = state.reader_shares.export(viewer)?;
    let ids = state.db.read(move |conn| {
        strict_filter::check_owners(conn, &filter, "")?;
        if let Some(incident) = filter.list.incident() {
            find_incident(conn, incident)?;
        }
        export::ids(conn, &actor, &filter, viewer)
    });
    let ids = ids.await?;
    record(request, state, person.actor(), ids.len()).await?;
    let mut source = Source {
        db: state.db.clone(),
        actor: person.actor(),
        list,
        format,
        columns,
        unread: ids.into_iter(),
        ready: VecDeque::new(),
        _export: export,
    };
    source.ready.push_back(export::head(list, format, &source.columns)?.into());
    source.read().await?;
    let (kind, disposition) = file(list, format);
    let chunks = stream::unfold(Some(source), |source| async move {
        let mut source = source?;
        match source.next().await {
            Ok(Some(chunk)) => Some((Ok(chunk), Some(source))),
            Ok(None) => None,
            Err(error) => {
                tracing::error!("an export broke off: {error}");
                Some((Err(error), None))
            }
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header(("Content-Type", kind))
        .insert_header(("Content-Disposition", disposition))
        .insert_header(("Cache-Control", "no-store"))
        .streaming(chunks.boxed_local()))
}

/// Records in the audit log what is taken out.
async fn record(request: &HttpRequest, state: &AppState, actor: Actor, rows: usize) -> Result<()> {
    let name = request.path().trim_start_matches('/').to_owned();
    let detail = json!({ "filter": request.query_string(), "rows": rows });
    state.db.write(move |tx| audit::record_export(tx, &actor, &name, &detail)).await
}

/// The media type of a file, and the header that names it.
fn file(list: List, format: Format) -> (&'static str, String) {
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::JsonLines => ("application/x-ndjson; charset=utf-8", "jsonl"),
    };
    let day = jiff::Timestamp::from_microsecond(clock::now()).unwrap_or_default().strftime("%Y-%m-%d");
    (kind, format!("attachment; filename=\"watchdesk-{}s-{day}.{ending}\"", list.noun()))
}

/// The filter of the file. Parameters that only concern the page are dropped; an unknown one is refused,
/// since a file cannot show that it was ignored.
fn requested_filter(request: &HttpRequest) -> Result<Filter> {
    let page_parameters = ["columns", "limit", "after", "pane"];
    let pairs: Vec<_> =
        query::pairs(request).into_iter().filter(|(name, _)| !page_parameters.contains(&name.as_str())).collect();
    // Alerts of one title are one row of the page; the file has each.
    Ok(Filter { grouped: false, ..strict_filter::read(list_of(request), &pairs, "")? })
}

/// Reads the file part by part. No database connection is held between two parts.
struct Source {
    db: Db,
    actor: Actor,
    list: List,
    format: Format,
    columns: Vec<Column>,
    /// Rows that have not been read yet.
    unread: std::vec::IntoIter<i64>,
    ready: VecDeque<Bytes>,
    /// A person writes one export at a time.
    _export: Export,
}

impl Source {
    /// The next part of the file; none at its end.
    async fn next(&mut self) -> Result<Option<Bytes>> {
        while self.ready.is_empty() && !self.unread.as_slice().is_empty() {
            self.read().await?;
        }
        Ok(self.ready.pop_front())
    }

    async fn read(&mut self) -> Result<()> {
        let ids: Vec<i64> = self.unread.by_ref().take(export::ROWS).collect();
        let (list, format, columns, actor) = (self.list, self.format, self.columns.clone(), self.actor.clone());
        let read = self.db.read(move |conn| export::body(format, &columns, &export::rows(conn, &actor, list, &ids)?));
        let body = read.await?;
        if !body.is_empty() {
            self.ready.push_back(Bytes::from(body));
        }
        Ok(())
    }
}
