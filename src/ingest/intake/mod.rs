//! Bodies in, an account of every item out: unpacked and read as they come, stored a batch a
//! transaction, with memory for a batch and no more, whatever the size of the body.
//!
//! One thread reads, another stores. What a batch holds, what was refused of it and what that says
//! of the health of its sources is one transaction: after a kill it is there or it is not.

pub mod feed;
pub mod report;
mod store;

use crate::ingest::intake::feed::Feed;
use std::io::Read;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use crate::db::Db;
use crate::error::Result;
pub use crate::formats::readers::body_reader::{BodyReader, read_body};
pub use crate::formats::readers::decode::{Encoding, decoded};
pub use crate::formats::readers::item::{Item, Raw, Stopped};
pub use crate::ingest::intake::report::{ItemReport, Outcome, Report, Unfinished};
use crate::ingest::intake::store::Storing;
use crate::permissions::{Action, require};

/// How long an item waits for others to share its transaction.
const PATIENCE: Duration = Duration::from_secs(2);
/// Items that are read ahead of what is stored; each may be as large as an item gets.
const AHEAD: usize = 8;

/// Takes everything that a reader yields, on the calling thread. `progress` hears of every batch.
pub fn take<R: Read + Send>(
    db: &Db,
    feed: &Feed,
    reader: BodyReader<R>,
    progress: &mut dyn FnMut(&Report),
) -> Result<Report> {
    require(&feed.actor, Action::Ingest)?;
    let mut storing = Storing::new(db, feed);
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
            let next = if storing.is_idle() {
                receiver.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                receiver.recv_timeout(PATIENCE)
            };
            match next {
                Ok(Ok(item)) => storing.add(item),
                Ok(Err(stopped)) => storing.stop(stopped),
                Err(RecvTimeoutError::Timeout) => storing.flush()?,
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if storing.is_full() {
                storing.flush()?;
                progress(&storing.report);
            }
        }
        storing.flush()?;
        progress(&storing.report);
        Ok(storing.report)
    })
}
