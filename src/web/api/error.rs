//! Errors of the API as JSON: `{"error":{"code","message","innerError":{"date","request-id"}}}`.

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::clock;
use crate::config::show_size;
use crate::error::Error;
use crate::ingest::intake::ITEMS_MAX;
use crate::ingest::intake::report::Unfinished;
use crate::ingest::ownership::REVOKED;
use crate::secrets::random_hex;
use crate::text::thousands;

#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    request_id: String,
    /// In how many seconds the sender may try again.
    retry_after: Option<u32>,
}

impl ApiError {
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), request_id: random_hex(8).unwrap_or_default(), retry_after: None }
    }

    /// A body of more than `limit` bytes; `before` says what of it was stored.
    pub fn too_large(limit: u64, before: &str) -> Self {
        let message =
            format!("The body is too large: at most {} unpacked. Send it in parts. {before}", show_size(limit));
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message)
    }

    /// An address that sent many wrong tokens, and must wait before another one is looked up.
    pub fn too_many_wrong_tokens(wait: Duration) -> Self {
        let message = "Too many wrong tokens from this address. Correct the token, or wait.";
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message);
        error.retry_after = u32::try_from(wait.as_secs() + 1).ok();
        error
    }

    /// A body that did not arrive whole; `before` says what of it was stored.
    pub fn broken_off(before: &str) -> Self {
        let message = format!("The body is incomplete. Send it again. {before}");
        Self::new(StatusCode::REQUEST_TIMEOUT, "RequestTimeout", message)
    }

    /// A body that was not taken to its end, of at most `limit` bytes; `before` says what of it was stored.
    pub fn unfinished(why: Unfinished, limit: u64, before: &str) -> Self {
        let new = |status, code, message: &str| Self::new(status, code, format!("{message} {before}"));
        let too_large = |message: &str| new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message);
        match why {
            Unfinished::TooLarge => Self::too_large(limit, before),
            Unfinished::BrokenOff => Self::broken_off(before),
            Unfinished::TooManyItems => {
                let most = thousands(ITEMS_MAX);
                too_large(&format!("A body can have at most {most} items. Send it in parts."))
            }
            Unfinished::UnpacksTooFar => {
                too_large("The body unpacks to more than 200 times its size. Send it uncompressed or in parts.")
            }
            Unfinished::TooSlow => {
                let message = "The body arrives too slowly. Send at least 1 KB per second, or send it in parts.";
                new(StatusCode::REQUEST_TIMEOUT, "RequestTimeout", message)
            }
            Unfinished::MostlyRejected => {
                let message = "Almost all items were rejected, so the rest was not read.";
                new(StatusCode::UNPROCESSABLE_ENTITY, "InvalidInput", message)
            }
            Unfinished::Revoked => new(StatusCode::UNAUTHORIZED, "Unauthorized", REVOKED),
            Unfinished::Unavailable(unavailable) => {
                let message = format!("Only part of the body was stored: {}.", why.failure().unwrap_or_default());
                let mut error = new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", &message);
                error.retry_after = Some(unavailable.retry_after());
                error
            }
            Unfinished::Failed => {
                let message = "Only part of the body was stored: something went wrong.";
                new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", message)
            }
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match &error {
            Error::NotFound => Self::new(StatusCode::NOT_FOUND, "NotFound", "Not found."),
            Error::Forbidden(why) => Self::new(StatusCode::FORBIDDEN, "Forbidden", *why),
            Error::Invalid(errors) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "InvalidInput", errors.to_string()),
            Error::Conflict(_) => {
                Self::new(StatusCode::CONFLICT, "Conflict", "Somebody else changed it in the meantime.")
            }
            Error::Internal(message) | Error::Retry(message) => {
                let error = Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "InternalServerError",
                    "Something went wrong. Nothing was changed.",
                );
                tracing::error!(reference = error.request_id, "internal error {}: {message}", error.request_id);
                error
            }
            Error::Unavailable(why, message) => {
                let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", why.sentence());
                error.retry_after = Some(why.retry_after());
                tracing::error!(reference = error.request_id, "{why:?} {}: {message}", error.request_id);
                error
            }
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let date = jiff::Timestamp::from_microsecond(clock::now()).unwrap_or_default();
        let mut response = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            // Some clients send Basic only after they were asked for it.
            response.insert_header(("WWW-Authenticate", "Bearer"));
            response.append_header(("WWW-Authenticate", "Basic realm=\"Watchdesk\""));
        } else if self.status == StatusCode::METHOD_NOT_ALLOWED {
            response.insert_header(("Allow", "POST"));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        response.insert_header(("Cache-Control", "no-store")).json(json!({
            "error": {
                "code": self.code,
                "message": self.message,
                "innerError": {
                    "date": date.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
                    "request-id": self.request_id,
                },
            }
        }))
    }
}

/// The answer for a method that an address does not take. All take POST.
pub fn method_not_allowed() -> HttpResponse {
    let message = "This address accepts only POST.";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message).error_response()
}

/// The answer for unknown addresses of the API.
pub fn not_found() -> HttpResponse {
    ApiError::from(Error::NotFound).error_response()
}
