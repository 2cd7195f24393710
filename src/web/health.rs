//! GET /healthz: whether the process runs. GET /readyz: whether the database can be read and written, and what
//! may be lost of acknowledged writes. For monitoring, without a session; must not reveal anything else.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::web::shared::state::AppState;

pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

pub async fn readyz(state: Data<AppState>) -> HttpResponse {
    let Some(weak_promises) = state.readiness.ask(&state.db).await else {
        return HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("not ready\n");
    };
    let mut body = "ready\n".to_owned();
    for sentence in weak_promises {
        body.push_str(&sentence);
        body.push('\n');
    }
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(body)
}
