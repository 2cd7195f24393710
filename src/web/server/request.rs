//! Middleware around every request: tells the connection of its beginning and end, ends it with the connection, and
//! gives a body that comes too slowly up with 408.

use std::cell::Cell;
use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::{ErrorRequestTimeout, InternalError, PayloadError};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage as _, HttpResponse};
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::web::server::connection::{Connection, UnderWay};
use crate::web::server::minimum_rate::{BROWSER_RATE, MinimumRate};
use crate::web::shared::error;
use crate::web::shared::form::has_files;
use crate::web::shared::state::AppState;

/// How long a form may be silent. Bodies of alerts come while they are made, and have a rate of their own
/// (`web::api::receiving`).
const SILENCE: Duration = Duration::from_secs(10);
/// How long a form may take in all. The largest has 2 MiB.
const FORM: Duration = Duration::from_secs(60);
/// The same of a form with files: 25 MiB in ten minutes are 44 KB a second, as a slow line has.
const FILES: Duration = Duration::from_secs(600);
/// Bytes of an answer of HTTP/2 that are handed on at once. The slowest client takes them in half of the time for which
/// a client that does not read is waited for.
const PART: usize = 8 * 1024;

/// Wraps everything that reads a body.
pub async fn track(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(connection) = Connection::of(request.request()).cloned() else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let Some(mut under_way) = connection.begin_request() else {
        let refusal = HttpResponse::ServiceUnavailable().insert_header((header::RETRY_AFTER, 1)).finish();
        return Ok(request.into_response(refusal));
    };
    let (state, is_form) = (request.app_data::<Data<AppState>>().cloned(), !request.path().starts_with("/api/"));
    let too_slow = Rc::new(Cell::new(false));
    let payload = request.take_payload();
    request.set_payload(match payload {
        Payload::None => Payload::None,
        payload => {
            let in_all = if has_files(request.headers()) { FILES } else { FORM };
            let body = Body::new(payload, connection.clone(), too_slow.clone(), is_form.then_some(in_all));
            Payload::Stream { payload: Box::pin(body) }
        }
    });
    let answered = tokio::select! {
        answered = next.call(request) => answered,
        // With HTTP/2 the handler would go on.
        () = connection.ended() => return Err(ErrorRequestTimeout("the client has left")),
    };
    let response =
        if too_slow.get() && is_form { too_slow_page(answered, state).await? } else { answered?.map_into_boxed_body() };
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
        under_way.is_event_stream();
    }
    let is_http2 = connection.is_http2();
    let answer = |body: BoxBody| Answer { body, rest: Bytes::new(), is_http2, under_way };
    Ok(response.map_body(|_, body| BoxBody::new(answer(body))))
}

/// What is answered to a form that did not arrive in time, whatever the handler made of it.
async fn too_slow_page(
    answered: Result<ServiceResponse<impl MessageBody>, Error>,
    state: Option<Data<AppState>>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut page = error::page(StatusCode::REQUEST_TIMEOUT, "Too slow", TOO_SLOW, None);
    if let Some(state) = state {
        page = state.base_path.add_in_response(page).await.map_into_boxed_body();
    }
    match answered {
        Ok(response) => Ok(response.into_response(page)),
        Err(error) => Err(InternalError::from_response(error, page).into()),
    }
}

const TOO_SLOW: &str = "The form did not arrive in time, so nothing was changed. Try again.";

/// The body of a request, for as long as the client keeps sending it.
struct Body {
    payload: Payload,
    connection: Arc<Connection>,
    too_slow: Rc<Cell<bool>>,
    minimum_rate: MinimumRate,
    /// When a form must be there. None for a body of alerts, which is not ended here.
    end: Option<Instant>,
    /// Since when the client is waited for, and what wakes us when a form has been waited for too long.
    waiting: Option<(Instant, Option<Pin<Box<Sleep>>>)>,
}

impl Body {
    fn new(payload: Payload, connection: Arc<Connection>, too_slow: Rc<Cell<bool>>, in_all: Option<Duration>) -> Self {
        let end = in_all.map(|in_all| Instant::now() + in_all);
        Self {
            payload,
            connection,
            too_slow,
            minimum_rate: MinimumRate::new(SILENCE, BROWSER_RATE),
            end,
            waiting: None,
        }
    }

    fn begin_wait(&mut self) -> Option<&mut Pin<Box<Sleep>>> {
        let (minimum_rate, end, connection) = (&self.minimum_rate, self.end, &self.connection);
        let (_, sleep) = self.waiting.get_or_insert_with(|| {
            connection.begin_body_wait();
            let now = Instant::now();
            (now, end.map(|end| Box::pin(sleep_until(end.min(now + minimum_rate.left())))))
        });
        sleep.as_mut()
    }

    fn end_wait(&mut self) {
        if let Some((since, _)) = self.waiting.take() {
            self.connection.end_body_wait();
            self.minimum_rate.waited(since.elapsed());
        }
    }
}

impl Stream for Body {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let body = self.get_mut();
        if body.too_slow.get() {
            return Poll::Ready(None);
        }
        if let Poll::Ready(item) = Pin::new(&mut body.payload).poll_next(cx) {
            body.end_wait();
            if let Some(Ok(bytes)) = &item {
                body.minimum_rate.moved(bytes.len());
            }
            return Poll::Ready(item);
        }
        if !body.begin_wait().is_some_and(|sleep| sleep.as_mut().poll(cx).is_ready()) {
            return Poll::Pending;
        }
        body.end_wait();
        body.too_slow.set(true);
        Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into()))))
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.end_wait();
    }
}

/// The body of an answer; the request is under way until it has been handed to the connection.
struct Answer {
    body: BoxBody,
    /// What is left of the last part of the body.
    rest: Bytes,
    is_http2: bool,
    under_way: UnderWay,
}

impl MessageBody for Answer {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let answer = self.get_mut();
        if !answer.is_http2 {
            let next = Pin::new(&mut answer.body).poll_next(cx);
            if let Poll::Ready(Some(Ok(bytes))) = &next {
                answer.under_way.answered(bytes.len());
            }
            return next;
        }
        answer.under_way.end_window_wait();
        if answer.rest.is_empty() {
            match Pin::new(&mut answer.body).poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => answer.rest = bytes,
                other => return other,
            }
        }
        let part = answer.rest.split_to(answer.rest.len().min(PART));
        answer.under_way.begin_window_wait(part.len());
        Poll::Ready(Some(Ok(part)))
    }
}
