//! Whether the database can be read and written, asked at most every few seconds.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::accounts::users;
use crate::db::Db;
use crate::error::Result;

/// For how long an answer of the database holds, so that strangers cannot keep it busy.
const KEPT: Duration = Duration::from_secs(2);

/// Whether the database could be used when it was last asked, and when that was.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(Instant, bool)>>);

impl Readiness {
    pub async fn is_ready(&self, db: &Db) -> bool {
        let mut last = self.0.lock().await;
        if let Some((at, ready)) = *last
            && at.elapsed() < KEPT
        {
            return ready;
        }
        let probed = probe(db).await;
        if let Err(error) = &probed {
            tracing::error!("not ready: {error}");
        }
        *last = Some((Instant::now(), probed.is_ok()));
        probed.is_ok()
    }
}

async fn probe(db: &Db) -> Result<()> {
    db.read(users::any).await?;
    db.probe().await
}
