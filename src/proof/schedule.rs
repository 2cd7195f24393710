//! Checkpoints that the server makes by itself, for as long as it runs.

use std::sync::Arc;
use std::time::Duration;

use crate::config::checkpoints::Destinations;
use crate::db::Db;
use crate::proof::signing::SigningKey;
use crate::proof::{deliver, store};

/// When checkpoints are made, and where they go.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub key: Arc<SigningKey>,
    /// Microseconds from one to the next.
    pub every: i64,
    pub destinations: Destinations,
}

impl Schedule {
    /// Makes a checkpoint at once, and whenever its time has come and something has changed.
    pub async fn run(self, db: Db) {
        let every = Duration::from_micros(u64::try_from(self.every).unwrap_or(u64::MAX).max(1));
        loop {
            let (schedule, db) = (self.clone(), db.clone());
            if let Err(error) = tokio::task::spawn_blocking(move || schedule.once(&db)).await {
                tracing::error!("making a checkpoint ended early: {error}");
            }
            tokio::time::sleep(every).await;
        }
    }

    /// What cannot be done now is done the next time.
    fn once(&self, db: &Db) {
        match store::make_if_changed(db, &self.key) {
            Ok(Some(checkpoint)) => tracing::info!("checkpoint {} was made", checkpoint.id),
            Ok(None) => {}
            Err(error) => tracing::warn!("no checkpoint could be made: {error}"),
        }
        for why in deliver::send(db, &self.destinations) {
            tracing::warn!("checkpoints were not sent: {why}");
        }
    }
}
