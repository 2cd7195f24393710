//! GET /incidents/{id}/move?alerts=1&alerts=2: the form that moves the selected alerts.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::error::Error;
use crate::web::alert::move_form;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Refused, Submitted};
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::paths;
use crate::web::shared::state::AppState;

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    if !layout.can_edit() {
        return Err(Error::Forbidden("Only analysts, leads and administrators can move alerts.").into());
    }
    let form = Submitted::parse(request.query_string().as_bytes());
    form.within_limits()?;
    if form.ids("alerts").is_empty() {
        return Ok(see_other(&paths::incident_tab(id, "alerts"), Some("Select at least one alert first.")));
    }
    let form = Refused { form, ..Refused::default() };
    move_form::page(&state, layout, form, StatusCode::OK, paths::incident_tab(id, "alerts")).await
}
