//! GET /entities/{kind}/{id}: what is known of an entity. `after` is a page of its incidents, `before` one of its
//! history, `edit` a comment that its author edits.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::entities::incidents::After;
use crate::entities::kind;
use crate::entities::lookup::find;
use crate::web::entity::data::{Asked, PageData};
use crate::web::entity::forms::FormsView;
use crate::web::entity::history::HistoryView;
use crate::web::entity::refused::{Act, Refused};
use crate::web::entity::view::{EntityPage, EntityView};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, query};

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    path: Path<(String, i64)>,
) -> Result<HttpResponse, Failure> {
    let (kind_asked, id) = path.into_inner();
    let entity = state.db.read_without_snapshot(move |conn| find(conn, id)).await?;
    // The address that its links have, so that there is one.
    if entity.id != id || kind::in_address(&entity.kind, &entity.name) != kind_asked {
        return Ok(see_other(&paths::entity(&entity.kind, &entity.name, entity.id), None));
    }
    let number = |name: &str| query::value(&request, name).and_then(|text| text.parse().ok());
    let asked = Asked {
        after: query::value(&request, "after").and_then(|text| After::parse(&text)),
        before: number("before"),
        edit: number("edit"),
    };
    respond(&state, layout, (id, asked), StatusCode::OK, None).await
}

/// The page again after a form that was refused, with what was typed.
pub(super) async fn refuse(
    state: &AppState,
    layout: Layout,
    id: i64,
    refused: Refused,
) -> Result<HttpResponse, Failure> {
    let edit = if let Act::Edit(entry) = refused.act { Some(entry) } else { None };
    let asked = Asked { edit, ..Asked::default() };
    respond(state, layout, (id, asked), StatusCode::UNPROCESSABLE_ENTITY, Some(refused)).await
}

async fn respond(
    state: &AppState,
    layout: Layout,
    (id, asked): (i64, Asked),
    status: StatusCode,
    refused: Option<Refused>,
) -> Result<HttpResponse, Failure> {
    let mut data = state.db.read(move |conn| PageData::load(conn, id, asked)).await?;
    let said = std::mem::take(&mut data.said);
    let entity = EntityView::new(data, asked.after.is_some(), &layout.zone);
    let history = HistoryView::new(&said, &entity.href, &layout, refused.as_ref());
    let forms = FormsView::new(&entity.kind, &entity.known, said.known_tags, refused.as_ref());
    let page = EntityPage { layout, entity, forms, history };
    page.layout.page(status, &page)
}
