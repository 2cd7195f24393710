//! Server-sent events for an open incident or alert: each new entry of its history as the HTML that the
//! page shows, then its state. Entries are read from the history table; a wake-up only says when to read.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use actix_session::Session;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use futures_util::stream::StreamExt as _;
use serde::Serialize;
use tokio::sync::{broadcast, watch};

use crate::accounts::{sessions, users};
use crate::db::{AnyConnection, Db};
use crate::error::{Error, Result};
use crate::history::entry::Entry;
use crate::history::timeline;
use crate::permissions::{Action, allows};
use crate::web::shared::base_path::BasePath;
use crate::web::shared::entry_view::{EntryFragment, EntryView, Viewer};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::Zone;

/// How often entries are read without a wake-up, since another process may have written some.
const POLL_INTERVAL: Duration = Duration::from_secs(5);
/// After how many milliseconds a browser reconnects.
const RETRY_MS: u32 = 1_000;

/// An incident or alert that a stream follows.
#[derive(Clone, Copy)]
pub struct Subject {
    pub id: i64,
    /// The incident whose history is shown; none on the page of an alert.
    pub shown_in: Option<i64>,
    /// Returns the incident whose wake-ups to wait for, and the entries after the last one that was sent.
    pub entries: fn(&mut AnyConnection, id: i64, after: i64) -> Result<(i64, Vec<Entry>)>,
    pub state: fn(&mut AnyConnection, id: i64) -> Result<LiveState>,
}

struct Follower {
    db: Db,
    subject: Subject,
    /// The incident whose wake-ups to wait for. That of an alert may change.
    incident: i64,
    reader: Reader,
    after: i64,
    wakeups: broadcast::Receiver<i64>,
    stop: watch::Receiver<bool>,
    pending: VecDeque<Bytes>,
    /// Read at once, without waiting for a wake-up.
    read_now: bool,
}

/// Who reads the stream, and what the HTML for them depends on.
#[derive(Clone)]
struct Reader {
    user: i64,
    zone: Zone,
    session: String,
    base_path: BasePath,
}

/// Responds with the events after `newest`, or after the last event that the browser names.
pub fn open(
    request: &HttpRequest,
    state: &AppState,
    person: &SignedIn,
    session: &Session,
    subject: Subject,
    newest: i64,
) -> HttpResponse {
    let header = request.headers().get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let last_event = header.or_else(|| query::value(request, "after")).and_then(|text| text.trim().parse::<i64>().ok());
    let follower = Follower {
        db: state.db.clone(),
        subject,
        incident: subject.shown_in.unwrap_or_default(),
        reader: Reader {
            user: person.0.id,
            zone: Zone::of(request),
            session: session.get::<String>(crate::web::shared::session::CSRF).ok().flatten().unwrap_or_default(),
            base_path: state.base_path.clone(),
        },
        after: last_event.unwrap_or(newest),
        wakeups: state.db.hub().listen(),
        stop: state.db.hub().stopped(),
        pending: VecDeque::from([Bytes::from(format!("retry: {RETRY_MS}\n\n"))]),
        read_now: true,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        let chunk = follower.next().await?;
        Some((Ok::<Bytes, Infallible>(chunk), follower))
    });
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Compression would hold each event back until its buffer is full.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(events.boxed_local())
}

