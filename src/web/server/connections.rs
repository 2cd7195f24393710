//! All open connections. There is room for a part of the files that the process may open; the rest is for the database
//! and the server itself. When the room is used up, what a stranger left open is closed for whoever comes: a person
//! who signs in must never be locked out by connections that say nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ipnet::IpNet;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::accounts::network::network;
use crate::web::server::client_address::is_within;
use crate::web::server::connection::Connection;
use crate::web::server::connection_state::Rank;

/// Files for everything but connections: the database, the log, threads and what is being accepted.
const OTHER_FILES: usize = 80;
/// Most connections at once. Each takes some 20 KiB.
const MOST: usize = 8 * 1024;
/// Most connections from one address. An office of a hundred people behind one address has six each at most.
const PER_ADDRESS: usize = 512;
/// The limit on open files that is asked for at the start.
const FILES: u64 = 16 * 1024;
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The connections of a server.
#[derive(Debug)]
pub struct Connections {
    open: Mutex<Open>,
    /// Most connections.
    room: usize,
    proxies: Vec<IpNet>,
}

#[derive(Debug, Default)]
struct Open {
    newest: u64,
    by_id: HashMap<u64, Arc<Connection>>,
    /// By [`network`].
    by_address: HashMap<IpAddr, usize>,
}

/// An open connection's place among all; given back when dropped.
pub(super) struct Admitted {
    id: u64,
    pub(super) connection: Arc<Connection>,
    all: Arc<Connections>,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.all.open().remove(self.id);
        self.connection.end();
    }
}

impl Connections {
    /// Raises the limit on open files as far as allowed, and makes room by it.
    pub fn new(proxies: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self { open: Mutex::default(), room: room(raised_limit()), proxies })
    }

    /// Most connections at once.
    pub fn room(&self) -> usize {
        self.room
    }

    fn is_proxy(&self, peer: IpAddr) -> bool {
        is_within(&self.proxies, peer)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a new connection in, or refuses it when there is no room and nothing may be closed for it.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Admitted> {
        let peer = peer.to_canonical();
        let proxy = self.is_proxy(peer);
        let (mut open, now) = (self.open(), Instant::now());
        // Proxies and this machine speak for many.
        let limited = !proxy && !peer.is_loopback();
        let from_there = open.by_address.get(&network(peer)).copied().unwrap_or(0);
        if limited && from_there >= PER_ADDRESS.min(self.room / 4) {
            let from = network(peer);
            let closed = open.close_first(1, now, |connection| network(connection.peer) == from);
            if closed == 0 {
                return None;
            }
        }
        if !open.make_room(self.room, now) {
            return None;
        }
        let connection = Arc::new(Connection::new(peer, proxy));
        let id = open.add(connection.clone());
        Some(Admitted { id, connection, all: self.clone() })
    }

    /// Closes connections that are overdue, for as long as the server runs.
    pub async fn watch(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let (open, now) = (self.open(), Instant::now());
            for connection in open.by_id.values() {
                if let Some(reason) = connection.state().overdue(now) {
                    tracing::debug!(client = %connection.peer, "connection closed: {reason}");
                    connection.close();
                }
            }
        }
    }
}

impl Open {
    fn add(&mut self, connection: Arc<Connection>) -> u64 {
        self.newest += 1;
        *self.by_address.entry(network(connection.peer)).or_default() += 1;
        self.by_id.insert(self.newest, connection);
        self.newest
    }

