//! From a [`Config`] to a server that listens: the one place where the parts are put together. `serve`,
//! `demo` and the tests use it.

mod checks;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::App;
use actix_web::cookie::Key;
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use tokio::sync::Semaphore;

use crate::accounts::sessions::Lifetimes;
use crate::accounts::single_sign_on::Metadata;
use crate::accounts::throttle::Throttle;
use crate::accounts::{sessions, users};
use crate::backup::schedule::{Backups, Plan};
use crate::config::Config;
use crate::db::Db;
use crate::ingest::intake::feed;
use crate::live::Hub;
use crate::operations::job_runner::JobRunner;
use crate::operations::job_worker;
use crate::proof::schedule::Schedule;
use crate::proof::signing::SigningKey;
use crate::secrets;
use crate::web::routes;
use crate::web::server::connections::{Connections, raised_limit};
use crate::web::server::tls::Tls;
use crate::web::server::{check, listener, request};
use crate::web::shared::attention::Attention;
use crate::web::shared::base_path::BasePath;
use crate::web::shared::event_stream::channels::Channels;
use crate::web::shared::hashing::Hashing;
use crate::web::shared::intakes::Intakes;
use crate::web::shared::reader_shares::ReaderShares;
use crate::web::shared::readiness::Readiness;
use crate::web::shared::state::AppState;
use crate::web::shared::valid_tokens::ValidTokens;
use crate::web::shared::{below_a_path, headers, request_log};

/// Bodies of alerts read at once; every worker has 32 threads for all that blocks.
const INTAKES: usize = 8;
/// How long a graceful stop waits for requests, in seconds; streams end at once.
const STOP_TIMEOUT: u64 = 5;
const TIDY_EVERY: Duration = Duration::from_secs(60);

/// A server that has its port and waits to be run.
pub struct Application {
    server: actix_web::dev::Server,
    handle: ServerHandle,
    hub: Hub,
    throttle: Throttle,
    connections: Arc<Connections>,
    tls: Option<Arc<Tls>>,
    backups: Backups,
    port: u16,
    pub db: Db,
    schedule: Schedule,
    /// The one-time code for /setup, while there is no user.
    pub setup_code: Option<String>,
    /// The path that signs in, in a demo.
    pub demo_path: Option<String>,
}

/// Stops a running server from elsewhere.
#[derive(Clone)]
pub struct Stopper {
    handle: ServerHandle,
    hub: Hub,
}

impl Stopper {
    /// Ends open streams, then waits for requests under way.
    pub async fn stop(&self) {
        self.hub.stop();
        self.handle.stop(true).await;
    }
}

/// Opens the database, checks its schema, binds the port. The text of a failure is one clear line.
pub fn build(config: &Config) -> Result<Application, String> {
    config.check_network()?;
    let hub = Hub::default();
    let db = Db::open(&config.database, hub.clone())?
        .with_automatic_names(config.automatic_names)
        .with_automatic_merging(config.automatic_merging);
    checks::schema(&db)?;
    checks::rest_of_migration(&db).map_err(|error| error.to_string())?;
    let key = Key::from(&secrets::installation_key(&config.secret_file)?);
    let signing_key = Arc::new(SigningKey::read_or_make(&config.signing_key_file)?);
    let backups = Backups::new(&db, Plan::new(&config.backups)?);
    let state = Data::new(state(config, &db, &key, &backups, signing_key.public_key())?);
    let (setup_code, demo_path) = ways_in(&state);
    let throttle = state.throttle.clone();
    let tls = config.network.tls.as_ref().map(Tls::load).transpose()?;
    let connections = Connections::new(config.network.trusted_proxies.clone());
    let lifetimes = Lifetimes { idle: config.session_idle, total: config.session_lifetime };
    shorten_sessions(&db, lifetimes);
    let (https, session_cookie, routes_db) = (config.https(), config.session_cookie(), db.clone());
    let (server, port) = listener::bind(&listening(config, &connections, tls.as_ref()), move || {
        App::new()
            .app_data(state.clone())
            // The last one is the first that a request passes; `web::server` says what needs this order.
            .wrap(from_fn(check::check))
            .wrap(from_fn(request::track))
            .wrap(from_fn(headers::secure_cookies))
            .wrap(headers::security(https))
            .wrap(from_fn(request_log::log))
            .wrap(from_fn(below_a_path::remove_from_request))
            .configure(|service| routes::configure(service, &routes_db, &key, session_cookie, lifetimes))
    })
    .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let handle = server.handle();
    let schedule =
        Schedule { key: signing_key, every: config.checkpoint_every, destinations: config.checkpoints.clone() };
    Ok(Application {
        server,
        handle,
        hub,
        throttle,
        connections,
        tls,
        backups,
        port,
        db,
        schedule,
        setup_code,
        demo_path,
    })
}

/// The one-time code of the setup and the path of the demo's link, where there are such.
fn ways_in(state: &AppState) -> (Option<String>, Option<String>) {
    let setup_code = state.setup_code.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (setup_code, state.demo_link.as_ref().map(|(code, _)| format!("/login/demo/{code}")))
}

