//! A session that cannot be read or stored because of the database: the page says why, as any other page does.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::Next;
use actix_web::{Error as WebError, ResponseError as _};

use crate::error::{Error, Unavailable};
use crate::web::shared::error::Failure;
use crate::web::shared::headers::POLICY;

/// Answers for the session middleware, whose own answer to any failure is an empty page with status 500.
pub async fn explain(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, WebError> {
    next.call(request).await.map_err(|error| {
        let is_ours = error.as_error::<Failure>().is_some();
        if is_ours || error.as_response_error().status_code() != StatusCode::INTERNAL_SERVER_ERROR {
            return error;
        }
        // The cause is in this form only.
        let message = format!("{error:?}");
        let failure = match Unavailable::said_in(&message) {
            Some(why) => Failure::from(Error::Unavailable(why, message)),
            None => Failure::from(Error::Internal(message)),
        };
        // An error is no response yet, so that the headers of all responses are not added to it.
        let mut response = failure.error_response();
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        InternalError::from_response(failure, response).into()
    })
}