    fn remove(&mut self, id: u64) {
        let Some(connection) = self.by_id.remove(&id) else { return };
        let from = network(connection.peer);
        if let Some(count) = self.by_address.get_mut(&from) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&from);
            }
        }
    }

    /// Whether one more fits. Strangers keep three quarters of the room at most; the rest is for people who have signed
    /// in, of whom nobody knows before their first request.
    fn make_room(&mut self, room: usize, now: Instant) -> bool {
        let for_strangers = room - room / 4;
        if self.by_id.len() < for_strangers {
            return true;
        }
        let strangers = self.by_id.values().filter(|connection| connection.state().is_stranger()).count();
        let fits = self.by_id.len() < room;
        if fits && strangers < for_strangers {
            return true;
        }
        // Several at once, so that not every new connection looks through all.
        self.close_first((room / 16).max(1), now, |_| true) > 0 || fits
    }

    /// Closes at most `count` of those that `may_close` allows, in the order of their rank, the longest silent first. Of
    /// those that are not idle or slow, only one. Returns how many were closed.
    fn close_first(&mut self, count: usize, now: Instant, may_close: impl Fn(&Connection) -> bool) -> usize {
        let mut ranked: Vec<(Rank, Instant, u64)> = self
            .by_id
            .iter()
            .filter(|(_, connection)| may_close(connection))
            .map(|(id, connection)| {
                let state = connection.state();
                (state.rank(now), state.active(), *id)
            })
            .filter(|(rank, ..)| *rank < Rank::Kept)
            .collect();
        ranked.sort_unstable();
        let silent = ranked.iter().take(count).take_while(|(rank, ..)| *rank <= Rank::Slow).count();
        let first = ranked.into_iter().take(silent.max(1));
        let mut closed = 0;
        for (.., id) in first {
            if let Some(connection) = self.by_id.get(&id).cloned() {
                connection.close();
                self.remove(id);
                closed += 1;
            }
        }
        closed
    }
}

/// The limit on open files, raised as far as the system lets this process.
pub fn raised_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(FILES, |maximum| maximum.min(FILES));
    let current = limit.current.unwrap_or(FILES);
    if current >= wanted {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum }) {
        Ok(()) => wanted,
        Err(error) => {
            tracing::warn!("the limit on open files stays at {current}: {error}");
            current
        }
    }
}

/// How many connections a limit on open files has room for.
fn room(limit: u64) -> usize {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    limit.saturating_sub(OTHER_FILES).max(limit / 4).clamp(4, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(room: usize) -> Arc<Connections> {
        let proxies = vec!["192.0.2.0/24".parse().unwrap()];
        Arc::new(Connections { open: Mutex::default(), room, proxies })
    }

    fn address(last: u8) -> IpAddr {
        [203, 0, 113, last].into()
    }

    #[test]
    fn the_room_leaves_files_for_everything_else() {
        assert_eq!((room(256), room(1024), room(1_000_000)), (176, 944, MOST));
        assert_eq!(room(64), 16);
    }

    #[test]
    fn the_oldest_silent_stranger_makes_room_and_people_and_work_stay() {
        let all = connections(8);
        let loopback = IpAddr::from([127, 0, 0, 1]);
        let person = all.admit(loopback).unwrap();
        person.connection.mark_signed_in();
        let _page = person.connection.begin_request().unwrap();
        let worker = all.admit(loopback).unwrap();
        let _work = worker.connection.begin_request().unwrap();
        let silent: Vec<_> = (0..5).map(|_| all.admit(loopback).unwrap()).collect();
        assert_eq!(all.open().by_id.len(), 7);
        let _new = all.admit(loopback).unwrap();
        let open: Vec<u64> = all.open().by_id.keys().copied().collect();
        assert!(!open.contains(&silent[0].id), "the oldest was closed");
        for kept in [&person, &worker].into_iter().chain(&silent[1..]) {
            assert!(open.contains(&kept.id));
        }
    }

    #[test]
    fn a_stranger_is_refused_when_everything_else_is_at_work() {
        let all = connections(8);
        let at_work = |n| {
            let admitted = all.admit(address(n)).unwrap();
            (admitted.connection.begin_request().unwrap(), admitted)
        };
        let (requests, _busy): (Vec<_>, Vec<_>) = (0..8).map(at_work).unzip();
        assert!(all.admit(address(9)).is_none());
        drop(requests);
        assert!(all.admit(address(9)).is_some());
    }

    #[test]
    fn one_address_has_a_limit_which_proxies_have_not() {
        let all = connections(40);
        let busy: Vec<_> = (0..10).map(|_| all.admit(address(1)).unwrap()).collect();
        let requests: Vec<_> = busy.iter().map(|admitted| admitted.connection.begin_request().unwrap()).collect();
        assert!(all.admit(address(1)).is_none());
        assert!(all.admit(address(2)).is_some());
        drop(requests);
        assert!(all.admit(address(1)).is_some(), "another of that address was closed");
        let proxied: Vec<_> = (0..15).filter_map(|_| all.admit([192, 0, 2, 7].into())).collect();
        assert_eq!(proxied.len(), 15);
        drop((busy, proxied));
        assert!(all.open().by_address.is_empty());
    }
}
