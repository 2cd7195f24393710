//! Server-Sent Events: the entries of one incident or alert as they happen, as the very HTML that
//! the page shows, and the facts that changed with them. The history table is the source; a wake-up
//! only says that it is worth looking.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use actix_session::Session;
use actix_web::http::header;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream::{self, StreamExt as _};
use serde::Serialize;
use tokio::sync::{broadcast, watch};

use crate::accounts::{sessions, users};
use crate::alerts::lookup::find_alert;
use crate::db::{AnyConnection, Db};
use crate::error::{Error, Result};
use crate::history::timeline;
use crate::incidents::lookup::find_incident;
use crate::incidents::overview;
use crate::permissions::{Action, allows};
use crate::web::incident::presenters::{EntryFragment, EntryView, Viewer};
use crate::web::incident::priority::PriorityFragment;
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::Zone;

/// How often the table is looked at without a wake-up: another process may have written.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How soon a browser comes back after a lost connection, in milliseconds.
const RETRY: u32 = 1_000;

/// What a stream follows.
#[derive(Debug, Clone, Copy)]
enum Subject {
    Incident(i64),
    Alert(i64),
}

/// GET /incidents/{id}/stream
pub async fn incident(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
) -> std::result::Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let known = state.db.read(move |conn| find_incident(conn, id)).await?.revision;
    Ok(open(&request, &state, &person, &session, Subject::Incident(id), known))
}

/// GET /alerts/{id}/stream
pub async fn alert(
    request: HttpRequest,
    state: Data<AppState>,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
) -> std::result::Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let known = state.db.read(move |conn| {
        find_alert(conn, id)?;
        timeline::newest_of_alert(conn, id)
    });
    let known = known.await?;
    Ok(open(&request, &state, &person, &session, Subject::Alert(id), known))
}

struct Follower {
    db: Db,
    subject: Subject,
    /// The incident to be woken for; an alert's may change while it is followed.
    incident: i64,
    user: i64,
    zone: Zone,
    session: String,
    after: i64,
    wakes: broadcast::Receiver<i64>,
    stop: watch::Receiver<bool>,
    waiting: VecDeque<Bytes>,
    first: bool,
}

