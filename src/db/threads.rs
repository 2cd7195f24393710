//! Threads for blocking database work, one for each connection.
//!
//! The web server's blocking threads are many more, and the allocator keeps memory for each thread
//! that was ever used: with them the queue took 240 MB under 16 connections, most of it in threads that
//! waited for a database connection.

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, Result};

/// A pool of threads for blocking work.
#[derive(Debug)]
pub(super) struct Threads(Option<Runtime>);

impl Threads {
    pub(super) fn new(count: u32, name: &str) -> std::io::Result<Self> {
        let count = usize::try_from(count).unwrap_or(1);
        Builder::new_current_thread().max_blocking_threads(count).thread_name(name).build().map(Some).map(Self)
    }

    /// Runs blocking work on one of them, when one is free.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let Some(threads) = &self.0 else { return Err(Error::internal("the database's threads have ended")) };
        threads.spawn_blocking(work).await.map_err(Error::internal)?
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // This may be an async thread, which must not wait for what still runs.
        if let Some(threads) = self.0.take() {
            threads.shutdown_background();
        }
    }
}