impl Follower {
    /// The next bytes to send; `None` ends the stream.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(chunk) = self.pending.pop_front() {
                return Some(chunk);
            }
            if *self.stop.borrow() {
                return None;
            }
            let woken = if self.read_now { true } else { self.wait().await? };
            self.read_now = false;
            if let Err(error) = self.read(woken).await {
                // The browser reconnects, and gets the error as a response.
                tracing::debug!("stream ended: {error}");
                return None;
            }
        }
    }

    /// Waits until entries are to be read: true after a wake-up, false after the interval, `None` when the
    /// server stops.
    async fn wait(&mut self) -> Option<bool> {
        let tick = tokio::time::sleep(POLL_INTERVAL);
        tokio::pin!(tick);
        loop {
            tokio::select! {
                _ = self.stop.changed() => return None,
                () = &mut tick => return Some(false),
                woken = self.wakeups.recv() => match woken {
                    Ok(incident) if incident == self.incident => return Some(true),
                    Ok(_) => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => return Some(true),
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Queues the events since the last call. Without any, a comment keeps the connection open.
    async fn read(&mut self, woken: bool) -> Result<()> {
        let (subject, after, reader) = (self.subject, self.after, self.reader.clone());
        let batch = self.db.read(move |conn| events(conn, subject, after, &reader)).await?;
        self.incident = batch.incident;
        self.after = batch.after;
        self.pending.extend(batch.events);
        if self.pending.is_empty() && !woken {
            self.pending.push_back(Bytes::from_static(b": still here\n\n"));
        }
        if batch.more {
            self.read_now = true;
        }
        Ok(())
    }
}

/// Events that were read at once.
struct Batch {
    incident: i64,
    after: i64,
    events: Vec<Bytes>,
    /// There are more entries than one batch has.
    more: bool,
}

fn events(conn: &mut AnyConnection, subject: Subject, after: i64, reader: &Reader) -> Result<Batch> {
    let Reader { user, zone, session, base_path } = reader;
    // A stream ends when its session ends or its account is disabled.
    let viewer = users::find(conn, *user)?;
    if viewer.disabled || !sessions::holds(conn, *user, session)? {
        return Err(Error::Forbidden("signed out"));
    }
    let (incident, entries) = (subject.entries)(conn, subject.id, after)?;
    let mut batch = Batch { incident, after, events: Vec::new(), more: false };
    if entries.is_empty() {
        return Ok(batch);
    }
    let people = users::names(conn)?;
    let csrf = allows(viewer.role, Action::Work).then_some(session.as_str());
    let viewer = Viewer { zone, people: &people, incident: subject.shown_in, csrf };
    for entry in &entries {
        let view = EntryView::new(entry, viewer);
        batch.after = view.event_id;
        let id = view.event_id;
        let html = base_path.add_in_html(EntryFragment { entry: view }.render_text()?)?;
        batch.events.push(event("entry", id, &html));
    }
    batch.more = i64::try_from(entries.len()).unwrap_or(0) >= timeline::PAGE;
    if !batch.more {
        let mut state = (subject.state)(conn, subject.id)?;
        state.priority = base_path.add_in_html(state.priority)?;
        batch.events.push(event("state", batch.after, &serde_json::to_string(&state)?));
    }
    Ok(batch)
}

/// One event. Each line of data is a field of its own, so that a line break in a comment cannot begin
/// another event.
fn event(name: &str, id: i64, data: &str) -> Bytes {
    let mut text = format!("id: {id}\nevent: {name}\n");
    for line in data.split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    Bytes::from(text)
}

/// The state of an incident or alert, with which scripts update a page or pane: texts and form values.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveState {
    pub revision: i64,
    /// The incident that this one was merged into.
    pub redirect_to: Option<i64>,
    pub text: Vec<(&'static str, String)>,
    pub fields: Vec<(&'static str, String)>,
    pub tags: Vec<String>,
    /// Score and reasons as HTML; empty for an alert.
    pub priority: String,
    /// Why an alert is in its incident, as short labels.
    pub reasons: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::event;

    #[test]
    fn a_line_break_in_data_cannot_begin_another_event() {
        let bytes = event("entry", 7, "one\ntwo\r\nevent: forged\n\nid: 9");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.starts_with("id: 7\nevent: entry\n"));
        assert!(text.lines().skip(2).all(|line| line.is_empty() || line.starts_with("data: ")));
        assert_eq!(text.matches("\n\n").count(), 1);
    }
}
