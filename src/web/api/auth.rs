//! Authentication of API requests by a token: in a header, or in the address for senders that cannot set one.
//! Must not log or repeat an address, since it may have a token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::accounts::signing_secret::SigningSecret;
use crate::accounts::token_use;
use crate::accounts::tokens::{self, ApiToken, SentIn};
use crate::accounts::users;
use crate::db::AnyConnection;
use crate::model::actor::Actor;
use crate::model::user::Role;
use crate::web::api::error::ApiError;
use crate::web::server::client_address::client_address;
use crate::web::server::connection::Connection;
use crate::web::shared::state::AppState;

/// The part of the path that is a token, in the table of routes.
const IN_PATH: &str = "token";

/// The owner of a valid token; requests without one are refused.
pub struct TokenOwner {
    pub actor: Actor,
    pub token: i64,
    /// What signs the bodies of this token. Without it, none is signed.
    pub signing_secret: Option<SigningSecret>,
}

/// The token of a request, and where it was. An address that takes a token takes none in headers.
fn token_of(request: &HttpRequest) -> Option<(String, SentIn)> {
    if let Some(token) = request.match_info().get(IN_PATH) {
        return Some((token.to_owned(), SentIn::Address));
    }
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let token = match header(header::AUTHORIZATION.as_str()) {
        Some(value) => authorization(value),
        None => header("x-api-key").map(|key| key.trim().to_owned()),
    };
    Some((token?, SentIn::Header))
}

/// The token of `Bearer TOKEN` or `Basic base64(USER:TOKEN)`, whatever the user (RFC 6750, RFC 7617).
fn authorization(value: &str) -> Option<String> {
    let (scheme, credentials) = value.split_once(' ')?;
    let credentials = credentials.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(credentials.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(credentials).ok()?).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_owned())
}

impl FromRequest for TokenOwner {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (token, state) = (token_of(request), request.app_data::<Data<AppState>>().cloned());
        let (address, connection) = (client_address(request), Connection::of(request).cloned());
        Box::pin(async move {
            let refused = || {
                let message =
                    "Send a valid token: Authorization: Bearer ..., Basic with the token as password, or X-Api-Key.";
                ApiError::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
            };
            let (Some((secret, sent_in)), Some(state)) = (token, state) else {
                return Err(refused());
            };
            let wait = state.throttle.wait_for_tokens(address);
            if !wait.is_zero() && !state.valid_tokens.contains(&state.db, &secret).await? {
                return Err(ApiError::too_many_wrong_tokens(wait));
            }
            let found = state.db.read(move |conn| authenticate(conn, &secret, sent_in)).await?;
            let Some(Found { token, signing_secret, owner_role }) = found else {
                state.throttle.note_wrong_token(address);
                return Err(refused());
            };
            if let Some(connection) = connection {
                connection.mark_signed_in();
            }
            if token_use::wants_use_noted(&token) {
                let id = token.id;
                state.db.write(move |tx| token_use::note_use(tx, id, address)).await?;
            }
            let actor =
                Actor::Token { id: token.id, name: token.name, scope: token.scope, owner_role, address: Some(address) };
            Ok(Self { actor, token: token.id, signing_secret })
        })
    }
}

fn authenticate(conn: &mut AnyConnection, secret: &str, sent_in: SentIn) -> crate::error::Result<Option<Found>> {
    let Some(token) = token_use::authenticate(conn, secret, sent_in)? else { return Ok(None) };
    let signing_secret = if token.is_signed { tokens::signing_secret(conn, token.id)? } else { None };
    let owner = token.owner_id.map(|owner| users::find(conn, owner)).transpose()?;
    if owner.as_ref().is_some_and(|owner| owner.disabled) {
        return Ok(None);
    }
    Ok(Some(Found { token, signing_secret, owner_role: owner.map(|owner| owner.role) }))
}

/// The token of a request.
struct Found {
    token: ApiToken,
    signing_secret: Option<SigningSecret>,
    /// The role of the person whose token it is.
    owner_role: Option<Role>,
}

#[cfg(test)]
mod tests {
    use super::authorization;

    #[test]
    fn bearer_and_basic_are_read_and_nothing_else() {
        assert_eq!(authorization("Bearer wd_1").as_deref(), Some("wd_1"));
        assert_eq!(authorization("basic YW55Ym9keTp3ZF8x").as_deref(), Some("wd_1"));
        assert_eq!(authorization("Basic OndkXzE=").as_deref(), Some("wd_1"), "without a user");
        for wrong in ["wd_1", "Token wd_1", "Basic wd_1", "Basic ", "Basic d2RfMQ=="] {
            assert_eq!(authorization(wrong), None, "{wrong}");
        }
    }
}
