//! Writes to SQLite that wait at the same moment share one transaction, and so one wait for the disk. Each has a
//! savepoint of its own: one that fails takes nothing from the others. All are answered after the commit.

use std::collections::{BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::db::connection::AnyConnection;
use crate::db::tx::{self, Automatic, InSavepoint, Tx};
use crate::error::{Error, Result};

/// For how long further writes are added to a transaction, so that nobody waits for the work of many others.
const GROUP_TIME: Duration = Duration::from_millis(20);

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Whether a write was begun, shared by who asked for it and who carries it out.
#[derive(Clone, Default)]
struct Progress(Arc<AtomicU8>);

impl Progress {
    fn leave_waiting(&self, to: u8) -> bool {
        self.0.compare_exchange(WAITING, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// The answer of a write. A write that was not begun is given up when this is dropped.
pub(super) struct Answer<T> {
    progress: Progress,
    receiver: oneshot::Receiver<Result<T>>,
}

impl<T> Answer<T> {
    /// False when the write was begun already, so that its result has to be waited for.
    pub(super) fn give_up(&self) -> bool {
        self.progress.leave_waiting(GIVEN_UP)
    }

    pub(super) async fn wait(&mut self) -> Result<T> {
        (&mut self.receiver).await.unwrap_or_else(|_| Err(Error::internal("a write ended without an answer")))
    }
}

impl<T> Drop for Answer<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// A write that waits for its turn, whatever its result.
trait Waiting: Send {
    /// False when nobody waits for it any more.
    fn begin(&self) -> bool;

    fn run(&mut self, tx: &mut Tx<'_>) -> Result<()>;

    fn answer(self: Box<Self>, result: Result<()>);
}

struct Write<T, W> {
    progress: Progress,
    work: W,
    value: Option<T>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T: Send, W: FnMut(&mut Tx<'_>) -> Result<T> + Send> Waiting for Write<T, W> {
    fn begin(&self) -> bool {
        self.progress.leave_waiting(BEGUN)
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.value = None;
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(tx)));
        self.value = Some(result.unwrap_or_else(|_| Err(Error::internal("a write panicked")))?);
        Ok(())
    }

    fn answer(self: Box<Self>, result: Result<()>) {
        let Self { value, answer, .. } = *self;
        // An error only means that who asked has gone.
        let _ = answer.send(result.and_then(|()| value.ok_or_else(|| Error::internal("a write had no result"))));
    }
}

/// The writes that wait, oldest first.
#[derive(Clone, Default)]
pub(super) struct WriteGroup(Arc<Mutex<VecDeque<Box<dyn Waiting>>>>);

/// Writes that were carried out, with their results, but not answered yet.
#[derive(Default)]
pub(super) struct Carried {
    writes: Vec<(Box<dyn Waiting>, Result<()>)>,
    touched: BTreeSet<i64>,
}

impl Carried {
    /// Answers everybody. To be called after those who follow the incidents were told.
    pub(super) fn answer(self) {
        for (write, result) in self.writes {
            write.answer(result);
        }
    }

    /// How many were committed.
    pub(super) fn committed(&self) -> u64 {
        let count = self.writes.iter().filter(|(_, result)| result.is_ok()).count();
        count.try_into().unwrap_or(u64::MAX)
    }

    /// The incidents that the committed writes touched.
    pub(super) fn touched(&self) -> &BTreeSet<i64> {
        &self.touched
    }

    /// Nothing of the transaction was stored.
    fn fail(&mut self, error: &Error) {
        self.touched.clear();
        for (_, result) in &mut self.writes {
            if result.is_ok() {
                *result = Err(error.repeat());
            }
        }
    }
}

impl WriteGroup {
    /// Adds a write. Who adds it must see to it that a group is carried out until the answer is there.
    pub(super) fn add<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    ) -> Answer<T> {
        let progress = Progress::default();
        let (answer, receiver) = oneshot::channel();
        let write = Write { progress: progress.clone(), work, value: None, answer };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(Box::new(write));
        Answer { progress, receiver }
    }

    fn next(&self) -> Option<Box<dyn Waiting>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(write) = waiting.pop_front() {
            if write.begin() {
                return Some(write);
            }
        }
        None
    }

    /// Carries out the writes that wait, in one transaction, until [`GROUP_TIME`] has passed.
    pub(super) fn carry_out(&self, connection: Result<&mut AnyConnection>, automatic: Automatic) -> Carried {
        let mut carried = Carried::default();
        let Some(first) = self.next() else { return carried };
        let begun = connection.and_then(|connection| tx::begin(connection).map(|()| connection));
        let connection = match begun {
            Ok(connection) => connection,
            Err(error) => {
                carried.writes.push((first, Err(error)));
                return carried;
            }
        };
        let started = Instant::now();
        let mut next = Some(first);
        while let Some(mut write) = next {
            let InSavepoint { result, goes_on } = tx::in_savepoint(connection, automatic, |tx| write.run(tx));
            let result = result.map(|touched| carried.touched.extend(touched));
            if !goes_on {
                let lost = result.as_ref().err().map_or_else(|| Error::internal("a savepoint was lost"), Error::repeat);
                carried.writes.push((write, result));
                carried.fail(&lost);
                return carried;
            }
            carried.writes.push((write, result));
            next = if started.elapsed() < GROUP_TIME { self.next() } else { None };
        }
        if let Err(error) = tx::commit(connection) {
            carried.fail(&error);
        }
        carried
    }
}
