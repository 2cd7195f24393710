//! Threads for blocking database work, one for each connection.
//!
//! The web server's blocking threads are many more, and the allocator keeps memory for each thread
//! that was ever used: with them the queue took 240 MB under 16 connections, most of it in threads that
//! waited for a database connection.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;

use crate::error::{Error, Result, Unavailable};

/// A pool of threads for blocking work.
#[derive(Debug)]
pub(super) struct Threads(Option<Runtime>);

impl Threads {
    pub(super) fn new(count: u32, name: &str) -> std::io::Result<Self> {
        let count = usize::try_from(count).unwrap_or(1);
        Builder::new_current_thread().max_blocking_threads(count).thread_name(name).build().map(Some).map(Self)
    }

    /// Waits on the calling thread, which must not be an async one. For futures that need neither timer nor network.
    pub(super) fn wait_for<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        let Some(threads) = &self.0 else { return Err(Error::internal("the database's threads have ended")) };
        Ok(threads.handle().block_on(future))
    }

    /// Runs blocking work on one of them. It is not begun any more when none was free within `wait`, or when
    /// nobody waits for its result.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        wait: Duration,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let Some(threads) = &self.0 else { return Err(Error::internal("the database's threads have ended")) };
        let mut running = threads.spawn_blocking(work);
        let _unless_begun = AbortOnDrop(running.abort_handle());
        let result = if let Ok(result) = tokio::time::timeout(wait, &mut running).await {
            result
        } else {
            running.abort();
            running.await
        };
        result.unwrap_or_else(|error| {
            if error.is_cancelled() {
                let message = format!("no connection was free within {} s", wait.as_secs());
                return Err(Error::Unavailable(Unavailable::Busy, message));
            }
            Err(Error::internal(error))
        })
    }
}

/// Takes work that was not begun back. Work that was begun goes on.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
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
