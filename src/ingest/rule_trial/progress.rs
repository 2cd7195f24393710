//! How far the running trial has come, for whoever waits for it.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Shared by the trial and those who ask. Nothing but a figure on a page depends on it.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Progress {
    /// Notes how many of how many alerts are done; 0 of 0 when no trial runs.
    pub fn set(&self, done: usize, total: usize) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// Alerts that are done, and how many there are; none while there is nothing to tell.
    pub fn get(&self) -> Option<(usize, usize)> {
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        (total > 0).then_some((done, total))
    }
}
