//! How much one transaction of long work takes, so that nobody waits long for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How many items the next transaction of some work takes. It follows the time that the last one took, on a fast
/// machine and on a slow one. Everybody who does the same work may share it.
#[derive(Debug)]
pub struct Pace {
    items: AtomicUsize,
    least: usize,
    most: usize,
    longest: Duration,
}

impl Pace {
    /// Between `least` and `most` items, where a transaction is to take no longer than `longest`. It begins with the
    /// least; what every transaction costs would slow smaller ones down.
    pub fn new(least: usize, most: usize, longest: Duration) -> Self {
        Self { items: AtomicUsize::new(least), least, most, longest }
    }

    pub fn items(&self) -> usize {
        self.items.load(Ordering::Relaxed)
    }

    /// Notes how long a transaction took. One that was not full tells nothing of larger ones.
    pub fn note(&self, took: Duration, was_full: bool) {
        let now = self.items();
        // At most twice as many, also after one that took no time at all.
        let fitting = now.saturating_mul(micros(self.longest)) / micros(took.max(self.longest / 2));
        if was_full || fitting < now {
            self.items.store(fitting.clamp(self.least, self.most), Ordering::Relaxed);
        }
    }
}

fn micros(time: Duration) -> usize {
    usize::try_from(time.as_micros()).unwrap_or(usize::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_taken_while_it_is_quick_and_less_when_it_is_slow() {
        let pace = Pace::new(10, 400, Duration::from_millis(50));
        let after = |millis: u64, was_full: bool| {
            pace.note(Duration::from_millis(millis), was_full);
            pace.items()
        };
        assert_eq!([after(5, true), after(40, true), after(100, true)], [20, 25, 12]);
        assert_eq!(after(5, false), 12, "a few items are quick in any case");
        assert_eq!((0..20).fold(0, |_, _| after(0, true)), 400);
        assert_eq!((0..20).fold(0, |_, _| after(1_000, false)), 10);
    }
}
