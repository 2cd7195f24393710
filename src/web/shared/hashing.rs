//! Hashing passwords: one at a time, since each takes a core and 19 MiB, with a queue of bounded length. An
//! attempt whose client leaves while it is in the queue is never hashed: its handler is dropped.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::web;
use tokio::sync::Semaphore;

use crate::error::{Error, Result, Unavailable};

/// Passwords hashed at once.
const AT_ONCE: usize = 1;
/// Places in the queue: together less than 3 seconds.
const PLACES: usize = 48;
/// Of those, for attempts from one address.
const FROM_ONE_ADDRESS: usize = 16;
/// Further places for people who signed in from their address before, so that strangers cannot take them.
const FURTHER: usize = 16;

/// The queue.
pub struct Hashing {
    permits: Arc<Semaphore>,
    queue: Arc<Mutex<Queue>>,
}

impl Default for Hashing {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)), queue: Arc::default() }
    }
}

/// How many places are taken, in all and by address.
#[derive(Default)]
struct Queue {
    taken: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place in the queue; given up when it is dropped.
pub struct Place {
    permits: Arc<Semaphore>,
    queue: Arc<Mutex<Queue>>,
    address: IpAddr,
}

impl Hashing {
    /// Takes a place in the queue; an error if there is none. `is_known`: the account was signed in to from this
    /// address before.
    pub fn queue(&self, address: IpAddr, is_known: bool) -> Result<Place> {
        let mut queue = lock(&self.queue);
        let most = if is_known { PLACES + FURTHER } else { PLACES };
        let from_address = queue.by_address.get(&address).copied().unwrap_or(0);
        if queue.taken >= most || (from_address >= FROM_ONE_ADDRESS && !is_known) {
            return Err(Error::Unavailable(Unavailable::Busy, "the queue for hashing passwords is full".to_owned()));
        }
        queue.taken += 1;
        queue.by_address.insert(address, from_address + 1);
        Ok(Place { permits: Arc::clone(&self.permits), queue: Arc::clone(&self.queue), address })
    }
}

impl Place {
    /// Runs `work`, which hashes, when it is its turn.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(Error::internal)?;
        drop(self);
        let hashed = web::block(move || {
            let result = work();
            // Released here: the handler may be dropped earlier, when the client leaves.
            drop(permit);
            result
        });
        hashed.await.map_err(Error::internal)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = lock(&self.queue);
        queue.taken = queue.taken.saturating_sub(1);
        if let Some(count) = queue.by_address.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                queue.by_address.remove(&self.address);
            }
        }
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::Hashing;

    #[test]
    fn strangers_cannot_take_every_place() {
        let hashing = Hashing::default();
        let address = |last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last));
        let mut places: Vec<_> = (0..40).filter_map(|_| hashing.queue(address(1), false).ok()).collect();
        assert_eq!(places.len(), 16, "from one address");
        assert!(hashing.queue(address(2), false).is_ok(), "others still find a place");
        places.extend((2..=40).flat_map(|last| [last; 3]).filter_map(|last| hashing.queue(address(last), false).ok()));
        assert_eq!(places.len(), 48);
        assert!(hashing.queue(address(99), false).is_err());
        assert!(hashing.queue(address(1), true).is_ok(), "a person who signed in from there before");
        places.clear();
        assert!(hashing.queue(address(1), false).is_ok());
        assert!(hashing.queue.lock().unwrap().by_address.is_empty(), "nothing is kept of who has left");
    }
}
