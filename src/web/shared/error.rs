//! Domain errors as responses: a status and an error page. Details of internal errors are only logged;
//! the page has a reference to the log line.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use crate::error::Error;
use crate::secrets::random_hex;

/// The error of a handler.
#[derive(Debug)]
pub struct Failure {
    error: Error,
    reference: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let reference = random_hex(6).unwrap_or_default();
        match &error {
            Error::Internal(message) | Error::Retry(message) => {
                tracing::error!(reference, "internal error {reference}: {message}");
            }
            Error::Unavailable(why, message) => tracing::error!(reference, "{why:?} {reference}: {message}"),
            _ => {}
        }
        Self { error, reference }
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        Error::internal(error).into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

#[derive(Template)]
#[template(path = "error/page.html")]
struct ErrorPage<'a> {
    title: &'a str,
    message: &'a str,
    reference: Option<&'a str>,
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        match self.error {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden(_) => StatusCode::FORBIDDEN,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::Internal(_) | Error::Retry(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Error::Unavailable(..) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let invalid;
        let (title, message) = match &self.error {
            Error::NotFound => ("Not found", "There is nothing here, or nothing that you may see."),
            Error::Forbidden(why) => ("Not allowed", *why),
            Error::Invalid(errors) => {
                invalid = errors.to_string();
                ("This cannot be done", invalid.as_str())
            }
            Error::Conflict(_) => {
                ("Changed in the meantime", "Somebody else changed this just now. Go back and look again.")
            }
            Error::Internal(_) | Error::Retry(_) => {
                ("Something went wrong", "Nothing was changed. Try again; if it stays, tell whoever runs Watchdesk.")
            }
            Error::Unavailable(why, _) => ("Not available now", why.sentence()),
        };
        let reference = self.error.is_failure().then_some(self.reference.as_str());
        let mut response = page(self.status_code(), title, message, reference);
        if let Error::Unavailable(why, _) = &self.error {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(why.retry_after()));
        }
        response
    }
}

/// An error page, also for errors outside of handlers.
pub fn page(status: StatusCode, title: &str, message: &str, reference: Option<&str>) -> HttpResponse {
    let body = ErrorPage { title, message, reference }.render().unwrap_or_else(|_| title.to_owned());
    HttpResponse::build(status)
        .insert_header(ContentType::html())
        .insert_header(("Cache-Control", "no-store"))
        .body(body)
}

/// The answer for unknown addresses.
pub async fn not_found() -> HttpResponse {
    Failure::from(Error::NotFound).error_response()
}
