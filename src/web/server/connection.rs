//! What is known of one connection. Its stream tells of bytes, its requests of their beginning and end; `connections`
//! decides from it whether the connection is overdue, and how soon it is closed when there is no room.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use tokio::sync::Notify;

use crate::web::server::patience::{BROWSER_RATE, Patience};

/// How long a client may take to send the header of a request: from its first byte, or from the end of the request
/// before, which is longer than the keep-alive of actix-http.
const HEADER: Duration = Duration::from_secs(10);
/// How long a connection may be without a request and without a byte, which matters for HTTP/2.
const IDLE: Duration = Duration::from_secs(120);
/// How long an answer waits for a client that does not read.
const SLOW_READER: Duration = Duration::from_secs(30);
/// The same for an event stream: a laptop may sleep for a moment.
const SLOW_FOLLOWER: Duration = Duration::from_secs(120);
/// Silence after which a connection counts as idle. A new connection of a person who has signed in has sent its
/// request before that.
const SILENT: Duration = Duration::from_secs(1);

/// A connection, shared by its stream, its requests and the list of all.
#[derive(Debug)]
pub struct Connection {
    pub(super) peer: IpAddr,
    /// From a declared proxy, whose connections carry requests of many people.
    proxy: bool,
    state: Mutex<State>,
    close: Notify,
}

#[derive(Debug, Clone)]
pub(super) struct State {
    /// A person who has signed in sent a request over it; over a proxy's connection, the latest request.
    signed_in: bool,
    http2: bool,
    /// Requests under way.
    requests: usize,
    /// Those whose body is waited for.
    bodies: usize,
    event_streams: usize,
    /// Since when a header is waited for.
    header: Option<Instant>,
    /// Since when an answer has been waiting for the client to read.
    blocked: Option<Instant>,
    reader: Patience,
    follower: Patience,
    /// When the last byte passed, or a request began or ended.
    active: Instant,
}

/// How soon a connection is closed to make room for others: the first first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A stranger without a request.
    Idle,
    /// A stranger whose body or reading is waited for.
    Slow,
    /// A stranger who was active within the last second.
    Active,
    /// A person who has signed in, without a request.
    IdlePerson,
    /// Whatever is being worked on, and the requests and event streams of people who have signed in.
    Kept,
}

impl Connection {
    pub(super) fn new(peer: IpAddr, proxy: bool) -> Self {
        let state = State {
            signed_in: false,
            http2: false,
            requests: 0,
            bodies: 0,
            event_streams: 0,
            header: None,
            blocked: None,
            reader: Patience::new(SLOW_READER, BROWSER_RATE),
            follower: Patience::new(SLOW_FOLLOWER, BROWSER_RATE),
            active: Instant::now(),
        };
        Self { peer, proxy, state: Mutex::new(state), close: Notify::new() }
    }

    /// The connection of a request. None in a server that is not ours, as in tests of a handler.
    pub fn of(request: &HttpRequest) -> Option<&Arc<Self>> {
        request.conn_data::<Arc<Self>>()
    }

    /// A person who has signed in sent this request: its connection is among the last to be closed.
    pub fn mark_signed_in(request: &HttpRequest) {
        if let Some(connection) = Self::of(request) {
            connection.sign_in();
        }
    }

    pub(super) fn sign_in(&self) {
        self.state().signed_in = true;
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the connection, whatever it is doing.
    pub(super) fn close(&self) {
        self.close.notify_one();
    }

    /// Waits until the connection is to end.
    pub(super) async fn closed(&self) {
        self.close.notified().await;
    }

    pub(super) fn use_http2(&self) {
        self.state().http2 = true;
    }

    pub(super) fn received(&self) {
        let (mut state, now) = (self.state(), Instant::now());
        state.active = now;
        if state.requests == 0 && state.header.is_none() {
            state.header = Some(now);
        }
    }

    pub(super) fn sent(&self, bytes: usize) {
        let (mut state, now) = (self.state(), Instant::now());
        state.active = now;
        if let Some(since) = state.blocked.take() {
            state.reader.waited(now - since);
            state.follower.waited(now - since);
        }
        state.reader.moved(bytes);
        state.follower.moved(bytes);
        // An answer that is still being read is no time in which a header is waited for.
        state.header = state.header.map(|_| now);
    }

    /// An answer waits for the client to read.
    pub(super) fn blocked(&self) {
        self.state().blocked.get_or_insert_with(Instant::now);
    }

    /// Everything was read.
    pub(super) fn flushed(&self) {
        if self.state().blocked.is_some() {
            self.sent(0);
        }
    }

    pub(super) fn begin_request(self: &Arc<Self>) -> UnderWay {
        let mut state = self.state();
        state.requests += 1;
        state.header = None;
        state.active = Instant::now();
        state.signed_in &= !self.proxy;
        drop(state);
        UnderWay { connection: self.clone(), event_stream: false }
    }

    pub(super) fn begin_body_wait(&self) {
        self.state().bodies += 1;
    }

    pub(super) fn end_body_wait(&self) {
        let mut state = self.state();
        state.bodies = state.bodies.saturating_sub(1);
    }
}

/// A request under way, until its answer has been handed to the connection.
pub(super) struct UnderWay {
    connection: Arc<Connection>,
    event_stream: bool,
}

impl UnderWay {
    pub(super) fn is_event_stream(&mut self) {
        if !self.event_stream {
            self.event_stream = true;
            self.connection.state().event_streams += 1;
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.connection.state();
        state.requests = state.requests.saturating_sub(1);
        state.event_streams = state.event_streams.saturating_sub(usize::from(self.event_stream));
        state.active = Instant::now();
        if state.requests == 0 {
            state.header = Some(state.active);
        }
    }
}

impl State {
    /// Why the connection is to be closed now, if it is.
    pub(super) fn overdue(&self, now: Instant) -> Option<&'static str> {
        let longer_than = |since: Option<Instant>, limit: Duration| {
            since.is_some_and(|since| now.saturating_duration_since(since) > limit)
        };
        let reader = if self.event_streams > 0 { &self.follower } else { &self.reader };
        if longer_than(self.blocked, reader.left()) {
            return Some("the client does not read");
        }
        if self.requests > 0 {
            return None;
        }
        // Frames of HTTP/2 come without a request, too.
        if !self.http2 && self.blocked.is_none() && longer_than(self.header, HEADER) {
            return Some("the header does not end");
        }
        longer_than(Some(self.active), IDLE).then_some("no request comes")
    }

