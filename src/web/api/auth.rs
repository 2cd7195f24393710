//! Authentication of API requests by bearer token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::accounts::tokens;
use crate::model::actor::Actor;
use crate::web::api::error::ApiError;
use crate::web::shared::state::AppState;

/// The owner of a valid token; requests without one are refused.
pub struct Bearer(pub Actor);

impl FromRequest for Bearer {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let secret = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, secret)| secret.trim().to_owned());
        let state = request.app_data::<Data<AppState>>().cloned();
        Box::pin(async move {
            let refused = || {
                ApiError::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Show a valid token: Authorization: Bearer ...")
            };
            let (Some(secret), Some(state)) = (secret, state) else {
                return Err(refused());
            };
            let found = state.db.read(move |conn| tokens::authenticate(conn, &secret)).await?;
            let token = found.ok_or_else(refused)?;
            if tokens::wants_use_noted(&token) {
                let id = token.id;
                state.db.write(move |tx| tokens::note_use(tx, id)).await?;
            }
            Ok(Self(Actor::Token { id: token.id, name: token.name, scope: token.scope }))
        })
    }
}
