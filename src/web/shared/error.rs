//! Domain errors as responses: a status and an error page. Details of internal errors are only logged;
//! the page has a reference to the log line, if there is one. The page here is bare: it needs no session and no
//! database. `error_page` puts the navigation around it for people who are signed in.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use crate::error::{Error, Unavailable};
use crate::secrets::random_hex;

/// How often "busy" is logged at most. A stranger can cause it as often as they like, by signing in.
const BUSY_EVERY: Duration = Duration::from_secs(10);

/// When "busy" was logged, and how often it was not since then.
static BUSY: Mutex<Busy> = Mutex::new(Busy { logged: None, left_out: 0 });

/// The error of a handler.
#[derive(Debug)]
pub struct Failure {
    error: Error,
    /// In the log line of the error. None if it is not logged.
    reference: Option<String>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let reference = random_hex(6).unwrap_or_default();
        let is_logged = match &error {
            Error::Internal(message) | Error::Retry(message) => {
                tracing::error!(reference, "internal error {reference}: {message}");
                true
            }
            Error::Unavailable(Unavailable::Busy, message) => log_busy(&reference, message),
            Error::Unavailable(why, message) => {
                tracing::error!(reference, "{why:?} {reference}: {message}");
                true
            }
            _ => false,
        };
        Self { error, reference: is_logged.then_some(reference) }
    }
}

impl Failure {
    /// The title of the page and what it says.
    pub fn wording(&self) -> (&'static str, String) {
        let (title, message) = match &self.error {
            Error::NotFound => ("Not found", "This page does not exist, or you are not allowed to see it."),
            Error::Forbidden(why) => ("Not allowed", *why),
            Error::Invalid(errors) => return ("This cannot be done", errors.to_string()),
            Error::Conflict(_) => {
                ("Changed in the meantime", "Somebody else just changed this. Go back and reload the page.")
            }
            Error::Internal(_) | Error::Retry(_) => (
                "Something went wrong",
                "Nothing was changed. Try again. If it keeps happening, contact your administrator.",
            ),
            Error::Unavailable(why, _) => ("Temporarily unavailable", why.sentence()),
        };
        (title, message.to_owned())
    }

    /// What the log line of the error has, if there is one.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }
}

/// Logs that something is busy, unless that was logged just now. Returns whether it did.
fn log_busy(reference: &str, message: &str) -> bool {
    let left_out = BUSY.lock().unwrap_or_else(PoisonError::into_inner).note(Instant::now());
    if let Some(left_out) = left_out {
        tracing::warn!(reference, left_out, "busy {reference}: {message}");
    }
    left_out.is_some()
}

struct Busy {
    logged: Option<Instant>,
    left_out: u64,
}

impl Busy {
    /// How many were left out before this one; None if this one is left out, too.
    fn note(&mut self, now: Instant) -> Option<u64> {
        if self.logged.is_some_and(|logged| now.saturating_duration_since(logged) < BUSY_EVERY) {
            self.left_out += 1;
            return None;
        }
        self.logged = Some(now);
        Some(std::mem::take(&mut self.left_out))
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
        let (title, message) = self.wording();
        let mut response = page(self.status_code(), title, &message, self.reference.as_deref());
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
pub async fn not_found() -> Result<HttpResponse, Failure> {
    Err(Error::NotFound.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_is_logged_once_in_ten_seconds_with_how_often_it_was_not() {
        let mut busy = Busy { logged: None, left_out: 0 };
        let begin = Instant::now();
        let logged: Vec<Option<u64>> = (0..25).map(|second| busy.note(begin + Duration::from_secs(second))).collect();
        let expected = |second| match second {
            0 => Some(0),
            10 | 20 => Some(9),
            _ => None,
        };
        assert_eq!(logged, (0..25).map(expected).collect::<Vec<_>>());
    }
}
