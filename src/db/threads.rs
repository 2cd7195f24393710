//! Threads of the database's own, as many as it has connections.
//!
//! The web workers' blocking threads are many more, and the allocator keeps memory for each thread
//! that ever asked: the queue under 16 connections took 240 MB so, most of it held by threads that
//! waited for a connection.

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, Result};

/// A few threads that block.
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
