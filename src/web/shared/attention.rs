//! What needs attention, for the mark at "Settings" on every page: sources, and proposed rules. Read from the database
//! at most twice a minute, however many requests there are.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::db::{AnyConnection, Db};
use crate::error::Result;
use crate::ingest::sources;
use crate::rules::proposals;

/// How long a result is used.
const MAX_AGE: Duration = Duration::from_secs(30);

/// What needs attention.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needs {
    /// A source is silent, or items were rejected recently.
    pub sources: bool,
    /// Proposed rules that wait for a decision.
    pub proposals: i64,
}

impl Needs {
    fn read(conn: &mut AnyConnection) -> Result<Self> {
        Ok(Self { sources: sources::want_attention(conn)?, proposals: proposals::count_waiting(conn)? })
    }
}

/// The last result, and when it was read.
#[derive(Debug, Default)]
pub struct Attention(Mutex<(Option<Instant>, Needs)>);

impl Attention {
    /// Reads again if the last result is too old. A failure keeps the last result.
    pub async fn refresh(&self, db: &Db) {
        if !self.is_due() {
            return;
        }
        match db.read(Needs::read).await {
            Ok(needs) => self.set(Some(Instant::now()), needs),
            Err(error) => tracing::warn!("what needs attention could not be read: {error}"),
        }
    }

    /// The last result.
    pub fn needs(&self) -> Needs {
        self.0.lock().map_or_else(|_| Needs::default(), |state| state.1)
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

    fn set(&self, at: Option<Instant>, needs: Needs) {
        if let Ok(mut state) = self.0.lock() {
            *state = (at, needs);
        }
    }
}
