//! How far the reading or writing of a backup is.

use std::time::{Duration, Instant};

use crate::error::Result;

/// How often it is told.
const EVERY: Duration = Duration::from_millis(100);
/// After how many rows the clock is looked at.
const ROWS: u64 = 256;

/// Tells the table and the number of rows up to now, ten times a second at most. What it tells them to may end the work
/// with an error.
pub struct Progress<'a> {
    tell: Box<dyn FnMut(&str, u64) -> Result<()> + 'a>,
    told: Instant,
    calls: u64,
}

impl<'a> Progress<'a> {
    pub fn new(tell: impl FnMut(&str, u64) -> Result<()> + 'a) -> Self {
        Self { tell: Box::new(tell), told: Instant::now(), calls: 0 }
    }

    pub(super) fn at(&mut self, table: &str, rows: u64) -> Result<()> {
        self.calls += 1;
        if !self.calls.is_multiple_of(ROWS) || self.told.elapsed() < EVERY {
            return Ok(());
        }
        self.told = Instant::now();
        (self.tell)(table, rows)
    }
}
