//! The task of a channel: reads for everybody who follows a subject, whenever its incident is woken.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;

use crate::db::Db;
use crate::error::Result;
use crate::web::shared::base_path::BasePath;
use crate::web::shared::event_stream::batch::{Batch, Follower};
use crate::web::shared::event_stream::channels::Channels;
use crate::web::shared::event_stream::subject::Subject;

/// How often entries are read without a wake-up, since another process may have written some.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// Where a subject is read.
#[derive(Clone)]
pub struct Source {
    pub db: Db,
    pub base_path: BasePath,
    pub subject: Subject,
}

impl Source {
    /// Reads the events after one for these followers.
    pub async fn read(&self, after: i64, followers: Vec<Arc<Follower>>) -> Result<Batch> {
        let (subject, base_path) = (self.subject, self.base_path.clone());
        self.db.read(move |conn| Batch::read(conn, subject, &base_path, after, &followers)).await
    }
}

/// Reads what comes after the subject's last event, and sends it to all followers, until the server stops.
pub async fn run(source: Source, channels: Channels, batches: broadcast::Sender<Arc<Batch>>) {
    let (hub, subject) = (source.db.hub(), source.subject);
    let (mut stop, mut listener) = (hub.stopped(), hub.listen(subject.incident));
    let (mut newest, mut waited) = (subject.newest, false);
    while !*stop.borrow() {
        match source.read(newest, channels.followers(subject.key())).await {
            Ok(mut batch) => {
                batch.heartbeat = waited;
                newest = batch.newest;
                let (incident, more) = (batch.incident, batch.more);
                // An error only means that the last follower has just gone.
                let _ = batches.send(Arc::new(batch));
                if incident != listener.incident() {
                    // Entries that came before this woke nobody, so it is read again.
                    listener = hub.listen(incident);
                    continue;
                }
                if more {
                    continue;
                }
            }
            // Read again after the interval: the database may be back by then.
            Err(error) => tracing::debug!("a stream was not read: {error}"),
        }
        waited = tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(POLL_INTERVAL) => true,
            () = listener.woken() => false,
        };
    }
}
