//! Protection against cross-site request forgery: a POST must come from Watchdesk's own pages. Browsers
//! send its origin (`Sec-Fetch-Site` or `Origin`). A request without either must have the token that
//! every form contains.

use actix_session::SessionExt;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage as _, HttpResponse, ResponseError};
use futures_util::stream;

use crate::error::Error as DomainError;
use crate::secrets;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{LIMIT, collect};
use crate::web::shared::session::CSRF;
use crate::web::shared::state::AppState;

/// The origin of a request by its headers.
#[derive(Debug, PartialEq, Eq)]
enum Origin {
    Ours,
    Foreign,
    Unknown,
}

pub async fn protect(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    if request.method().is_safe() {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let allowed = match origin(&request) {
        Origin::Ours => true,
        Origin::Foreign => false,
        Origin::Unknown => has_token(&mut request).await?,
    };
    if allowed {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let refusal = Failure::from(DomainError::Forbidden("This form was not sent from a Watchdesk page."));
    let response: HttpResponse = refusal.error_response();
    Ok(request.into_response(response).map_into_right_body())
}

fn origin(request: &ServiceRequest) -> Origin {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match header("sec-fetch-site") {
        Some("same-origin" | "none") => return Origin::Ours,
        Some(_) => return Origin::Foreign,
        None => {}
    }
    let Some(origin) = header("origin") else {
        return Origin::Unknown;
    };
    let public = request.app_data::<Data<AppState>>().and_then(|state| state.public_origin.clone());
    let ours = if let Some(public) = public {
        public == origin
    } else {
        let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        origin.split_once("://").is_some_and(|(_, from)| from == host)
    };
    if ours { Origin::Ours } else { Origin::Foreign }
}

/// Without a session there is nothing to protect, so signing in and setup need no token.
async fn has_token(request: &mut ServiceRequest) -> Result<bool, Error> {
    let Some(expected) = request.get_session().get::<String>(CSRF)? else {
        return Ok(true);
    };
    let body = collect(request.take_payload(), LIMIT).await?;
    let sent = form_urlencoded::parse(&body).find(|(name, _)| name == "csrf").map(|(_, value)| value.into_owned());
    // The handler reads the body again.
    let body = stream::once(async move { Ok(body) });
    request.set_payload(Payload::Stream { payload: Box::pin(body) });
    Ok(sent.is_some_and(|sent| secrets::equal(&sent, &expected)))
}
