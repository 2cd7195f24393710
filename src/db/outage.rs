//! Whether the database could not be reached a moment ago, so that not every request waits until it finds out.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Unavailable};

/// For how long requests are refused after one that could not reach the database. Then one tries again.
const REFUSED_FOR: Duration = Duration::from_secs(1);

/// For how long a request that waited in vain is told of the outage instead of others' work.
const TOLD_FOR: Duration = Duration::from_secs(15);

#[derive(Clone, Default)]
pub(super) struct Outage(Arc<Mutex<Option<Last>>>);

struct Last {
    at: Instant,
    why: Unavailable,
    message: String,
}

impl Outage {
    /// Notes why no connection could be opened, and makes the error of it.
    pub(super) fn begin(&self, message: String) -> Error {
        let why = Unavailable::of_text(&message).unwrap_or(Unavailable::Gone);
        *self.last() = Some(Last { at: Instant::now(), why, message: message.clone() });
        Error::Unavailable(why, message)
    }

    pub(super) fn end(&self) {
        self.last().take();
    }

    /// The error of a request that comes too soon after one that could not reach the database.
    pub(super) fn refusal(&self) -> Option<Error> {
        self.within(REFUSED_FOR)
    }

    /// An error of waiting too long, as what it is.
    pub(super) fn explain(&self, error: Error) -> Error {
        match error {
            Error::Unavailable(Unavailable::Busy, _) => self.within(TOLD_FOR).unwrap_or(error),
            other => other,
        }
    }

    fn within(&self, time: Duration) -> Option<Error> {
        let last = self.last();
        let last = last.as_ref().filter(|last| last.at.elapsed() < time)?;
        Some(Error::Unavailable(last.why, last.message.clone()))
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<Last>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