/// Where and how the server listens.
fn listening<'a>(config: &'a Config, connections: &Arc<Connections>, tls: Option<&Arc<Tls>>) -> listener::Settings<'a> {
    listener::Settings {
        listen: &config.listen,
        workers: config.workers,
        stop_timeout: STOP_TIMEOUT,
        connections: connections.clone(),
        tls: tls.cloned(),
    }
}

/// Ends sessions that an earlier start let last longer.
fn shorten_sessions(db: &Db, lifetimes: Lifetimes) {
    if let Err(error) = db.write_now(|tx| sessions::shorten(tx, lifetimes)) {
        tracing::warn!("sessions could not be shortened: {error}");
    }
}

/// What all handlers share.
fn state(config: &Config, db: &Db, key: &Key, backups: &Backups, public_key: String) -> Result<AppState, String> {
    let nobody = !db.read_now(users::any).map_err(|error| error.to_string())?;
    checks::warn_of_weaknesses(db, [&config.secret_file, &config.signing_key_file])
        .map_err(|error| error.to_string())?;
    let secret = |bytes: usize| secrets::random_hex(bytes).map_err(|error| error.to_string());
    Ok(AppState {
        db: db.clone(),
        throttle: Throttle::default(),
        valid_tokens: ValidTokens::default(),
        public_origin: config.public_origin().map(str::to_owned),
        https: config.https(),
        trusted_proxies: config.network.trusted_proxies.clone(),
        proxies_only: config.network.is_behind_proxies_only(),
        metrics_access: config.metrics.clone(),
        identity_providers: Arc::new(identity_providers(config)?),
        passkey_ceremonies: Arc::default(),
        cookie_key: key.clone(),
        public_key,
        base_path: BasePath::new(config.base_path()),
        setup_code: Mutex::new(nobody.then(|| secret(8)).transpose()?),
        demo_link: config.demo_user.map(|user| Ok::<_, String>((secret(16)?, user))).transpose()?,
        hashing: Hashing::default(),
        intakes: Intakes::new(INTAKES),
        ingest_pace: feed::pace(),
        jobs: JobRunner::default(),
        backups: backups.clone(),
        reader_shares: ReaderShares::default(),
        rule_trials: Arc::new(Semaphore::new(1)),
        rule_trial_progress: Arc::default(),
        deliveries: Mutex::default(),
        max_body: config.max_body,
        attachment_limit: config.attachment_limit,
        totals: Arc::default(),
        readiness: Readiness::default(),
        channels: Channels::new(max_streams(config)),
        attention: Attention::default(),
    })
}

/// The client of identity providers, which trusts the certificates of the configured file as well.
fn identity_providers(config: &Config) -> Result<Metadata, String> {
    let Some(path) = &config.provider_ca else { return Metadata::new(None) };
    let pem = std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Metadata::new(Some(&pem)).map_err(|error| format!("{}: {error}", path.display()))
}

/// Open streams leave half of the descriptors to everything else.
fn max_streams(config: &Config) -> usize {
    config.max_streams.min(usize::try_from(raised_limit() / 2).unwrap_or(usize::MAX))
}

impl Application {
    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn stopper(&self) -> Stopper {
        Stopper { handle: self.handle.clone(), hub: self.hub.clone() }
    }

    /// The state's regular chores, for as long as the server runs.
    fn tidy(throttle: Throttle) {
        actix_web::rt::spawn(async move {
            loop {
                tokio::time::sleep(TIDY_EVERY).await;
                throttle.tidy();
            }
        });
    }

    /// Serves until stopped: by [`Stopper::stop`], or by SIGINT or SIGTERM when `signals`.
    pub async fn run(self, signals: bool) -> std::io::Result<()> {
        Self::tidy(self.throttle);
        actix_web::rt::spawn(self.schedule.run(self.db.clone()));
        actix_web::rt::spawn(self.connections.watch());
        if let Some(tls) = &self.tls {
            actix_web::rt::spawn(tls.clone().watch());
        }
        job_worker::resume(&self.db);
        actix_web::rt::spawn(self.backups.run());
        if signals {
            let stopper = Stopper { handle: self.handle.clone(), hub: self.hub.clone() };
            let tls = self.tls.clone();
            actix_web::rt::spawn(async move {
                wait_for_end(tls.as_deref()).await;
                tracing::info!("stopping");
                stopper.stop().await;
            });
        }
        self.server.await
    }
}

/// Waits for SIGINT or SIGTERM. SIGHUP, which is sent after a certificate was renewed, only reads it again.
async fn wait_for_end(tls: Option<&Tls>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hang_up)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    loop {
        tokio::select! {
            _ = interrupt.recv() => return,
            _ = terminate.recv() => return,
            _ = hang_up.recv() => {
                if let Some(tls) = tls {
                    tls.reload();
                }
            }
        }
    }
}

/// Runs a future on a runtime of this thread: for `main` and for tests.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(future)
}
