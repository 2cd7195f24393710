//! The slowest transfer that is waited for. A client may be silent for some seconds, every byte adds to them, and never
//! to more than there were at the beginning: many bytes at first do not pay for silence afterwards.

use std::time::Duration;

/// The slowest browser that is waited for without end, in bytes a second. The slowest mobile networks have ten times as
/// much.
pub const BROWSER_RATE: f64 = 500.0;

/// The rate of one transfer, and how much longer it may be silent.
#[derive(Debug, Clone, Copy)]
pub struct MinimumRate {
    silence: Duration,
    left: Duration,
    /// In bytes a second.
    rate: f64,
}

impl MinimumRate {
    /// With the longest silence, and the rate in bytes a second.
    pub fn new(silence: Duration, rate: f64) -> Self {
        Self { silence, left: silence, rate }
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
        let added = u32::try_from(bytes).map_or(f64::MAX, f64::from) / self.rate;
        let added = Duration::try_from_secs_f64(added).unwrap_or(self.silence);
        self.left = self.left.saturating_add(added).min(self.silence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_add_time_but_never_more_than_at_the_beginning() {
        let mut minimum_rate = MinimumRate::new(Duration::from_secs(10), BROWSER_RATE);
        minimum_rate.waited(Duration::from_secs(9));
        minimum_rate.moved(1_000);
        assert_eq!(minimum_rate.left(), Duration::from_secs(3));
        minimum_rate.moved(1_000_000);
        assert_eq!(minimum_rate.left(), Duration::from_secs(10));
        minimum_rate.waited(Duration::from_secs(60));
        assert_eq!(minimum_rate.left(), Duration::ZERO);
    }

    #[test]
    fn one_byte_a_second_is_not_enough() {
        let mut minimum_rate = MinimumRate::new(Duration::from_secs(10), BROWSER_RATE);
        let seconds = (0..100).take_while(|_| {
            minimum_rate.waited(Duration::from_secs(1));
            minimum_rate.moved(1);
            minimum_rate.left() > Duration::from_secs(1)
        });
        assert_eq!(seconds.count(), 9);
    }
}
