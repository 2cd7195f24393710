//! Middleware that refuses what must not reach a handler: requests for another host, and requests that contradict
//! themselves in who the client is. What remains has its client's address, see `client_address`.

use std::net::IpAddr;
use std::sync::Once;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HOST, HeaderValue};
use actix_web::http::{StatusCode, uri};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage as _, HttpResponse, ResponseError as _};

use crate::web::api::error::ApiError;
use crate::web::server::client_address::{self, Client};
use crate::web::shared::error;
use crate::web::shared::state::AppState;

pub async fn check(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    name_host(&mut request);
    let Some(state) = request.app_data::<Data<AppState>>().cloned() else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    match client_and_host(&request, &state) {
        Ok(client) => {
            if let Some(client) = client {
                request.extensions_mut().insert(client);
            }
            Ok(next.call(request).await?.map_into_left_body())
        }
        Err(why) => {
            let refusal = refusal(request.path(), why);
            let refusal = state.base_path.add_in_response(refusal).await.map_into_boxed_body();
            Ok(request.into_response(refusal).map_into_right_body())
        }
    }
}

/// The answer in the format of the address.
fn refusal(path: &str, why: &str) -> HttpResponse {
    if path.starts_with("/api/") {
        return ApiError::new(StatusCode::BAD_REQUEST, "BadRequest", why).error_response();
    }
    error::page(StatusCode::BAD_REQUEST, "This request cannot be answered", why, None)
}

/// HTTP/2 names the host in the address only. Everything else looks at the header.
fn name_host(request: &mut ServiceRequest) {
    if request.headers().contains_key(HOST) {
        return;
    }
    let host = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(HOST, host);
    }
}

fn client_and_host(request: &ServiceRequest, state: &AppState) -> Result<Option<Client>, &'static str> {
    let headers = request.headers();
    if headers.get_all(HOST).count() > 1 {
        return Err("The request names two hosts.");
    }
    if let Some(origin) = state.public_origin.as_deref().filter(|_| !answers_any_host(request.path())) {
        let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !is_host_of(origin, host) {
            return Err(
                "Watchdesk does not serve this host name. A proxy in front of it must pass on the Host header.",
            );
        }
    }
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    if let Some(peer) = peer.filter(|peer| !client_address::is_within(&state.trusted_proxies, *peer)) {
        if state.proxies_only && !peer.is_loopback() {
            return Err("Watchdesk can be reached only through its proxy.");
        }
        if client_address::names_client(headers) {
            warn_of_undeclared_proxy(peer);
        }
    }
    peer.map(|peer| client_address::find(peer, headers, &state.trusted_proxies).map(Client)).transpose()
}

/// Once, since anybody can send the headers.
fn warn_of_undeclared_proxy(peer: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "{peer} names clients as a proxy does, but is not in --trusted-proxies; all its clients share one address"
        );
    });
}

/// Monitoring and senders of alerts come by any name. They have no cookies that another site could use.
fn answers_any_host(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz") || path.starts_with("/api/")
}

/// Whether a header `Host` names the host and port of an origin such as "https://desk.example:8443".
fn is_host_of(origin: &str, host: &str) -> bool {
    let Some((scheme, public)) = origin.split_once("://") else { return false };
    let default = if scheme == "https" { 443 } else { 80 };
    let parts = |text: &str| {
        let authority = text.parse::<uri::Authority>().ok()?;
        let name = authority.host().trim_end_matches('.').to_ascii_lowercase();
        Some((name, authority.port_u16().unwrap_or(default)))
    };
    parts(public).is_some() && parts(public) == parts(host)
}

#[cfg(test)]
mod tests {
    use super::is_host_of;

    #[test]
    fn the_host_is_compared_with_its_port() {
        for (origin, host, same) in [
            ("https://desk.example", "desk.example", true),
            ("https://desk.example", "Desk.Example.:443", true),
            ("https://desk.example:8443", "desk.example:8443", true),
            ("http://desk.example:80", "desk.example", true),
            ("http://[2001:db8::7]:8080", "[2001:db8::7]:8080", true),
            ("https://desk.example", "desk.example:80", false),
            ("https://desk.example", "evil.example", false),
            ("https://desk.example", "desk.example.evil.example", false),
            ("https://desk.example", "", false),
        ] {
            assert_eq!(is_host_of(origin, host), same, "{origin} {host}");
        }
    }
}
