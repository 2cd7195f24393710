//! Which tokens are valid, for addresses that have sent many wrong ones: these are answered without looking
//! each token up in the database.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::accounts::token_use;
use crate::db::Db;
use crate::error::Result;
use crate::hash::sha256_hex;

/// How old the list may be. From such an address, a new token is valid that much later.
const MAX_AGE: Duration = Duration::from_secs(1);

/// The hashes of valid tokens, and when they were read.
#[derive(Default)]
pub struct ValidTokens(Mutex<Option<(Instant, HashSet<String>)>>);

impl ValidTokens {
    /// Whether a token is valid, or was a second ago.
    pub async fn contains(&self, db: &Db, token: &str) -> Result<bool> {
        let hash = sha256_hex(token.as_bytes());
        // Held while it is read: many requests at the same moment read once.
        let mut list = self.0.lock().await;
        if let Some((_, hashes)) = list.as_ref().filter(|(at, _)| at.elapsed() < MAX_AGE) {
            return Ok(hashes.contains(&hash));
        }
        let hashes: HashSet<String> = db.read_without_snapshot(token_use::valid_hashes).await?.into_iter().collect();
        let is_valid = hashes.contains(&hash);
        *list = Some((Instant::now(), hashes));
        Ok(is_valid)
    }
}
