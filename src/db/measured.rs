//! How long writes wait before they begin.

use std::time::Instant;

use crate::db::tx::Tx;
use crate::error::Result;
use crate::metrics::metrics;

/// The same work, which measures how long it waited before it was begun.
pub(super) fn waited<T>(mut work: impl FnMut(&mut Tx<'_>) -> Result<T>) -> impl FnMut(&mut Tx<'_>) -> Result<T> {
    let mut since = Some(Instant::now());
    move |tx| {
        if let Some(since) = since.take() {
            metrics().write_wait_seconds.observe(since.elapsed().as_secs_f64());
        }
        work(tx)
    }
}
