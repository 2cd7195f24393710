//! What every handler can reach.

use std::sync::Mutex;

use crate::accounts::signing_in::Throttle;
use crate::db::Db;
use crate::web::shared::source_attention::Attention;

/// Shared by all workers.
pub struct AppState {
    pub db: Db,
    pub throttle: Throttle,
    /// Where browsers reach this server, when it was configured; forms must come from there.
    pub public_url: Option<String>,
    /// The one-time code printed on the console while there is no user; taken when used.
    pub setup_code: Mutex<Option<String>>,
    /// `demo` only: the secret of the printed link and who it signs in.
    pub demo_link: Option<(String, i64)>,
    /// Password hashing takes a core and 19 MiB; one at a time.
    pub hashing: tokio::sync::Semaphore,
    /// Bodies of alerts that are read at once; each holds a thread while it comes.
    pub intakes: tokio::sync::Semaphore,
    /// Largest body of alerts, unpacked, in bytes.
    pub max_body: u64,
    /// Totals of the queue that took long to count.
    pub totals: std::sync::Arc<crate::queue::totals::Totals>,
    /// Whether the sources want looking at.
    pub attention: Attention,
}
