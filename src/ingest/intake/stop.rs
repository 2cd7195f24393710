//! How whoever receives a body and whoever stores it tell each other that it is over.

use std::io::{ErrorKind, Read, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Says that a body is over before its end: its sender has left, or no more of it is taken.
#[derive(Debug, Default)]
pub struct Stop {
    over: AtomicBool,
    told: Notify,
}

impl Stop {
    pub fn end(&self) {
        self.over.store(true, Ordering::Release);
        self.told.notify_one();
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Waits until it is over. One task may wait.
    pub async fn ended(&self) {
        while !self.is_over() {
            self.told.notified().await;
        }
    }
}

/// A body that breaks off when it is over, however much of it is still packed.
pub struct Stoppable<R> {
    pub body: R,
    pub stop: Arc<Stop>,
}

impl<R: Read> Read for Stoppable<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.stop.is_over() { Err(ErrorKind::ConnectionAborted.into()) } else { self.body.read(into) }
    }
}
