//! One open stream: the batches of its channel, and what it missed of them from the table.

use std::sync::Arc;

use actix_web::web::Bytes;

use crate::web::shared::event_stream::batch::{Answer, Batch, Follower};
use crate::web::shared::event_stream::channels::{News, Place};
use crate::web::shared::event_stream::reader::Source;
use crate::web::shared::event_stream::viewers::viewers_event;

/// Sent first: a browser reconnects after a second.
const GREETING: Bytes = Bytes::from_static(b"retry: 1000\n\n");
/// Sent to a stream that loses its place. Tabs of a person who has too many would else take each other's place
/// every second.
const DISPLACED: Bytes = Bytes::from_static(b"retry: 30000\n\n");
/// Sent when there is nothing else to send; it keeps the connection open.
const HEARTBEAT: Bytes = Bytes::from_static(b": still here\n\n");

/// A stream, from the event that its browser has.
pub struct Stream {
    source: Source,
    follower: Arc<Follower>,
    place: Place,
    /// The last event that was sent.
    newest: i64,
    greeted: bool,
    displaced: bool,
    /// Read the table, whatever the channel sends.
    behind: bool,
}

impl Stream {
    pub fn new(source: Source, follower: Arc<Follower>, place: Place, newest: i64) -> Self {
        Self { source, follower, place, newest, greeted: false, displaced: false, behind: true }
    }

    /// The next bytes to send; `None` ends the stream.
    pub async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            return Some(GREETING);
        }
        if self.displaced {
            return None;
        }
        loop {
            let batch = if self.behind {
                self.read().await?
            } else {
                match self.place.news().await {
                    News::Batch(batch) => batch,
                    News::Behind => {
                        self.behind = true;
                        continue;
                    }
                    News::Viewers(viewers) => return Some(viewers_event(&viewers, self.follower.user)),
                    News::Displaced => {
                        self.displaced = true;
                        return Some(DISPLACED);
                    }
                    News::Ended => return None,
                }
            };
            match batch.answer(&self.follower, self.newest) {
                Answer::Events(bytes) if bytes.is_empty() && batch.heartbeat => return Some(HEARTBEAT),
                Answer::Events(bytes) if bytes.is_empty() => {}
                Answer::Events(bytes) => {
                    self.newest = batch.newest;
                    return Some(bytes);
                }
                Answer::SignedOut => return None,
                Answer::Behind => self.behind = true,
            }
        }
    }

    /// Reads the table for this follower alone.
    async fn read(&mut self) -> Option<Arc<Batch>> {
        let read = self.source.read(self.newest, vec![Arc::clone(&self.follower)]).await;
        // The browser reconnects after an error, and gets it as a response.
        let batch = read.inspect_err(|error| tracing::debug!("stream ended: {error}")).ok()?;
        self.behind = batch.more;
        Some(Arc::new(batch))
    }
}
