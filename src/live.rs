//! Wakes open streams: "incident 1042 has new entries". A wake-up carries no data; who is woken reads the
//! history, so that nothing is lost when nobody listens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The hub that every write reports to. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    awaited: Arc<Mutex<HashMap<i64, Awaited>>>,
    stop: Arc<watch::Sender<bool>>,
}

/// An incident that somebody listens to.
struct Awaited {
    moved: watch::Sender<()>,
    listeners: usize,
}

impl Default for Hub {
    fn default() -> Self {
        Self { awaited: Arc::default(), stop: Arc::new(watch::Sender::new(false)) }
    }
}

impl Hub {
    /// Tells who listens to an incident that it has new entries.
    pub fn wake(&self, incident: i64) {
        if let Some(awaited) = self.awaited().get(&incident) {
            awaited.moved.send_replace(());
        }
    }

    /// Listens to one incident, from now on.
    pub fn listen(&self, incident: i64) -> Listener {
        let mut all = self.awaited();
        let awaited = all.entry(incident).or_insert_with(|| Awaited { moved: watch::Sender::new(()), listeners: 0 });
        awaited.listeners += 1;
        Listener { hub: self.clone(), incident, moved: awaited.moved.subscribe() }
    }

    /// Ends every open stream; without it a graceful stop waits for its whole timeout.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    fn awaited(&self) -> MutexGuard<'_, HashMap<i64, Awaited>> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears of new entries of one incident until it is dropped.
pub struct Listener {
    hub: Hub,
    incident: i64,
    moved: watch::Receiver<()>,
}

impl Listener {
    pub fn incident(&self) -> i64 {
        self.incident
    }

    /// Waits for new entries: returns at once if there were any since the last call. Several since then
    /// count as one.
    pub async fn woken(&mut self) {
        if self.moved.changed().await.is_err() {
            // The sender lives as long as its listeners, so this is never reached.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut all = self.hub.awaited();
        if let Some(awaited) = all.get_mut(&self.incident) {
            awaited.listeners -= 1;
            if awaited.listeners == 0 {
                all.remove(&self.incident);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::Hub;

    #[test]
    fn only_listeners_of_the_incident_are_woken_and_several_wake_ups_count_as_one() {
        let hub = Hub::default();
        let (mut one, mut two) = (hub.listen(1), hub.listen(2));
        hub.wake(1);
        hub.wake(1);
        assert_eq!(one.woken().now_or_never(), Some(()));
        assert_eq!(one.woken().now_or_never(), None);
        assert_eq!(two.woken().now_or_never(), None);
    }

    #[test]
    fn nothing_is_kept_for_an_incident_that_nobody_listens_to() {
        let hub = Hub::default();
        let (one, other) = (hub.listen(1), hub.listen(1));
        drop(one);
        assert_eq!(hub.awaited().len(), 1);
        drop(other);
        hub.wake(1);
        assert!(hub.awaited().is_empty());
    }
}
