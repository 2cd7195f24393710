//! GET /incidents/{id}/move?alerts=1&alerts=2: the form that moves the selected alerts.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::web::alert::move_form;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::layout::Layout;
use crate::web::shared::paths;
use crate::web::shared::state::AppState;

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let form = Submitted::parse(request.query_string().as_bytes());
    move_form::open(&state, layout, form, paths::incident_tab(id.into_inner(), "alerts")).await
}
