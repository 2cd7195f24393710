//! GET /incidents/rows and /alerts/rows: the rows, the total and the page links of a list, for scripts that update the
//! open list. With `only=1,2` just these rows; those that the filter no longer finds are listed apart.

use std::collections::HashSet;
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
use crate::queue::groups::groups;
use crate::queue::listed::Rows as Loaded;
use crate::web::queue::list_view::{ListData, ListView, RowViews};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::queue_links::list_of;
use crate::web::shared::state::AppState;

/// Most ids in a request: more than the longest page has.
const MAX_IDS: usize = 400;

/// Uses the templates of the list, so that rows look the same.
#[derive(Template)]
#[template(path = "queue/rows.html")]
struct Rows {
    layout: Layout,
    list: ListView,
    /// Requested rows that the filter does not find.
    gone: RowViews,
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
) -> std::result::Result<HttpResponse, Failure> {
    // The links of the rows keep the query of the list; the pane itself is not needed.
    let (filter, ignored) = Filter::from_pairs(list_of(&request), &query::pairs(&request));
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
    let mut list = ListView::new(&layout, filter, ignored, data);
    let gone;
    (list.rows, gone) = split(list.rows, matching.as_ref());
    layout.clone().page(StatusCode::OK, &Rows { layout, list, gone })
}

/// The rows that the filter finds, and the others.
fn split(rows: RowViews, matching: Option<&HashSet<i64>>) -> (RowViews, RowViews) {
    let is_found = |id: i64| matching.is_none_or(|matching| matching.contains(&id));
    match rows {
        RowViews::Incidents(rows) => {
            let (found, gone) = rows.into_iter().partition(|row| is_found(row.id));
            (RowViews::Incidents(found), RowViews::Incidents(gone))
        }
        RowViews::Alerts(rows) => {
            let (found, gone) = rows.into_iter().partition(|row| is_found(row.id));
            (RowViews::Alerts(found), RowViews::Alerts(gone))
        }
    }
}

fn read(
    conn: &mut AnyConnection,
    filter: &Filter,
    viewer: i64,
    only: Option<&[i64]>,
    total: i64,
) -> Result<(ListData, Option<HashSet<i64>>)> {
    let mut data = ListData::load(conn, filter, viewer, total)?;
    let Some(ids) = only else { return Ok((data, None)) };
    data.rows = Loaded::load(conn, filter.list, ids)?;
    data.groups = groups(conn, filter, viewer, ids)?;
    data.is_part = true;
    Ok((data, Some(queue::matching(conn, filter, viewer, ids)?)))
}

/// The numbers of a comma-separated list; anything else is ignored.
pub fn ids(text: &str) -> Vec<i64> {
    text.split(',').filter_map(|part| part.trim().parse().ok()).take(MAX_IDS).collect()
}
