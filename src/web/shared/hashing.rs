//! Hashing passwords: one at a time, since each takes a core and 19 MiB, with a queue of bounded length. Networks take
//! turns in the queue, so that one that sends many attempts makes another's wait for one of them only. An attempt
//! whose connection ends while it is in the queue is never hashed: its handler is dropped.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::web;
use tokio::sync::oneshot;

use crate::accounts::network::site;
use crate::error::{Error, Result, Unavailable};

/// Passwords hashed at once.
const AT_ONCE: usize = 1;
/// Places in the queue for attempts on accounts that were not signed in to from their network before. With those below
/// they wait less than 4 seconds.
const PLACES: usize = 48;
/// Places for the others, which strangers cannot take and whose turn comes first. `accounts::throttle` limits what one
/// of them may do with it.
const KNOWN_PLACES: usize = 32;

/// The queue.
#[derive(Clone)]
pub struct Hashing(Arc<Mutex<Queue>>);

struct Queue {
    /// How many more may be hashed now.
    free: usize,
    known: Turns,
    strangers: Turns,
}

/// Attempts that wait, by network. The network at the front is next, and moves to the back then.
struct Turns {
    places: usize,
    networks: VecDeque<Network>,
}

/// Attempts from one IPv4 address or IPv6 network of 48 bits, the longest waiting first; at least one.
struct Network {
    site: IpAddr,
    waiting: VecDeque<oneshot::Sender<Turn>>,
}

/// A place in the queue; given up when it is dropped.
pub struct Place(oneshot::Receiver<Turn>);

/// The right to hash one password; it ends when it is dropped.
struct Turn(Hashing);

impl Default for Hashing {
    fn default() -> Self {
        let turns = |places| Turns { places, networks: VecDeque::new() };
        let queue = Queue { free: AT_ONCE, known: turns(KNOWN_PLACES), strangers: turns(PLACES) };
        Self(Arc::new(Mutex::new(queue)))
    }
}

impl Hashing {
    /// Takes a place in the queue; an error if there is none. `is_known`: the account was signed in to from this
    /// network before.
    pub fn queue(&self, address: IpAddr, is_known: bool) -> Result<Place> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut queue = self.lock();
            let turns = if is_known { &mut queue.known } else { &mut queue.strangers };
            turns.add(site(address), sender)?;
        }
        self.give_turns();
        Ok(Place(receiver))
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_turns(&self) {
        loop {
            let Some(next) = self.lock().next() else { return };
            // Not while the lock is held: a turn that nobody takes any more is given back at once.
            drop(next.send(Turn(self.clone())));
        }
    }
}

impl Queue {
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        if self.free == 0 {
            return None;
        }
        let next = self.known.next().or_else(|| self.strangers.next())?;
        self.free -= 1;
        Some(next)
    }
}

impl Turns {
    /// Adds an attempt. When all places are taken, the newest of the network with most of them gives way, if that
    /// leaves it with no fewer than the network of this attempt.
    fn add(&mut self, site: IpAddr, attempt: oneshot::Sender<Turn>) -> Result<()> {
        self.forget_gone();
        let own = self.networks.iter().position(|network| network.site == site);
        let own_count = own.and_then(|at| self.networks.get(at)).map_or(0, |network| network.waiting.len());
        let taken: usize = self.networks.iter().map(|network| network.waiting.len()).sum();
        if taken >= self.places {
            let largest = self.networks.iter_mut().max_by_key(|network| network.waiting.len());
            match largest.filter(|largest| largest.waiting.len() > own_count + 1) {
                Some(largest) => drop(largest.waiting.pop_back()),
                None => return Err(full()),
            }
        }
        match own.and_then(|at| self.networks.get_mut(at)) {
            Some(network) => network.waiting.push_back(attempt),
            None => self.networks.push_back(Network { site, waiting: VecDeque::from([attempt]) }),
        }
        Ok(())
    }

    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        self.forget_gone();
        let mut network = self.networks.pop_front()?;
        let next = network.waiting.pop_front();
        if !network.waiting.is_empty() {
            self.networks.push_back(network);
        }
        next
    }

    /// Drops the attempts whose clients have left.
    fn forget_gone(&mut self) {
        for network in &mut self.networks {
            network.waiting.retain(|attempt| !attempt.is_closed());
        }
        self.networks.retain(|network| !network.waiting.is_empty());
    }
}

