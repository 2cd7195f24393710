//! What is known of one connection, and what follows from it: whether it is overdue, and how soon it is closed when
//! there is no room.

use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::web::server::minimum_rate::{BROWSER_RATE, MinimumRate};
use crate::web::server::read_ahead::{Expected, ReadAhead};

/// How long a client may take to send the header of a request: from its first byte, or from the end of the request
/// before, which is longer than the keep-alive of actix-http.
const HEADER: Duration = Duration::from_secs(10);
/// How long a connection of HTTP/2 may be without a request. HTTP/1 ends sooner by the keep-alive of actix-http.
const IDLE: Duration = Duration::from_secs(120);
/// How long an answer waits for a client that does not read.
const SLOW_READER: Duration = Duration::from_secs(30);
/// The same for an event stream: a laptop may sleep for a moment.
const SLOW_FOLLOWER: Duration = Duration::from_secs(120);
/// Silence after which a connection counts as idle. A new connection of a person who has signed in has sent its
/// request before that.
const SILENT: Duration = Duration::from_secs(1);

/// What is known of a connection.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// A person who has signed in, or a sender with a valid token, sent a request over it; over a proxy's connection,
    /// the latest request.
    pub(super) signed_in: bool,
    pub(super) http2: bool,
    /// Requests under way.
    pub(super) requests: usize,
    /// Those whose body is waited for.
    pub(super) bodies: usize,
    pub(super) event_streams: usize,
    /// Since when a header is waited for.
    pub(super) header: Option<Instant>,
    /// Since when an answer has been waiting for the client to read.
    pub(super) blocked: Option<Instant>,
    /// Bytes of answers of HTTP/1 that were handed on and not yet written.
    pub(super) unsent: usize,
    pub(super) read_ahead: ReadAhead,
    pub(super) reader: MinimumRate,
    pub(super) follower: MinimumRate,
    /// Answers of HTTP/2 that wait for the client to open its window of flow control (RFC 9113, 5.2), while the
    /// connection itself takes bytes, such as pings.
    pub(super) window_waits: usize,
    /// Since when nothing of any of them has moved.
    pub(super) window_wait_since: Option<Instant>,
    pub(super) window_rate: MinimumRate,
    /// When the last byte passed, or a request began or ended. With HTTP/2 only bytes of bodies count: pings pass on a
    /// connection that does nothing.
    pub(super) active: Instant,
}

/// How soon a connection is closed to make room for others: the first first. A sender with a valid token is a person
/// who has signed in here, and everybody else a stranger.
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

impl State {
    pub(super) fn new() -> Self {
        Self {
            signed_in: false,
            http2: false,
            requests: 0,
            bodies: 0,
            event_streams: 0,
            header: None,
            blocked: None,
            unsent: 0,
            read_ahead: ReadAhead::default(),
            reader: MinimumRate::new(SLOW_READER, BROWSER_RATE),
            follower: MinimumRate::new(SLOW_FOLLOWER, BROWSER_RATE),
            window_waits: 0,
            window_wait_since: None,
            window_rate: MinimumRate::new(SLOW_READER, BROWSER_RATE),
            active: Instant::now(),
        }
    }

    /// How many bytes may be read now, at least one. HTTP/2 bounds requests and bodies by itself.
    pub(super) fn poll_may_read(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let expected = match (self.requests, self.bodies) {
            _ if self.http2 => return Poll::Ready(usize::MAX),
            (0, _) => Expected::Header,
            (_, 0) => Expected::Nothing,
            _ => Expected::Body,
        };
        self.read_ahead.poll(cx, expected)
    }

    /// An answer goes on after these bytes, or ends.
    pub(super) fn end_window_wait(&mut self, bytes: usize) {
        let now = Instant::now();
        self.window_waits = self.window_waits.saturating_sub(1);
        if let Some(since) = self.window_wait_since.take() {
            self.window_rate.waited(now - since);
        }
        self.window_rate.moved(bytes);
        self.window_wait_since = (self.window_waits > 0).then_some(now);
        self.active = now;
    }

    /// Why the connection is to be closed now, if it is.
    pub(super) fn overdue(&self, now: Instant) -> Option<&'static str> {
        let longer_than = |since: Option<Instant>, limit: Duration| {
            since.is_some_and(|since| now.saturating_duration_since(since) > limit)
        };
        let reader = if self.event_streams > 0 { &self.follower } else { &self.reader };
        let is_unread = longer_than(self.blocked, reader.left());
        if is_unread || longer_than(self.window_wait_since, self.window_rate.left()) {
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
        let waiting = self.bodies + self.event_streams + self.window_waits;
        let working = self.requests > waiting && self.blocked.is_none();
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
