//! One body from its first item to its last: one thread reads, another stores.

use std::io::Read;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use crate::db::Db;
use crate::error::Result;
use crate::formats::readers::body_reader::BodyReader;
use crate::ingest::intake::feed::Feed;
use crate::ingest::intake::report::Report;
use crate::ingest::intake::store::BatchWriter;
use crate::permissions::{Action, require};

/// How long an item waits for others to share its transaction.
const PATIENCE: Duration = Duration::from_secs(2);
/// Items that are read ahead of what is stored; each may be as large as an item gets.
const AHEAD: usize = 8;

/// Takes everything that a reader yields, on the calling thread. `progress` is called after every batch.
pub fn ingest_stream<R: Read + Send>(
    db: &Db,
    feed: &Feed,
    reader: BodyReader<R>,
    progress: &mut dyn FnMut(&Report),
) -> Result<Report> {
    require(&feed.actor, Action::Ingest)?;
    let mut writer = BatchWriter::new(db, feed);
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(AHEAD);
        scope.spawn(move || {
            for item in reader {
                if sender.send(item).is_err() {
                    break;
                }
            }
        });
        loop {
            let next = if writer.is_idle() {
                receiver.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                receiver.recv_timeout(PATIENCE)
            };
            match next {
                Ok(Ok(item)) => writer.add(item),
                Ok(Err(stopped)) => writer.stop(stopped),
                Err(RecvTimeoutError::Timeout) => writer.flush()?,
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if writer.is_full() {
                writer.flush()?;
                progress(&writer.report);
            }
        }
        writer.flush()?;
        progress(&writer.report);
        Ok(writer.report)
    })
}
