//! The address by which senders reach this server, for what administrators paste into other products.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::web::shared::form::local_path;
use crate::web::shared::state::AppState;

/// The public URL; without one, the address by which this browser came.
pub fn own_address(request: &HttpRequest, state: &AppState) -> String {
    let origin = own_origin(request, state);
    if state.public_origin.is_some() { format!("{origin}{}", state.base_path.as_str()) } else { origin }
}

/// Scheme, host and port of [`own_address`].
pub fn own_origin(request: &HttpRequest, state: &AppState) -> String {
    if let Some(origin) = &state.public_origin {
        return origin.clone();
    }
    let scheme = if state.https { "https" } else { "http" };
    format!("{scheme}://{}", host(request).unwrap_or_else(|| "127.0.0.1".to_owned()))
}

/// The page of this server that the browser came from, as a path.
pub fn page_before(request: &HttpRequest, state: &AppState) -> Option<String> {
    let before = request.headers().get(header::REFERER)?.to_str().ok()?.strip_prefix(&own_address(request, state))?;
    local_path(before).map(str::to_owned)
}

/// The host and port of a request. It is pasted into shells, so it is nothing but a host and a port.
fn host(request: &HttpRequest) -> Option<String> {
    let named = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let host = named.or_else(|| request.uri().authority().map(ToString::to_string))?;
    let is_plain = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
    (is_plain && !host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::host;

    fn of(value: &str) -> Option<String> {
        host(&actix_web::test::TestRequest::default().insert_header(("host", value)).to_http_request())
    }

    #[test]
    fn only_a_plain_host_is_shown() {
        assert_eq!(of("desk.example:8080").as_deref(), Some("desk.example:8080"));
        assert_eq!(of("[::1]:8080").as_deref(), Some("[::1]:8080"));
        for wrong in ["a'b", "a b", "$(id)", ""] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}
