//! How long a slow client is waited for. It has some seconds, every byte earns it more, and never more than the
//! seconds of the beginning: many bytes at first do not pay for silence afterwards.

use std::time::Duration;

/// The slowest browser that is waited for without end, in bytes a second. The slowest mobile networks have ten times as
/// much.
pub const BROWSER_RATE: f64 = 500.0;

#[derive(Debug, Clone, Copy)]
pub struct Patience {
    full: Duration,
    left: Duration,
    /// Bytes that earn a second.
    rate: f64,
}

impl Patience {
    /// With the bytes a second of the slowest client that is waited for without end.
    pub fn new(full: Duration, rate: f64) -> Self {
        Self { full, left: full, rate }
    }

    /// How much longer a client may be silent.
    pub fn left(&self) -> Duration {
        self.left
    }

    pub fn waited(&mut self, time: Duration) {
        self.left = self.left.saturating_sub(time);
    }

    pub fn moved(&mut self, bytes: usize) {
        // Exact for every number of bytes that one read has.
        let earned = u32::try_from(bytes).map_or(f64::MAX, f64::from) / self.rate;
        let earned = Duration::try_from_secs_f64(earned).unwrap_or(self.full);
        self.left = self.left.saturating_add(earned).min(self.full);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_earn_time_but_never_more_than_at_the_beginning() {
        let mut patience = Patience::new(Duration::from_secs(10), BROWSER_RATE);
        patience.waited(Duration::from_secs(9));
        patience.moved(1_000);
        assert_eq!(patience.left(), Duration::from_secs(3));
        patience.moved(1_000_000);
        assert_eq!(patience.left(), Duration::from_secs(10));
        patience.waited(Duration::from_secs(60));
        assert_eq!(patience.left(), Duration::ZERO);
    }

    #[test]
    fn one_byte_a_second_is_not_enough() {
        let mut patience = Patience::new(Duration::from_secs(10), BROWSER_RATE);
        let seconds = (0..100).take_while(|_| {
            patience.waited(Duration::from_secs(1));
            patience.moved(1);
            patience.left() > Duration::from_secs(1)
        });
        assert_eq!(seconds.count(), 9);
    }
}
