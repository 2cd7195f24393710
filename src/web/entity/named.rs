//! GET /entities/{kind}?name=: leads to the page of the entity with a name, or to a search where it is not one.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::entities::kind;
use crate::entities::lookup::named;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, query};

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    _: Layout,
    kind_in_address: Path<String>,
) -> Result<HttpResponse, Failure> {
    let name = query::value(&request, "name").unwrap_or_default();
    let stored = kind::stored(&kind_in_address).to_owned();
    let (of_kind, wanted) = (stored.clone(), name.clone());
    let found = state.db.read(move |conn| named(conn, &of_kind, &wanted, 2)).await?;
    Ok(match found.as_slice() {
        [one] => see_other(&paths::entity(&stored, &name, *one), None),
        _ => see_other(&query::link("/search", [("q", name.as_str())]), None),
    })
}
