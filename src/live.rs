//! Wakes open streams: "incident 1042 has new entries". A wake-up carries no data; the stream reads the
//! history, so that nothing is lost when nobody listens.

use std::sync::Arc;

use tokio::sync::{broadcast, watch};

/// Wake-ups that may wait for a slow stream; one that falls further behind reads the table anyway.
const BACKLOG: usize = 1024;

/// The hub that every write reports to and every stream listens to.
#[derive(Clone)]
pub struct Hub {
    moved: broadcast::Sender<i64>,
    stop: Arc<watch::Sender<bool>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { moved: broadcast::Sender::new(BACKLOG), stop: Arc::new(watch::Sender::new(false)) }
    }
}

impl Hub {
    /// Tells every stream that an incident has new entries.
    pub fn wake(&self, incident: i64) {
        // An error only means that nobody is listening.
        let _ = self.moved.send(incident);
    }

    pub fn listen(&self) -> broadcast::Receiver<i64> {
        self.moved.subscribe()
    }

    /// Ends every open stream; without it a graceful stop waits for its whole timeout.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }
}
