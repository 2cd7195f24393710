//! Protection against cross-site request forgery: a POST must come from Watchdesk's own pages. Browsers
//! send its origin (`Sec-Fetch-Site` or `Origin`). A request without either must have the token that
//! every form contains; one with files has it as its first field, so that it is known before the files are read.

use actix_session::SessionExt;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::{BytesMut, Data};
use actix_web::{Error, HttpMessage as _, HttpResponse, ResponseError};
use futures_util::{StreamExt as _, stream};

use crate::error::Error as DomainError;
use crate::secrets;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{LIMIT, collect, has_files};
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
    if has_files(request.headers()) {
        return begins_with_token(request, &expected).await;
    }
    let body = collect(request.take_payload(), LIMIT).await?;
    let sent = form_urlencoded::parse(&body).find(|(name, _)| name == "csrf").map(|(_, value)| value.into_owned());
    // The handler reads the body again.
    let body = stream::once(async move { Ok(body) });
    request.set_payload(Payload::Stream { payload: Box::pin(body) });
    Ok(sent.is_some_and(|sent| secrets::equal(&sent, &expected)))
}

/// Most bytes of a form with files that are read before its token.
const BEGINNING: usize = 8 * 1024;

/// Whether the first field of a form with files is the token. Files are not read for that.
async fn begins_with_token(request: &mut ServiceRequest, expected: &str) -> Result<bool, Error> {
    let mut payload = request.take_payload();
    let (mut beginning, mut sent) = (BytesMut::new(), None);
    while sent.is_none() && beginning.len() < BEGINNING {
        let Some(chunk) = payload.next().await else { break };
        beginning.extend_from_slice(&chunk?);
        sent = first_token(&beginning);
    }
    // The handler reads the body from the beginning.
    let beginning = beginning.freeze();
    let body = stream::once(async move { Ok(beginning) }).chain(payload);
    request.set_payload(Payload::Stream { payload: Box::pin(body) });
    Ok(sent.is_some_and(|sent| secrets::equal(&sent, expected)))
}

/// The value of the first part of a form with files, if it has come whole and is the token (RFC 7578).
fn first_token(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let (header, rest) = text.split_once("\r\n\r\n")?;
    let (value, _) = rest.split_once("\r\n")?;
    (header.starts_with("--") && header.contains("name=\"csrf\"")).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::first_token;

    #[test]
    fn the_token_of_a_form_with_files_is_its_first_field() {
        let part = |name: &str, value: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let first = |body: String| first_token(body.as_bytes());
        assert_eq!(first(part("csrf", "1-a") + &part("files", "b")).as_deref(), Some("1-a"));
        assert_eq!(first(part("files", "b") + &part("csrf", "1-a")), None);
        assert_eq!(first(part("csrf", "1-a").trim_end().to_owned()), None, "more may follow");
        assert_eq!(first(String::new()), None);
    }
}
