//! Whole bodies in, an account of every item out: read, cut into batches, stored a transaction each.

use crate::accounts::Actor;
use crate::alerts::formats::{Format, Item, read_body};
use crate::alerts::incoming::Incoming;
use crate::alerts::ingest::{Taken, ingest};
use crate::db::Db;
use crate::error::{Error, Result};

/// Records a transaction: large enough to amortise a commit, small enough that nobody waits.
pub const BATCH: usize = 200;

/// What became of one item of a body.
#[derive(Debug, Clone)]
pub struct ItemReport {
    pub line: Option<usize>,
    /// Or why it was not taken, in a sentence.
    pub outcome: std::result::Result<Taken, String>,
}

/// What became of a body.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub items: Vec<ItemReport>,
}

impl Report {
    /// Alerts that were new.
    pub fn created(&self) -> usize {
        self.taken().map(|taken| taken.created).sum()
    }

    /// Alerts that were known.
    pub fn updated(&self) -> usize {
        self.taken().map(|taken| taken.updated).sum()
    }

    /// Items that were not taken.
    pub fn rejected(&self) -> usize {
        self.items.iter().filter(|item| item.outcome.is_err()).count()
    }

    fn taken(&self) -> impl Iterator<Item = &Taken> {
        self.items.iter().filter_map(|item| item.outcome.as_ref().ok())
    }
}

/// Takes a whole body, a batch a transaction, off the async threads.
pub async fn take_body(db: &Db, actor: Actor, format: Format, body: Vec<u8>) -> Result<Report> {
    let db = db.clone();
    tokio::task::spawn_blocking(move || {
        let items = read_body(&format, &body);
        take_items(&db, &actor, items, &mut |_| ())
    })
    .await
    .map_err(Error::internal)?
}

/// Takes items in batches on the calling thread; `progress` hears of every batch's size.
pub fn take_items(db: &Db, actor: &Actor, items: Vec<Item>, progress: &mut dyn FnMut(usize)) -> Result<Report> {
    let mut report = Report::default();
    let mut items = items.into_iter().peekable();
    while items.peek().is_some() {
        let batch: Vec<Item> = items.by_ref().take(BATCH).collect();
        let count = batch.len();
        let mut good: Vec<Incoming> = Vec::with_capacity(count);
        // What is told of each item before the database is asked: why it was refused, or which
        // parts of it were.
        let mut read = Vec::with_capacity(count);
        for item in batch {
            read.push((
                item.line,
                item.record.map(|mut record| {
                    let refused = record.take_refused();
                    good.push(record);
                    refused
                }),
            ));
        }
        let mut taken = take_batch(db, actor, &good)?.into_iter();
        for (line, record) in read {
            let (outcome, refused) = match record {
                Ok(refused) => (taken.next().unwrap_or_else(|| Err("This was not taken.".to_owned())), refused),
                Err(why) => (Err(why.sentence().to_owned()), Vec::new()),
            };
            report.items.push(ItemReport { line, outcome });
            report.items.extend(refused.into_iter().map(|why| ItemReport { line, outcome: Err(why) }));
        }
        progress(count);
    }
    Ok(report)
}

type Outcomes = Vec<std::result::Result<Taken, String>>;

/// One transaction. When the database refuses it, each record gets one of its own, so that a record
/// that cannot be stored costs nothing but itself.
fn take_batch(db: &Db, actor: &Actor, records: &[Incoming]) -> Result<Outcomes> {
    match db.write_now(|tx| ingest(tx, actor, records)) {
        Ok(taken) => Ok(taken.into_iter().map(Ok).collect()),
        Err(Error::Internal(why)) => {
            tracing::warn!("a batch of {} was refused and is taken one by one: {why}", records.len());
            records.iter().map(|record| take_alone(db, actor, record)).collect()
        }
        Err(error) => Err(error),
    }
}

fn take_alone(db: &Db, actor: &Actor, record: &Incoming) -> Result<std::result::Result<Taken, String>> {
    match db.write_now(|tx| ingest(tx, actor, std::slice::from_ref(record))) {
        Ok(taken) => Ok(Ok(taken.into_iter().next().unwrap_or_default())),
        Err(Error::Internal(why)) => {
            tracing::error!("a record could not be stored: {why}");
            Ok(Err("The database refused to store this record.".to_owned()))
        }
        Err(error) => Err(error),
    }
}