impl Place {
    /// Runs `work`, which hashes, when it is its turn. An error if the place was given to another.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let turn = self.0.await.map_err(|_| full())?;
        let hashed = web::block(move || {
            let result = work();
            // Ends here: the handler may be dropped earlier, when the client leaves.
            drop(turn);
            result
        });
        hashed.await.map_err(Error::internal)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.lock().free += 1;
        self.0.give_turns();
    }
}

fn full() -> Error {
    Error::Unavailable(Unavailable::Busy, "the queue for hashing passwords is full".to_owned())
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use futures_util::FutureExt as _;

    use super::{Hashing, KNOWN_PLACES, PLACES, Place, Turn};

    fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))
    }

    /// The turn of a place, if it has come.
    fn turn(place: &mut Place) -> Option<Turn> {
        (&mut place.0).now_or_never().and_then(Result::ok)
    }

    fn is_refused(place: &mut Place) -> bool {
        (&mut place.0).now_or_never().is_some_and(|turn| turn.is_err())
    }

    /// A queue in which a password is hashed just now.
    fn at_work() -> (Hashing, Turn) {
        let hashing = Hashing::default();
        let mut first = hashing.queue(address(250), false).unwrap();
        let turn = turn(&mut first).unwrap();
        (hashing, turn)
    }

    #[test]
    fn a_person_waits_for_one_attempt_of_every_other_network() {
        let (hashing, working) = at_work();
        let mut attackers: Vec<Place> = (0..PLACES)
            .map(|number| hashing.queue(address(u8::try_from(number % 3).unwrap()), false).unwrap())
            .collect();
        let mut person = hashing.queue(address(99), false).unwrap();
        let mut working = Some(working);
        for attacker in &mut attackers[..3] {
            drop(working.take());
            assert!(turn(&mut person).is_none());
            working = turn(attacker);
            assert!(working.is_some());
        }
        drop(working.take());
        assert!(turn(&mut person).is_some());
    }

    #[test]
    fn when_all_places_are_taken_the_newest_of_the_largest_network_gives_way() {
        let (hashing, _working) = at_work();
        let mut many: Vec<Place> = (0..PLACES).map(|_| hashing.queue(address(1), false).unwrap()).collect();
        assert!(hashing.queue(address(1), false).is_err());
        let mut others: Vec<Place> = (2..=20).map(|last| hashing.queue(address(last), false).unwrap()).collect();
        let refused = many.iter_mut().map(is_refused).collect::<Vec<_>>();
        assert_eq!(refused.iter().position(|refused| *refused), Some(PLACES - 19));
        assert!(others.iter_mut().all(|place| !is_refused(place)));
    }

    #[test]
    fn an_ipv6_network_of_48_bits_is_one_network() {
        let (hashing, _working) = at_work();
        let of_site = |number: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, number, 0, 0, 0, 1));
        let places: Vec<Place> = (0..200).filter_map(|number| hashing.queue(of_site(number), false).ok()).collect();
        assert_eq!(places.len(), PLACES);
        assert!(hashing.queue(address(1), false).is_ok());
    }

    #[test]
    fn whoever_signed_in_from_there_before_goes_first() {
        let (hashing, working) = at_work();
        let strangers: Vec<Place> = (0..100).filter_map(|last| hashing.queue(address(last), false).ok()).collect();
        assert_eq!(strangers.len(), PLACES);
        let mut known = hashing.queue(address(1), true).unwrap();
        drop(working);
        let working = turn(&mut known);
        assert!(working.is_some());
        let more: Vec<Place> = (0..100).filter_map(|_| hashing.queue(address(1), true).ok()).collect();
        assert_eq!(more.len(), KNOWN_PLACES);
    }

    #[test]
    fn nothing_is_kept_of_attempts_whose_clients_have_left() {
        let (hashing, working) = at_work();
        let places: Vec<Place> = (0..100).filter_map(|last| hashing.queue(address(last), false).ok()).collect();
        drop(places);
        drop(working);
        let mut next = hashing.queue(address(1), false).unwrap();
        assert!(turn(&mut next).is_some());
        assert!(hashing.lock().strangers.networks.is_empty());
        assert_eq!(hashing.lock().free, 1);
    }
}
