//! Lets only signed-in people through, and tells handlers who it is. It wraps whole scopes, so that no
//! handler can forget it.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_session::{Session, SessionExt as _};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse};

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error as DomainError, Result as DomainResult};
use crate::history::mentions;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::web::server::client_address::client_address;
use crate::web::server::connection::Connection;
use crate::web::shared::error::Failure;
use crate::web::shared::session::USER;
use crate::web::shared::state::AppState;

pub async fn signed_in(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let session = request.get_session();
    if let Some((user, unread)) = current(&request, &session).await.map_err(Failure::from)? {
        if let Some(state) = request.app_data::<Data<AppState>>() {
            state.attention.refresh(&state.db).await;
        }
        if let Some(connection) = Connection::of(request.request()) {
            connection.mark_signed_in();
        }
        request.extensions_mut().insert(user);
        request.extensions_mut().insert(unread);
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let address =
        if request.method() == Method::GET { request.uri().path_and_query().map(ToString::to_string) } else { None };
    let location = match address.as_deref() {
        None | Some("/") => "/login".to_owned(),
        Some(address) => {
            let next: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
            format!("/login?next={next}")
        }
    };
    let answer = HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish();
    Ok(request.into_response(answer).map_into_right_body())
}

/// How many comments mention the person who asks and are unread.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnreadMentions(pub i64);

async fn current(request: &ServiceRequest, session: &Session) -> DomainResult<Option<(User, UnreadMentions)>> {
    let Some(id) = session.get::<i64>(USER).map_err(DomainError::internal)? else {
        return Ok(None);
    };
    let Some(state) = request.app_data::<Data<AppState>>() else {
        return Ok(None);
    };
    let find =
        move |conn: &mut AnyConnection| Ok((users::find(conn, id)?, UnreadMentions(mentions::count_unread(conn, id)?)));
    match state.db.read_without_snapshot(find).await {
        Ok((user, unread)) if !user.disabled => Ok(Some((user, unread))),
        Ok(_) | Err(DomainError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The signed-in person. Only handlers behind [`signed_in`] can take one.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub user: User,
    /// Where the request came from.
    pub address: IpAddr,
}

impl SignedIn {
    pub fn actor(&self) -> Actor {
        Actor::Person { user: self.user.clone(), address: Some(self.address) }
    }
}

impl FromRequest for SignedIn {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let user = request.extensions().get::<User>().cloned();
        let address = client_address(request);
        let person = user.map(|user| Self { user, address });
        ready(person.ok_or_else(|| DomainError::Forbidden("Sign in first.").into()))
    }
}
