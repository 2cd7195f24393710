//! One connection. Its stream tells of bytes, its requests of their beginning and end; `connections` decides from its
//! state whether it is overdue, and how soon it is closed when there is no room.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::HttpRequest;
use tokio::sync::{Notify, watch};

use crate::web::server::connection_state::State;

/// Most requests under way on one connection. Browsers send no more at once as long as the server names no limit.
const REQUESTS: usize = 100;

/// Bytes of answers that may wait for the client when it sends another request over HTTP/1. Browsers wait for an answer
/// before they send the next request; who does not, and does not read either, would fill the memory.
const UNSENT: usize = 64 * 1024;

/// A connection, shared by its stream, its requests and the list of all.
#[derive(Debug)]
pub struct Connection {
    pub(super) peer: IpAddr,
    /// From a declared proxy, whose connections carry requests of many people.
    proxy: bool,
    state: Mutex<State>,
    close: Notify,
    ended: watch::Sender<bool>,
}

impl Connection {
    pub(super) fn new(peer: IpAddr, proxy: bool) -> Self {
        Self { peer, proxy, state: Mutex::new(State::new()), close: Notify::new(), ended: watch::Sender::new(false) }
    }

    /// The connection of a request. None in a server that is not ours, as in tests of a handler.
    pub fn of(request: &HttpRequest) -> Option<&Arc<Self>> {
        request.conn_data::<Arc<Self>>()
    }

    /// A person who has signed in, or a sender with a valid token, sent a request: its connection is among the last to
    /// be closed.
    pub fn mark_signed_in(&self) {
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

    /// Tells the requests that the connection has ended.
    pub(super) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits until the connection has ended.
    pub(super) async fn ended(&self) {
        // Fails only without a sender, which is a part of this connection.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    pub(super) fn use_http2(&self) {
        self.state().http2 = true;
    }

    pub(super) fn is_http2(&self) -> bool {
        self.state().http2
    }

    /// How many bytes may be read now, at least one.
    pub(super) fn poll_may_read(&self, cx: &mut Context<'_>) -> Poll<usize> {
        self.state().poll_may_read(cx)
    }

    pub(super) fn received(&self, bytes: usize) {
        let mut state = self.state();
        if state.http2 {
            return;
        }
        state.read_ahead.read(bytes);
        state.active = Instant::now();
        if state.requests == 0 && state.header.is_none() {
            state.header = Some(state.active);
        }
    }

    pub(super) fn sent(&self, bytes: usize) {
        let (mut state, now) = (self.state(), Instant::now());
        if !state.http2 {
            state.active = now;
        }
        if let Some(since) = state.blocked.take() {
            state.reader.waited(now - since);
            state.follower.waited(now - since);
        }
        state.unsent = state.unsent.saturating_sub(bytes);
        state.reader.moved(bytes);
        state.follower.moved(bytes);
        // An answer that is still being read is no time in which a header is waited for.
        state.header = state.header.map(|_| now);
    }

    /// An answer waits for the client to read.
    pub(super) fn blocked(&self) {
        self.state().blocked.get_or_insert_with(Instant::now);
    }

    /// Everything was written.
    pub(super) fn flushed(&self) {
        let mut state = self.state();
        state.unsent = 0;
        let was_blocked = state.blocked.is_some();
        drop(state);
        if was_blocked {
            self.sent(0);
        }
    }

    /// None if too many are under way.
    pub(super) fn begin_request(self: &Arc<Self>) -> Option<UnderWay> {
        let mut state = self.state();
        if state.requests >= REQUESTS && !self.proxy {
            return None;
        }
        if state.unsent > UNSENT {
            self.close();
            return None;
        }
        state.requests += 1;
        state.header = None;
        state.active = Instant::now();
        state.signed_in &= !self.proxy;
        drop(state);
        Some(UnderWay { connection: self.clone(), event_stream: false, window_wait: None })
    }

    pub(super) fn begin_body_wait(&self) {
        let mut state = self.state();
        state.bodies += 1;
        state.read_ahead.wake();
    }

    pub(super) fn end_body_wait(&self) {
        let mut state = self.state();
        state.bodies = state.bodies.saturating_sub(1);
        state.active = Instant::now();
    }
}

/// A request under way, until its answer has been handed to the connection.
pub(super) struct UnderWay {
    connection: Arc<Connection>,
    event_stream: bool,
    /// The bytes of the part of the answer that may wait for the window.
    window_wait: Option<usize>,
}

impl UnderWay {
    /// Bytes of its answer over HTTP/1 were handed to the connection.
    pub(super) fn answered(&self, bytes: usize) {
        self.connection.state().unsent += bytes;
    }

