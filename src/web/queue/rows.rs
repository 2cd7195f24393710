//! GET /incidents/rows: the rows, the total and the page links of the queue, for scripts that update the
//! open list. With `only=1,2` just these incidents; those that the filter no longer finds are listed apart.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue;
use crate::queue::columns::Column;
use crate::queue::filter::Filter;
use crate::web::queue::page::{QueueData, QueuePage, build, load};
use crate::web::queue::row_view::RowView;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

/// Most ids in a request: more than the longest page has.
const MAX_IDS: usize = 400;

/// Uses the templates of the queue's page, so that rows look the same.
#[derive(Template)]
#[template(path = "queue/rows.html")]
struct Rows {
    page: QueuePage,
    /// Requested rows that the filter does not find.
    gone: Vec<RowView>,
}

impl Deref for Rows {
    type Target = QueuePage;

    fn deref(&self) -> &QueuePage {
        &self.page
    }
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
) -> std::result::Result<HttpResponse, Failure> {
    // The links of the rows keep the query of the list; the pane itself is not needed.
    let (filter, ignored) = Filter::from_pairs(&query::pairs(&request));
    let only = query::value(&request, "only").map(|text| ids(&text));
    let after = filter.after.clone().filter(|_| only.is_none());
    let (requested, viewer) = (Filter { pane: None, after, ..filter.clone() }, layout.user.id);
    let (totals, commits) = (Arc::clone(&state.totals), state.db.commits());
    let (data, matching) = state
        .db
        .read(move |conn| {
            let total = totals.count(conn, &requested, viewer, commits, false)?;
            read(conn, &requested, viewer, only.as_deref(), total)
        })
        .await?;
    let mut page = build(layout, filter, ignored, data);
    let rows = std::mem::take(&mut page.rows);
    let (rows, gone) = match matching {
        None => (rows, Vec::new()),
        Some(matching) => rows.into_iter().partition(|row| matching.contains(&row.id)),
    };
    page.rows = rows;
    let layout = page.layout.clone();
    layout.page(StatusCode::OK, &Rows { page, gone })
}

fn read(
    conn: &mut AnyConnection,
    filter: &Filter,
    viewer: i64,
    only: Option<&[i64]>,
    total: i64,
) -> Result<(QueueData, Option<HashSet<i64>>)> {
    let mut data = load(conn, filter, viewer, total)?;
    let Some(ids) = only else { return Ok((data, None)) };
    data.page.rows = queue::rows(conn, ids)?;
    Ok((data, Some(queue::matching(conn, filter, viewer, ids)?)))
}

/// The numbers of a comma-separated list; anything else is ignored.
pub fn ids(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|part| part.trim().parse().ok()).take(MAX_IDS).collect()
}
