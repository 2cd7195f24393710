//! Permits for receiving bodies of alerts, shared fairly by the tokens: one that sends many bodies at once never makes
//! all others wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

/// How long a request waits for a permit.
const PATIENCE: Duration = Duration::from_secs(20);
/// Most requests of a token that wait.
const WAITING_MAX: usize = 64;

/// The permits. A token with `n` of them gets another only while more than `n` are free: of eight, one token
/// holds at most four, and a token that holds none waits only when no permit is free.
#[derive(Clone)]
pub struct Intakes(Arc<Mutex<Shares>>);

struct Shares {
    free: usize,
    /// By token; tokens that hold none are not listed.
    held: HashMap<i64, usize>,
    /// In the order of their arrival.
    waiting: Vec<Waiting>,
}

struct Waiting {
    token: i64,
    granted: oneshot::Sender<Permit>,
}

/// The right to receive one body; it ends when it is dropped.
pub struct Permit {
    intakes: Intakes,
    token: i64,
}

impl Intakes {
    pub fn new(permits: usize) -> Self {
        Self(Arc::new(Mutex::new(Shares { free: permits, held: HashMap::new(), waiting: Vec::new() })))
    }

    /// Waits for a permit; `None` if there is none in time, or too many requests of this token wait already.
    pub async fn acquire(&self, token: i64) -> Option<Permit> {
        let (granted, permit) = oneshot::channel();
        {
            let mut shares = self.shares();
            shares.waiting.retain(|one| !one.granted.is_closed());
            if shares.waiting.iter().filter(|one| one.token == token).count() >= WAITING_MAX {
                return None;
            }
            shares.waiting.push(Waiting { token, granted });
        }
        self.grant();
        tokio::time::timeout(PATIENCE, permit).await.ok()?.ok()
    }

    fn shares(&self) -> MutexGuard<'_, Shares> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives free permits to those who wait.
    fn grant(&self) {
        loop {
            let Some(next) = self.shares().next() else { return };
            // Not while the lock is held: a permit that nobody takes any more is given back at once.
            let permit = Permit { intakes: self.clone(), token: next.token };
            drop(next.granted.send(permit));
        }
    }
}

impl Shares {
    fn held_by(&self, token: i64) -> usize {
        self.held.get(&token).copied().unwrap_or(0)
    }

    /// Takes a permit for the request that has waited longest of the tokens that hold fewest.
    fn next(&mut self) -> Option<Waiting> {
        self.waiting.retain(|one| !one.granted.is_closed());
        let allowed = self.waiting.iter().enumerate().filter(|(_, one)| self.free > self.held_by(one.token));
        let (place, _) = allowed.min_by_key(|(place, one)| (self.held_by(one.token), *place))?;
        let next = self.waiting.remove(place);
        self.free -= 1;
        *self.held.entry(next.token).or_default() += 1;
        Some(next)
    }

    fn give_back(&mut self, token: i64) {
        self.free += 1;
        if let Some(held) = self.held.get_mut(&token) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(&token);
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.intakes.shares().give_back(self.token);
        self.intakes.grant();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// What is granted at once.
    async fn now(intakes: &Intakes, token: i64) -> Option<Permit> {
        tokio::time::timeout(Duration::from_millis(20), intakes.acquire(token)).await.ok().flatten()
    }

    #[actix_web::test]
    async fn one_token_never_holds_all_permits() {
        let intakes = Intakes::new(8);
        let mut held = Vec::new();
        while let Some(permit) = now(&intakes, 1).await {
            held.push(permit);
        }
        assert_eq!(held.len(), 4);
        for other in 2..=4 {
            held.push(now(&intakes, other).await.unwrap());
        }
    }

    #[actix_web::test]
    async fn a_permit_goes_to_the_token_that_holds_fewest() {
        let intakes = Intakes::new(2);
        let (one, two) = (now(&intakes, 1).await.unwrap(), now(&intakes, 2).await.unwrap());
        let (again, third) = (intakes.acquire(2), intakes.acquire(3));
        let (mut again, mut third) = (Box::pin(again), Box::pin(third));
        assert!(now(&intakes, 1).await.is_none());
        assert!(again.as_mut().now_or_never().is_none() && third.as_mut().now_or_never().is_none());
        drop(one);
        assert!(again.as_mut().now_or_never().is_none(), "it holds one already");
        let third = third.await.unwrap();
        drop((two, third));
        assert!(again.await.is_some());
    }
}