    pub(super) fn is_event_stream(&mut self) {
        if !self.event_stream {
            self.event_stream = true;
            self.connection.state().event_streams += 1;
        }
    }

    /// A part of an answer of HTTP/2 is handed to the connection, which asks for the next part when this one fitted
    /// into the client's window. Event streams are left out, since they wait for news, and so are proxies, which pass
    /// on what each of many clients reads.
    pub(super) fn begin_window_wait(&mut self, bytes: usize) {
        if self.event_stream || self.connection.proxy || self.window_wait.is_some() {
            return;
        }
        self.window_wait = Some(bytes);
        let mut state = self.connection.state();
        state.window_waits += 1;
        state.window_wait_since.get_or_insert_with(Instant::now);
    }

    /// That part fitted into the window.
    pub(super) fn end_window_wait(&mut self) {
        if let Some(bytes) = self.window_wait.take() {
            self.connection.state().end_window_wait(bytes);
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.connection.state();
        if self.window_wait.is_some() {
            state.end_window_wait(0);
        }
        state.requests = state.requests.saturating_sub(1);
        state.event_streams = state.event_streams.saturating_sub(usize::from(self.event_stream));
        state.active = Instant::now();
        if state.requests == 0 {
            state.header = Some(state.active);
            state.read_ahead.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::web::server::connection_state::Rank;

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
        connection.received(1);
        assert_eq!(connection.state().overdue(in_seconds(9)), None);
        assert!(connection.state().overdue(in_seconds(11)).is_some());
        drop(connection.begin_request().unwrap());
        assert_eq!(connection.state().overdue(in_seconds(9)), None);
        assert!(connection.state().overdue(in_seconds(11)).is_some());
        connection.blocked();
        assert_eq!(connection.state().overdue(in_seconds(20)), None, "the answer is still being read");
        connection.flushed();
        let _request = connection.begin_request().unwrap();
        assert_eq!(connection.state().overdue(in_seconds(60)), None, "the handler works");
    }

    #[test]
    fn an_answer_waits_half_a_minute_for_a_reader_and_an_event_stream_longer() {
        let connection = connection();
        let mut request = connection.begin_request().unwrap();
        connection.blocked();
        assert_eq!(connection.state().overdue(in_seconds(29)), None);
        assert!(connection.state().overdue(in_seconds(31)).is_some());
        request.is_event_stream();
        assert_eq!(connection.state().overdue(in_seconds(31)), None);
        assert!(connection.state().overdue(in_seconds(121)).is_some());
        connection.sent(1);
        assert_eq!(connection.state().overdue(in_seconds(121)), None);
    }

    fn http2_connection() -> Arc<Connection> {
        let connection = connection();
        connection.use_http2();
        connection
    }

    #[test]
    fn an_answer_of_http2_whose_client_never_opens_its_window_is_overdue_whatever_else_passes() {
        let connection = http2_connection();
        let mut request = connection.begin_request().unwrap();
        assert_eq!(connection.state().rank(in_seconds(2)), Rank::Kept, "the handler works");
        request.begin_window_wait(8_192);
        connection.received(1);
        connection.sent(17);
        assert_eq!(connection.state().rank(in_seconds(2)), Rank::Slow);
        assert_eq!(connection.state().overdue(in_seconds(29)), None);
        assert!(connection.state().overdue(in_seconds(31)).is_some());
        request.end_window_wait();
        assert_eq!(connection.state().overdue(in_seconds(60)), None, "the handler works");
        request.begin_window_wait(8_192);
        drop(request);
        assert_eq!(connection.state().overdue(in_seconds(60)), None, "the answer was given up");
    }

    #[test]
    fn a_second_answer_that_waits_for_the_window_does_not_extend_the_time() {
        let connection = http2_connection();
        let mut first = connection.begin_request().unwrap();
        first.begin_window_wait(8_192);
        let mut second = connection.begin_request().unwrap();
        second.begin_window_wait(8_192);
        assert!(connection.state().overdue(in_seconds(31)).is_some());
        second.end_window_wait();
        assert_eq!(connection.state().overdue(in_seconds(29)), None);
        assert!(connection.state().overdue(in_seconds(31)).is_some(), "the first one still waits");
    }

    #[test]
    fn pings_do_not_make_a_connection_active() {
        let connection = http2_connection();
        connection.state().active -= Duration::from_secs(1);
        let active = connection.state().active();
        connection.received(1);
        connection.sent(17);
        assert_eq!(connection.state().active(), active);
        assert!(connection.state().overdue(in_seconds(121)).is_some());
    }

    #[test]
    fn one_connection_has_a_limit_of_requests_which_proxies_have_not() {
        let connection = connection();
        let mut requests: Vec<_> = (0..REQUESTS).map(|_| connection.begin_request().unwrap()).collect();
        assert!(connection.begin_request().is_none());
        requests.pop();
        assert!(connection.begin_request().is_some());
        let proxy = Arc::new(Connection::new([192, 0, 2, 1].into(), true));
        let requests: Vec<_> = (0..=REQUESTS).filter_map(|_| proxy.begin_request()).collect();
        assert_eq!(requests.len(), REQUESTS + 1);
    }

    #[tokio::test]
    async fn a_client_that_sends_requests_without_reading_answers_is_closed() {
        let connection = connection();
        let first = connection.begin_request().unwrap();
        first.answered(UNSENT);
        drop(first);
        let second = connection.begin_request().unwrap();
        second.answered(UNSENT);
        connection.sent(UNSENT / 2);
        assert!(connection.begin_request().is_none());
        connection.closed().await;
        connection.flushed();
        assert!(connection.begin_request().is_some());
    }

    #[test]
    fn strangers_are_closed_before_people_and_work_never() {
        let connection = connection();
        let rank = |seconds| connection.state().rank(in_seconds(seconds));
        assert_eq!((rank(0), rank(2)), (Rank::Active, Rank::Idle));
        let request = connection.begin_request().unwrap();
        assert_eq!(rank(2), Rank::Kept);
        connection.begin_body_wait();
        assert_eq!((rank(0), rank(2)), (Rank::Active, Rank::Slow));
        connection.end_body_wait();
        connection.mark_signed_in();
        assert_eq!(rank(2), Rank::Kept);
        drop(request);
        assert_eq!((rank(0), rank(2)), (Rank::Kept, Rank::IdlePerson));
    }

    #[test]
    fn a_proxys_connection_is_a_persons_only_while_their_request_is() {
        let connection = Arc::new(Connection::new([192, 0, 2, 1].into(), true));
        let request = connection.begin_request().unwrap();
        connection.mark_signed_in();
        drop(request);
        assert_eq!(connection.state().rank(in_seconds(2)), Rank::IdlePerson);
        let _request = connection.begin_request().unwrap();
        connection.begin_body_wait();
        assert_eq!(connection.state().rank(in_seconds(2)), Rank::Slow);
    }
}
