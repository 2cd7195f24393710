//! Whether a source needs attention, for the mark at "Settings" on every page. Read from the database at
//! most twice a minute, however many requests there are.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::db::Db;
use crate::ingest::sources;

/// How long a result is used.
const MAX_AGE: Duration = Duration::from_secs(30);

/// The last result, and when it was read.
#[derive(Debug, Default)]
pub struct Attention(Mutex<(Option<Instant>, bool)>);

impl Attention {
    /// Reads again if the last result is too old. A failure keeps the last result.
    pub async fn refresh(&self, db: &Db) {
        if !self.is_due() {
            return;
        }
        match db.read(sources::want_attention).await {
            Ok(needed) => self.set(Some(Instant::now()), needed),
            Err(error) => tracing::warn!("the health of sources could not be read: {error}"),
        }
    }

    /// Whether a source is silent, or items were rejected recently.
    pub fn is_needed(&self) -> bool {
        self.0.lock().is_ok_and(|state| state.1)
    }

    /// Makes the next request read again, after a change.
    pub fn expire(&self) {
        if let Ok(mut state) = self.0.lock() {
            state.0 = None;
        }
    }

    /// Whether to read again. The caller to whom this is true reads for all others.
    fn is_due(&self) -> bool {
        let Ok(mut state) = self.0.lock() else { return false };
        let due = state.0.is_none_or(|at| at.elapsed() > MAX_AGE);
        if due {
            state.0 = Some(Instant::now());
        }
        due
    }

    fn set(&self, at: Option<Instant>, needed: bool) {
        if let Ok(mut state) = self.0.lock() {
            *state = (at, needed);
        }
    }
}