fn open(
    request: &HttpRequest,
    state: &AppState,
    person: &SignedIn,
    session: &Session,
    subject: Subject,
    newest: i64,
) -> HttpResponse {
    let header = request.headers().get("last-event-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let asked = header.or_else(|| query::value(request, "after")).and_then(|text| text.trim().parse::<i64>().ok());
    let follower = Follower {
        db: state.db.clone(),
        subject,
        incident: match subject {
            Subject::Incident(id) => id,
            Subject::Alert(_) => 0,
        },
        user: person.0.id,
        zone: Zone::of(request),
        session: session.get::<String>(crate::web::shared::session::CSRF).ok().flatten().unwrap_or_default(),
        after: asked.unwrap_or(newest),
        wakes: state.db.hub().listen(),
        stop: state.db.hub().stopped(),
        waiting: VecDeque::from([Bytes::from(format!("retry: {RETRY}\n\n"))]),
        first: true,
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
            if let Some(chunk) = self.waiting.pop_front() {
                return Some(chunk);
            }
            if *self.stop.borrow() {
                return None;
            }
            let woken = if self.first { true } else { self.wait().await? };
            self.first = false;
            if let Err(error) = self.look(woken).await {
                // The browser comes back by itself and is told then.
                tracing::debug!("stream ended: {error}");
                return None;
            }
        }
    }

    /// Waits for a wake-up of this incident or for the next regular look; `None` at a stop.
    async fn wait(&mut self) -> Option<bool> {
        let tick = tokio::time::sleep(LOOK_EVERY);
        tokio::pin!(tick);
        loop {
            tokio::select! {
                _ = self.stop.changed() => return None,
                () = &mut tick => return Some(false),
                woken = self.wakes.recv() => match woken {
                    Ok(incident) if incident == self.incident => return Some(true),
                    Ok(_) => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => return Some(true),
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            }
        }
    }

    /// Reads what happened since the last look; sends a heartbeat when nothing did.
    async fn look(&mut self, woken: bool) -> Result<()> {
        let (subject, after, user) = (self.subject, self.after, self.user);
        let (zone, session) = (self.zone.clone(), self.session.clone());
        let news = self.db.read(move |conn| read(conn, subject, after, user, &session, &zone)).await?;
        self.incident = news.incident;
        self.after = news.after;
        self.waiting.extend(news.events);
        if self.waiting.is_empty() && !woken {
            self.waiting.push_back(Bytes::from_static(b": still here\n\n"));
        }
        if news.more {
            self.first = true;
        }
        Ok(())
    }
}

struct News {
    incident: i64,
    after: i64,
    events: Vec<Bytes>,
    more: bool,
}

fn read(conn: &mut AnyConnection, subject: Subject, after: i64, user: i64, session: &str, zone: &Zone) -> Result<News> {
    // A stream must not outlive a sign-out or a disabled account.
    let viewer = users::find(conn, user)?;
    if viewer.disabled || !sessions::holds(conn, user, session)? {
        return Err(Error::Forbidden("signed out"));
    }
    let (incident, entries, shown) = match subject {
        Subject::Incident(id) => (id, timeline::after(conn, id, after)?, Some(id)),
        Subject::Alert(id) => (find_alert(conn, id)?.incident_id, timeline::of_alert_after(conn, id, after)?, None),
    };
    let mut news = News { incident, after, events: Vec::new(), more: false };
    if entries.is_empty() {
        return Ok(news);
    }
    let people = users::names(conn)?;
    let csrf = allows(viewer.role, Action::Work).then_some(session);
    let viewer = Viewer { zone, people: &people, incident: shown, csrf };
    for entry in &entries {
        let view = EntryView::new(entry, viewer);
        news.after = view.event_id;
        let id = view.event_id;
        let html = EntryFragment { entry: view }.render_text()?;
        news.events.push(event("entry", id, &html));
    }
    news.more = i64::try_from(entries.len()).unwrap_or(0) >= timeline::PAGE;
    if !news.more {
        let state = match subject {
            Subject::Incident(id) => incident_state(conn, id)?,
            Subject::Alert(id) => alert_state(conn, id)?,
        };
        news.events.push(event("state", news.after, &state));
    }
    Ok(news)
}

/// One event; every line of its data gets its own field, so that a line break in a comment cannot
/// begin another event.
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

/// What panes and pages keep true beside the entries: shown texts, and form values.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LiveState {
    revision: i64,
    /// Where an incident's alerts are now, when they are no longer in it.
    redirect_to: Option<i64>,
    text: Vec<(&'static str, String)>,
    fields: Vec<(&'static str, String)>,
    tags: Vec<String>,
    /// Its score and reasons as a page shows them; empty for an alert.
    priority: String,
    /// Why an alert is where it is, a few words each.
    reasons: Vec<String>,
}

fn incident_state(conn: &mut AnyConnection, id: i64) -> Result<String> {
    let overview = overview::load(conn, id)?;
    let incident = &overview.incident;
    let automatic = incident.severity_source == crate::model::severity::SeveritySource::Automatic;
    let owner = overview.owner.as_ref();
    let live = LiveState {
        revision: incident.revision,
        redirect_to: incident.redirect_to,
        text: vec![
            ("name", incident.name.clone()),
            ("status", incident.status.label().to_owned()),
            ("severity", incident.severity.label().to_owned()),
            ("owner", owner.map_or_else(|| "Unassigned".to_owned(), |user| user.display_name.clone())),
            ("classification", incident.outcome().label()),
            ("activeAlerts", format!("{}/{}", incident.open_alert_count, incident.alert_count)),
            ("alertCount", incident.alert_count.to_string()),
            ("deviceCount", incident.device_count.to_string()),
            ("userCount", incident.user_count.to_string()),
            ("mailboxCount", incident.mailbox_count.to_string()),
            ("entryCount", timeline::count(conn, id)?.to_string()),
            ("note", incident.resolving_note.clone().unwrap_or_default()),
        ],
        fields: vec![
            ("name", incident.name.clone()),
            ("severity", if automatic { "automatic" } else { incident.severity.as_str() }.to_owned()),
            ("status", incident.status.as_str().to_owned()),
            ("resolving_note", incident.resolving_note.clone().unwrap_or_default()),
            ("classification", incident.outcome().form_value()),
            ("assigned_to", owner.map(|user| user.name.clone()).unwrap_or_default()),
        ],
        tags: overview.tags.iter().filter(|tag| !tag.system).map(|tag| tag.name.clone()).collect(),
        priority: PriorityFragment::text(incident)?,
        reasons: Vec::new(),
    };
    Ok(serde_json::to_string(&live)?)
}

fn alert_state(conn: &mut AnyConnection, id: i64) -> Result<String> {
    let alert = find_alert(conn, id)?;
    let owner = match alert.assigned_to {
        Some(owner) => Some(users::find(conn, owner)?),
        None => None,
    };
    let live = LiveState {
        revision: alert.revision,
        redirect_to: None,
        text: vec![
            ("status", alert.status.label().to_owned()),
            ("severity", alert.severity.label().to_owned()),
            ("owner", owner.as_ref().map_or_else(|| "Unassigned".to_owned(), |user| user.display_name.clone())),
            ("classification", alert.outcome().label()),
            ("linkedBy", alert.linked_by.explanation.clone()),
        ],
        fields: vec![
            ("status", alert.status.as_str().to_owned()),
            ("classification", alert.outcome().form_value()),
            ("assigned_to", owner.map(|user| user.name).unwrap_or_default()),
        ],
        tags: Vec::new(),
        priority: String::new(),
        reasons: alert.linked_by.reasons_in_words(),
    };
    Ok(serde_json::to_string(&live)?)
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
