//! Security headers of every response. The content security policy forbids everything but what is used;
//! inline scripts and styles are not allowed.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::web::Data;

use crate::web::shared::state::AppState;

pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

pub fn security(https: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add(("Content-Security-Policy", POLICY))
        // Unless a response says otherwise, as scripts and styles do.
        .add(("Cache-Control", "no-store"))
        .add(("X-Content-Type-Options", "nosniff"))
        .add(("X-Frame-Options", "DENY"))
        .add(("Referrer-Policy", "same-origin"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Permissions-Policy", "camera=(), microphone=(), geolocation=()"));
    if https { headers.add(("Strict-Transport-Security", "max-age=31536000")) } else { headers }
}

/// Middleware: where browsers come by https, no cookie is ever sent without it.
pub async fn secure_cookies(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let https = request.app_data::<Data<AppState>>().is_some_and(|state| state.https);
    let mut response = next.call(request).await?;
    if https {
        make_secure(response.headers_mut());
    }
    Ok(response)
}

fn make_secure(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.remove(SET_COOKIE).collect();
    for cookie in cookies {
        let is_secure = |text: &str| text.split(';').any(|part| part.trim().eq_ignore_ascii_case("secure"));
        let secure = match cookie.to_str() {
            Ok(text) if !is_secure(text) => HeaderValue::from_str(&format!("{text}; Secure")).ok(),
            _ => None,
        };
        headers.append(SET_COOKIE, secure.unwrap_or(cookie));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cookie_becomes_secure_once() {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_static("flash=secure; Path=/"));
        headers.append(SET_COOKIE, HeaderValue::from_static("a=b; Secure; Path=/"));
        make_secure(&mut headers);
        let cookies: Vec<_> = headers.get_all(SET_COOKIE).map(|value| value.to_str().unwrap()).collect();
        assert_eq!(cookies, ["flash=secure; Path=/; Secure", "a=b; Secure; Path=/"]);
    }
}
