//! Server-sent events for an open incident or alert: each new entry of its history as the HTML that the
//! page shows, then its state.
//!
//! All who follow the same incident or alert are a channel. Its task ([`reader`]) reads the history when
//! the incident is woken, once for all of them ([`batch`]), and the same bytes go to everybody with the same
//! time zone and rights. A stream ([`stream`]) that is new, or that has not kept up, reads the table itself.

mod batch;
pub mod channels;
mod reader;
mod stream;
mod subject;
pub mod viewers;

use std::convert::Infallible;
use std::sync::Arc;

use actix_session::Session;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::{StreamExt as _, unfold};

use self::batch::Follower;
use self::channels::Full;
use self::reader::Source;
use self::stream::Stream;
pub use self::subject::{LiveState, Subject};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::query;
use crate::web::shared::session::CSRF;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::Zone;

/// After how many seconds to try again when too many streams are open.
const RETRY_AFTER: &str = "30";

/// Responds with the events from now on, or after the last event that the browser names; with 503 while too
/// many streams are open.
pub fn open(
    request: &HttpRequest,
    state: &AppState,
    person: &SignedIn,
    session: &Session,
    subject: Subject,
) -> HttpResponse {
    let header = request.headers().get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let last_event = header.or_else(|| query::value(request, "after")).and_then(|text| text.trim().parse::<i64>().ok());
    let follower = Arc::new(Follower {
        user: person.user.id,
        name: person.user.display_name.clone(),
        session: session.get::<String>(CSRF).ok().flatten().unwrap_or_default(),
        zone: Zone::of(request),
    });
    let source = Source { db: state.db.clone(), base_path: state.base_path.clone(), subject };
    let place = state.channels.join(subject.key(), Arc::clone(&follower), |batches| {
        let task = reader::run(source.clone(), state.channels.clone(), batches);
        tokio::spawn(task).abort_handle()
    });
    let place = match place {
        Ok(place) => place,
        Err(Full) => return full(),
    };
    let stream = Stream::new(source, follower, place, last_event.unwrap_or(subject.newest));
    let events = unfold(stream, |mut stream| async move {
        let chunk = stream.next().await?;
        Some((Ok::<Bytes, Infallible>(chunk), stream))
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compression would hold each event back until its buffer is full.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(events.boxed_local())
}

/// Notes whether a person who follows an incident or alert is writing there. `key` is its id, and the incident whose
/// history is shown.
pub fn set_editing(state: &AppState, key: (i64, Option<i64>), user: i64, is_editing: bool) {
    state.channels.set_editing(key, user, is_editing);
}

/// Nobody reads it: the script of the page tries again later, and shows nothing meanwhile.
fn full() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .insert_header((header::RETRY_AFTER, RETRY_AFTER))
        .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body("Too many streams are open.")
}
