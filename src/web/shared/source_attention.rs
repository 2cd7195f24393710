//! Whether the sources want looking at, for the mark at "Settings" on every page. Asked of the
//! database twice a minute at most, whatever the number of requests.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::db::Db;
use crate::ingest::sources;

/// How long an answer holds.
const HOLDS: Duration = Duration::from_secs(30);

/// The last answer and when it was given.
#[derive(Debug, Default)]
pub struct Attention(Mutex<(Option<Instant>, bool)>);

impl Attention {
    /// Asks again, if the last answer is too old; a database that does not answer changes nothing.
    pub async fn refresh(&self, db: &Db) {
        if !self.is_due() {
            return;
        }
        match db.read(sources::want_attention).await {
            Ok(wanted) => self.set(Some(Instant::now()), wanted),
            Err(error) => tracing::warn!("the health of sources could not be read: {error}"),
        }
    }

    /// Whether a source is silent or something was refused lately.
    pub fn is_wanted(&self) -> bool {
        self.0.lock().is_ok_and(|held| held.1)
    }

    /// Lets the next request ask again: something has just changed.
    pub fn expire(&self) {
        if let Ok(mut held) = self.0.lock() {
            held.0 = None;
        }
    }

    /// Whoever finds it due holds it for the others while asking.
    fn is_due(&self) -> bool {
        let Ok(mut held) = self.0.lock() else { return false };
        let due = held.0.is_none_or(|at| at.elapsed() > HOLDS);
        if due {
            held.0 = Some(Instant::now());
        }
        due
    }

    fn set(&self, at: Option<Instant>, wanted: bool) {
        if let Ok(mut held) = self.0.lock() {
            *held = (at, wanted);
        }
    }
}
