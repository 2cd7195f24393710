//! GET /incidents/rows?{query}: the rows of a page of the queue alone, with its total and its way
//! on, for the script that brings them into the open list. With `only=1,2` those rows alone,
//! apart where the filter does not find them any more.

use std::collections::HashSet;
use std::ops::Deref;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue;
use crate::queue::columns::Column;
use crate::queue::filter::Filter;
use crate::web::queue::page::{QueueFacts, QueuePage, build, find};
use crate::web::queue::row_view::RowView;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

/// Ids that one request may name: a list of the longest page, and what was added to it.
const NAMED: usize = 400;

/// The page's own parts, so that a row looks the same wherever it is made.
#[derive(Template)]
#[template(path = "queue/rows.html")]
struct Rows {
    page: QueuePage,
    /// Rows that were asked for by their ids and that the filter does not find.
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
    // The rows lead to the list that they stand in, whichever pane is open beside it.
    let (filter, ignored) = Filter::from_pairs(&query::pairs(&request));
    let named = query::value(&request, "only").map(|text| ids(&text));
    let after = filter.after.clone().filter(|_| named.is_none());
    let (asked, viewer) = (Filter { pane: None, after, ..filter.clone() }, layout.user.id);
    let (totals, commits) = (std::sync::Arc::clone(&state.totals), state.db.commits());
    let (found, within) = state
        .db
        .read(move |conn| {
            let total = totals.count(conn, &asked, viewer, commits, false)?;
            read(conn, &asked, viewer, named.as_deref(), total)
        })
        .await?;
    let mut page = build(layout, filter, ignored, found);
    let rows = std::mem::take(&mut page.rows);
    let (rows, gone) = match within {
        None => (rows, Vec::new()),
        Some(within) => rows.into_iter().partition(|row| within.contains(&row.id)),
    };
    page.rows = rows;
    let layout = page.layout.clone();
    layout.page(StatusCode::OK, &Rows { page, gone })
}

fn read(
    conn: &mut AnyConnection,
    filter: &Filter,
    viewer: i64,
    named: Option<&[i64]>,
    total: i64,
) -> Result<(QueueFacts, Option<HashSet<i64>>)> {
    let mut found = find(conn, filter, viewer, total)?;
    let Some(ids) = named else { return Ok((found, None)) };
    found.page.rows = queue::rows(conn, ids)?;
    Ok((found, Some(queue::matching(conn, filter, viewer, ids)?)))
}

/// The numbers of a list with commas; what is no number is passed over.
pub fn ids(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|part| part.trim().parse().ok()).take(NAMED).collect()
}
