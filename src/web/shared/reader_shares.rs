//! A fair share of the database's readers: a person's pages that read much are read two at a time, others of the same
//! person wait, so that many tabs of one person never keep a colleague waiting. Which addresses read much is a column
//! of [`ROUTES`](crate::web::routes::ROUTES).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Result, Unavailable};

/// Requests of a person that read at once: half of the database's readers.
const AT_ONCE: usize = 2;
/// Most requests of a person that read or wait.
const PLACES: usize = 64;
/// How long a request waits for those before it, as long as a read waits for the database.
const WAIT: Duration = Duration::from_secs(10);

/// The shares of the people who read now.
#[derive(Clone, Default)]
pub struct ReaderShares(Arc<Mutex<HashMap<i64, Share>>>);

struct Share {
    turns: Arc<Semaphore>,
    /// Requests that read or wait.
    taken: usize,
    exporting: bool,
}

impl Default for Share {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), taken: 0, exporting: false }
    }
}

/// The right to read; it ends when it is dropped.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    _place: Place,
}

/// A request that reads or waits.
struct Place {
    shares: ReaderShares,
    person: i64,
}

/// The right to write one export; it ends when it is dropped.
pub struct Export {
    shares: ReaderShares,
    person: i64,
}

impl ReaderShares {
    /// Waits for the person's turn; an error if it does not come in time, or too many of the person's requests wait.
    pub async fn turn(&self, person: i64) -> Result<Turn> {
        let turns = {
            let mut shares = self.lock();
            let share = shares.entry(person).or_default();
            if share.taken >= PLACES {
                return Err(busy("too many requests of one person wait"));
            }
            share.taken += 1;
            Arc::clone(&share.turns)
        };
        let place = Place { shares: self.clone(), person };
        let waited = tokio::time::timeout(WAIT, turns.acquire_owned()).await;
        let permit = waited.map_err(|_| busy("other requests of the same person took too long"))?;
        Ok(Turn { _permit: permit.map_err(Error::internal)?, _place: place })
    }

    /// One export at a time; an error while another is written for the person.
    pub fn export(&self, person: i64) -> Result<Export> {
        let mut shares = self.lock();
        let share = shares.entry(person).or_default();
        if std::mem::replace(&mut share.exporting, true) {
            return Err(Error::at_field("export", "Another of your exports is still running. Wait until it finishes."));
        }
        Ok(Export { shares: self.clone(), person })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Share>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes a share; one that is not in use is forgotten.
    fn change(&self, person: i64, change: impl FnOnce(&mut Share)) {
        let mut shares = self.lock();
        if let Some(share) = shares.get_mut(&person) {
            change(share);
            if share.taken == 0 && !share.exporting {
                shares.remove(&person);
            }
        }
    }
}

fn busy(why: &str) -> Error {
    Error::Unavailable(Unavailable::Busy, why.to_owned())
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shares.change(self.person, |share| share.taken = share.taken.saturating_sub(1));
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        self.shares.change(self.person, |share| share.exporting = false);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[actix_web::test]
    async fn a_person_reads_two_pages_at_a_time_and_keeps_nobody_else_waiting() {
        let shares = ReaderShares::default();
        let (one, two) = (shares.turn(1).await.unwrap(), shares.turn(1).await.unwrap());
        let mut third = Box::pin(shares.turn(1));
        assert!(third.as_mut().now_or_never().is_none());
        let other = shares.turn(2).now_or_never().unwrap().unwrap();
        drop(one);
        let third = third.await.unwrap();
        drop((two, third, other));
        assert!(shares.lock().is_empty(), "nothing is kept of who reads no more");
    }

    #[actix_web::test]
    async fn the_requests_of_a_person_that_wait_are_bounded() {
        let shares = ReaderShares::default();
        let _reading = (shares.turn(1).await.unwrap(), shares.turn(1).await.unwrap());
        let mut waiting: Vec<_> = (2..PLACES).map(|_| Box::pin(shares.turn(1))).collect();
        assert!(waiting.iter_mut().all(|one| one.as_mut().now_or_never().is_none()));
        assert!(matches!(shares.turn(1).await, Err(Error::Unavailable(Unavailable::Busy, _))));
        assert!(shares.turn(2).await.is_ok());
        drop(waiting);
        let mut next = Box::pin(shares.turn(1));
        assert!(next.as_mut().now_or_never().is_none(), "there is room in the line again");
    }

    #[test]
    fn a_second_export_of_a_person_is_refused_until_the_first_ends() {
        let shares = ReaderShares::default();
        let first = shares.export(1).unwrap();
        assert!(shares.export(1).is_err_and(|error| error.to_string().contains("Another of your exports")));
        assert!(shares.export(2).is_ok());
        drop(first);
        assert!(shares.export(1).is_ok() && shares.lock().is_empty());
    }
}
