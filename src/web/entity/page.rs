//! GET /entities/{kind}/{id}: what is known of an entity.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::entities::incidents::After;
use crate::entities::kind;
use crate::entities::lookup::find;
use crate::model::importance::{ASSETS, Importance};
use crate::web::entity::data::PageData;
use crate::web::entity::view::{EntityPage, EntityView};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, query};

/// A note that was refused, and why.
pub(super) struct Refused {
    pub typed: String,
    pub error: String,
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    path: Path<(String, i64)>,
) -> Result<HttpResponse, Failure> {
    let (asked, id) = path.into_inner();
    let after = query::value(&request, "after").and_then(|text| After::parse(&text));
    let entity = state.db.read_without_snapshot(move |conn| find(conn, id)).await?;
    // The address that its links have, so that there is one.
    if entity.id != id || kind::in_address(&entity.kind, &entity.name) != asked {
        return Ok(see_other(&paths::entity(&entity.kind, &entity.name, entity.id), None));
    }
    respond(&state, layout, id, after, StatusCode::OK, None).await
}

pub(super) async fn respond(
    state: &AppState,
    layout: Layout,
    id: i64,
    after: Option<After>,
    status: StatusCode,
    refused: Option<Refused>,
) -> Result<HttpResponse, Failure> {
    let data = state.db.read(move |conn| PageData::load(conn, id, after)).await?;
    let marks = ASSETS.contains(&data.overview.entity.kind.as_str());
    let entity = EntityView::new(data, after.is_some(), &layout.zone);
    let (typed, error) = refused.map_or_else(|| (entity.note.clone(), String::new()), |one| (one.typed, one.error));
    let levels: &[Importance] = if marks { Importance::ALL } else { &[] };
    let page = EntityPage { layout, entity, levels, note_typed: typed, note_error: error };
    page.layout.page(status, &page)
}
