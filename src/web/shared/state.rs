//! What all handlers share.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use actix_web::cookie::Key;
use ipnet::IpNet;
use tokio::sync::Semaphore;

use crate::accounts::second_factor::passkeys::Ceremonies;
use crate::accounts::single_sign_on::Metadata;
use crate::accounts::throttle::Throttle;
use crate::backup::schedule::Backups;
use crate::config::MetricsAccess;
use crate::db::Db;
use crate::ingest::rule_trial::progress::Progress;
use crate::operations::job_runner::JobRunner;
use crate::web::shared::attention::Attention;
use crate::web::shared::base_path::BasePath;
use crate::web::shared::event_stream::channels::Channels;
use crate::web::shared::hashing::Hashing;
use crate::web::shared::intakes::Intakes;
use crate::web::shared::reader_shares::ReaderShares;
use crate::web::shared::readiness::Readiness;
use crate::web::shared::valid_tokens::ValidTokens;

pub struct AppState {
    pub db: Db,
    pub throttle: Throttle,
    pub metrics_access: MetricsAccess,
    /// What identity providers say of themselves.
    pub identity_providers: Arc<Metadata>,
    /// Uses of passkeys that have begun.
    pub passkey_ceremonies: Arc<Ceremonies>,
    pub valid_tokens: ValidTokens,
    /// Scheme, host and port of the configured public URL, from which forms must be sent.
    pub public_origin: Option<String>,
    /// Browsers come by https.
    pub https: bool,
    /// The proxies that are believed when they name the client.
    pub trusted_proxies: Vec<IpNet>,
    /// Only they, and this machine, are served.
    pub proxies_only: bool,
    /// Signs the cookies of browsers that were signed in with.
    pub cookie_key: Key,
    /// The key that checkpoints are verified with, as hexadecimal.
    pub public_key: String,
    pub base_path: BasePath,
    /// The one-time code that the console shows while there is no user. Removed when it is used.
    pub setup_code: Mutex<Option<String>>,
    /// For `demo`: the secret of the printed link, and the user that it signs in.
    pub demo_link: Option<(String, i64)>,
    pub hashing: Hashing,
    /// Permits for receiving alerts: each body occupies a thread until it has been received.
    pub intakes: Intakes,
    /// How many items of a body one transaction stores.
    pub ingest_pace: Arc<crate::db::Pace>,
    /// The jobs that people began.
    pub jobs: JobRunner,
    /// Backups on schedule and on request.
    pub backups: Backups,
    /// Turns of the people who read much.
    pub reader_shares: ReaderShares,
    /// One permit: only one rule is tried at a time, since it keeps a core busy.
    pub rule_trials: Arc<Semaphore>,
    pub rule_trial_progress: Arc<Progress>,
    /// Deliveries that are being stored, by token and id.
    pub deliveries: Mutex<HashSet<(i64, String)>>,
    /// Largest body of alerts in bytes, uncompressed.
    pub max_body: u64,
    /// Largest file that is attached, in bytes.
    pub attachment_limit: u64,
    /// Cached totals of the queue.
    pub totals: Arc<crate::queue::totals::Totals>,
    /// Whether the database takes writes.
    pub readiness: Readiness,
    /// The open streams.
    pub channels: Channels,
    /// Whether sources or proposed rules need attention.
    pub attention: Attention,
}
