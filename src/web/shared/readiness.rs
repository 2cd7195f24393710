//! Whether the database can be read and written, asked at most every few seconds.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::accounts::users;
use crate::db::Db;
use crate::error::Result;

/// For how long an answer of the database holds, so that strangers cannot keep it busy.
const KEPT: Duration = Duration::from_secs(2);

/// What the database said when it was last asked, and when that was.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(Instant, Option<Vec<String>>)>>);

impl Readiness {
    /// What may be lost of acknowledged writes, as sentences; `None` while the database cannot be used.
    pub async fn ask(&self, db: &Db) -> Option<Vec<String>> {
        let mut last = self.0.lock().await;
        if let Some((at, answer)) = last.as_ref()
            && at.elapsed() < KEPT
        {
            return answer.clone();
        }
        let answer = probe(db).await.inspect_err(|error| tracing::error!("not ready: {error}")).ok();
        *last = Some((Instant::now(), answer.clone()));
        answer
    }
}

async fn probe(db: &Db) -> Result<Vec<String>> {
    db.read(users::any).await?;
    db.probe().await
}
