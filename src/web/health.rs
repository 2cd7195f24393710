//! GET /healthz: whether the process runs. GET /readyz: whether it can read the database. For monitoring,
//! without a session; must not reveal anything else.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::accounts::users;
use crate::web::shared::state::AppState;

pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

pub async fn readyz(state: Data<AppState>) -> HttpResponse {
    match state.db.read(users::any).await {
        Ok(_) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"),
        Err(error) => {
            tracing::error!("not ready: {error}");
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("not ready\n")
        }
    }
}
