//! One body from its first item to its last: one thread reads, another stores.

use std::io::Read;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use crate::db::Db;
use crate::error::Result;
use crate::formats::readers::body_reader::BodyReader;
use crate::formats::readers::item::{Item, Stopped};
use crate::ingest::intake::feed::{self, Feed};
use crate::ingest::intake::read_ahead::{EndOnDrop, ReadAhead};
use crate::ingest::intake::report::Report;
use crate::ingest::intake::stop::Stop;
use crate::ingest::intake::store::BatchWriter;
use crate::ingest::regroup;
use crate::permissions::{Action, require};

/// How long an item waits for others to share its transaction.
const PATIENCE: Duration = Duration::from_secs(2);

/// An item as the reader yields it.
type ReadItem = std::result::Result<Item, Stopped>;

/// Takes everything that a reader yields, on the calling thread, unless the body is over before. `progress` is
/// called after every batch. An error says that nothing was stored; what was stored before one is in the report.
pub fn ingest_stream<R: Read + Send>(
    db: &Db,
    feed: &Feed,
    reader: BodyReader<R>,
    stop: &Stop,
    progress: &mut dyn FnMut(&Report),
) -> Result<Report> {
    require(&feed.actor, Action::Ingest)?;
    let ahead = &ReadAhead::default();
    std::thread::scope(|scope| {
        // What one batch may have is read while another is stored.
        let (sender, receiver) = sync_channel(feed::MOST);
        scope.spawn(move || {
            for item in reader {
                if !ahead.reserve(bytes_of(&item)) || sender.send(item).is_err() {
                    break;
                }
            }
        });
        let _end = EndOnDrop(ahead);
        let mut writer = BatchWriter::new(db, feed);
        let next = |timeout: Option<Duration>| {
            let item = match timeout {
                None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(timeout) => receiver.recv_timeout(timeout),
            }?;
            ahead.release(bytes_of(&item));
            Ok(item)
        };
        let taken = take(&mut writer, &next, stop, progress);
        drop(receiver);
        if taken.is_err() || writer.has_enough() {
            // The reader may be waiting for a part of the body.
            stop.end();
        }
        taken.map(|()| writer.report)
    })
}

fn bytes_of(item: &ReadItem) -> usize {
    item.as_ref().map_or(0, Item::bytes)
}

fn take(
    writer: &mut BatchWriter<'_>,
    next: &dyn Fn(Option<Duration>) -> std::result::Result<ReadItem, RecvTimeoutError>,
    stop: &Stop,
    progress: &mut dyn FnMut(&Report),
) -> Result<()> {
    // A sender that has left is not answered; what came of its body before is stored.
    while !writer.has_enough() && !stop.is_over() {
        match next((!writer.is_idle()).then_some(PATIENCE)) {
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
    // What came is stored, whatever becomes of this: what is left waits for the next body.
    if let Err(error) = regroup(writer) {
        tracing::warn!("the alerts of a body could not be regrouped to the end: {error}");
    }
    Ok(())
}

/// Groups alerts otherwise where those of the body show it; the report says where they are then.
fn regroup(writer: &mut BatchWriter<'_>) -> Result<()> {
    if regroup::run_in_steps(writer.db())? {
        writer.report.locate_again(writer.db())?;
    }
    Ok(())
}