    pub(super) fn rank(&self, now: Instant) -> Rank {
        let silent = now.saturating_duration_since(self.active) >= SILENT;
        // An event stream waits for news, and nobody works on it.
        let working = self.requests > self.bodies + self.event_streams && self.blocked.is_none();
        match (self.signed_in, self.requests > 0) {
            (true, false) if silent => Rank::IdlePerson,
            (true, _) => Rank::Kept,
            (false, _) if working => Rank::Kept,
            (false, false) if silent => Rank::Idle,
            (false, true) if silent => Rank::Slow,
            (false, _) => Rank::Active,
        }
    }

    pub(super) fn active(&self) -> Instant {
        self.active
    }

    pub(super) fn is_stranger(&self) -> bool {
        !self.signed_in
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Arc<Connection> {
        Arc::new(Connection::new([192, 0, 2, 1].into(), false))
    }

    fn in_seconds(seconds: u64) -> Instant {
        Instant::now() + Duration::from_secs(seconds)
    }

    #[test]
    fn a_header_that_does_not_end_is_overdue_also_after_a_request() {
        let connection = connection();
        assert_eq!(connection.state().overdue(in_seconds(60)), None, "actix-http waits for the first byte");
        connection.received();
        assert_eq!(connection.state().overdue(in_seconds(9)), None);
        assert!(connection.state().overdue(in_seconds(11)).is_some());
        drop(connection.begin_request());
        assert_eq!(connection.state().overdue(in_seconds(9)), None);
        assert!(connection.state().overdue(in_seconds(11)).is_some());
        connection.blocked();
        assert_eq!(connection.state().overdue(in_seconds(20)), None, "the answer is still being read");
        connection.flushed();
        let _request = connection.begin_request();
        assert_eq!(connection.state().overdue(in_seconds(60)), None, "the handler works");
    }

    #[test]
    fn an_answer_waits_half_a_minute_for_a_reader_and_an_event_stream_longer() {
        let connection = connection();
        let mut request = connection.begin_request();
        connection.blocked();
        assert_eq!(connection.state().overdue(in_seconds(29)), None);
        assert!(connection.state().overdue(in_seconds(31)).is_some());
        request.is_event_stream();
        assert_eq!(connection.state().overdue(in_seconds(31)), None);
        assert!(connection.state().overdue(in_seconds(121)).is_some());
        connection.sent(1);
        assert_eq!(connection.state().overdue(in_seconds(121)), None);
    }

    #[test]
    fn strangers_are_closed_before_people_and_work_never() {
        let connection = connection();
        let rank = |seconds| connection.state().rank(in_seconds(seconds));
        assert_eq!((rank(0), rank(2)), (Rank::Active, Rank::Idle));
        let request = connection.begin_request();
        assert_eq!(rank(2), Rank::Kept);
        connection.begin_body_wait();
        assert_eq!((rank(0), rank(2)), (Rank::Active, Rank::Slow));
        connection.end_body_wait();
        connection.sign_in();
        assert_eq!(rank(2), Rank::Kept);
        drop(request);
        assert_eq!((rank(0), rank(2)), (Rank::Kept, Rank::IdlePerson));
    }

    #[test]
    fn a_proxys_connection_is_a_persons_only_while_their_request_is() {
        let connection = Arc::new(Connection::new([192, 0, 2, 1].into(), true));
        let request = connection.begin_request();
        connection.sign_in();
        drop(request);
        assert_eq!(connection.state().rank(in_seconds(2)), Rank::IdlePerson);
        let _request = connection.begin_request();
        connection.begin_body_wait();
        assert_eq!(connection.state().rank(in_seconds(2)), Rank::Slow);
    }
}
