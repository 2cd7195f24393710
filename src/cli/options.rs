//! The options that every command takes.

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

use crate::cli::outcome::Failed;
use crate::config::checkpoints::{Destinations, Syslog, check_webhook};
use crate::config::{Backups, Config, MetricsAccess, Network, TlsFiles, parse_networks};
use crate::db::{Db, SchemaState, schema_state};
use crate::history::rescore;
use crate::live::Hub;

/// What every command takes.
#[derive(Args, Clone)]
pub struct Options {
    /// Database: sqlite://FILE or postgres://...
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://watchdesk.db", global = true, hide_env_values = true)]
    database_url: String,
    /// Address and port to listen on
    #[arg(long, env = "WATCHDESK_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    listen: String,
    /// URL at which browsers reach Watchdesk, if it is behind a proxy
    #[arg(long, env = "WATCHDESK_PUBLIC_URL", global = true)]
    public_url: Option<String>,
    /// Certificate chain of the server, PEM; reloaded when it changes. Requires --tls-key
    #[arg(long, env = "WATCHDESK_TLS_CERT", global = true)]
    tls_cert: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, env = "WATCHDESK_TLS_KEY", global = true)]
    tls_key: Option<PathBuf>,
    /// Proxies in front of Watchdesk that are trusted to name the client: 10.0.0.0/8,192.0.2.7
    #[arg(long, env = "WATCHDESK_TRUSTED_PROXIES", default_value = "", hide_default_value = true, global = true)]
    trusted_proxies: String,
    /// Listen for other machines without TLS: passwords can be read on the network
    #[arg(long, env = "WATCHDESK_INSECURE_HTTP", value_parser = FalseyValueParser::new(), global = true)]
    insecure_http: bool,
    /// File with the key that signs cookies [default: watchdesk.secret beside the database]
    #[arg(long, env = "WATCHDESK_SECRET_FILE", global = true)]
    secret_file: Option<PathBuf>,
    /// File with the key that signs checkpoints [default: watchdesk.signing-key beside the secret file]
    #[arg(long, env = "WATCHDESK_SIGNING_KEY_FILE", global = true)]
    signing_key_file: Option<PathBuf>,
    /// How often a checkpoint of the record is made, if something has changed, in hours or such as 30m or 1d
    #[arg(long, env = "WATCHDESK_CHECKPOINT_EVERY", default_value = "1h", value_parser = crate::config::parse_duration, global = true)]
    checkpoint_every: i64,
    /// File that every checkpoint is appended to, as a line of JSON; best where the database's administrators cannot write
    #[arg(long, env = "WATCHDESK_CHECKPOINT_FILE", global = true)]
    checkpoint_file: Option<PathBuf>,
    /// Syslog server that checkpoints are sent to: udp://logs.example:514 or tcp://logs.example:601
    #[arg(long, env = "WATCHDESK_CHECKPOINT_SYSLOG", value_parser = Syslog::parse, global = true)]
    checkpoint_syslog: Option<Syslog>,
    /// URL that checkpoints are posted to as JSON: https, or this machine
    #[arg(long, env = "WATCHDESK_CHECKPOINT_WEBHOOK", value_parser = check_webhook, global = true, hide_env_values = true)]
    checkpoint_webhook: Option<String>,
    /// Name new incidents after their alerts: on, or off for "Incident 1234"
    #[arg(long, env = "WATCHDESK_AUTOMATIC_NAMES", default_value = "on", value_parser = ["on", "off"], global = true)]
    automatic_names: String,
    /// Merge incidents that an alert links: on or off
    #[arg(long, env = "WATCHDESK_AUTOMATIC_MERGING", default_value = "on", value_parser = ["on", "off"], global = true)]
    automatic_merging: String,
    /// Largest request body of alerts, unpacked, such as 64MiB or 2GiB
    #[arg(long, env = "WATCHDESK_MAX_BODY", default_value = "1GiB", value_parser = crate::config::parse_size, global = true)]
    max_body: u64,
    /// Largest file that people can attach to an incident, such as 10MiB
    #[arg(long, env = "WATCHDESK_ATTACHMENT_LIMIT", default_value = "25MiB", value_parser = crate::config::parse_size, global = true)]
    attachment_limit: u64,
    /// Certificates of authorities that identity providers may have, beside those that the machine trusts; PEM
    #[arg(long, env = "WATCHDESK_PROVIDER_CA", value_name = "FILE", global = true)]
    provider_ca: Option<PathBuf>,
    /// File with the token by which Prometheus reads /metrics
    #[arg(long, env = "WATCHDESK_METRICS_TOKEN_FILE", value_name = "FILE", global = true)]
    metrics_token_file: Option<PathBuf>,
    /// Networks from which /metrics is read without a token, such as 127.0.0.1 or 10.0.0.0/8
    #[arg(
        long,
        env = "WATCHDESK_METRICS_FROM",
        default_value = "",
        hide_default_value = true,
        value_name = "NETWORKS",
        global = true
    )]
    metrics_from: String,
    /// Session timeout when idle, in hours or such as 30m or 12h
    #[arg(long, env = "WATCHDESK_SESSION_IDLE", default_value = "12h", value_parser = crate::config::parse_duration, global = true)]
    session_idle: i64,
    /// Longest session, in hours or such as 12h or 7d
    #[arg(long, env = "WATCHDESK_SESSION_LIFETIME", default_value = "7d", value_parser = crate::config::parse_duration, global = true)]
    session_lifetime: i64,
    /// Folder for backups on schedule, and for the one before a migration
    #[arg(long, env = "WATCHDESK_BACKUP_FOLDER", global = true, value_name = "FOLDER")]
    backup_folder: Option<PathBuf>,
    /// How often a backup is made, in hours or such as 30m, 24h or 7d
    #[arg(long, env = "WATCHDESK_BACKUP_EVERY", default_value = "24h", value_parser = crate::config::parse_duration, global = true)]
    backup_every: i64,
    /// How many backups of the schedule are kept
    #[arg(long, env = "WATCHDESK_BACKUP_KEEP", default_value = "7", value_parser = clap::value_parser!(u32).range(1..), global = true)]
    backup_keep: u32,
    /// Public key of age (age1...) that backups are encrypted to; several with commas
    #[arg(long, env = "WATCHDESK_BACKUP_ENCRYPT_TO", value_delimiter = ',', global = true, value_name = "KEY")]
    backup_encrypt_to: Vec<String>,
}

/// Shortest token for /metrics, in characters: shorter ones can be guessed.
const SHORTEST_TOKEN: usize = 16;

impl Options {
    pub(crate) fn config(&self) -> Result<Config, Failed> {
        let config =
            Config::new(&self.database_url, &self.listen, self.public_url.as_deref(), self.secret_file.clone())
                .map_err(Failed::usage)?;
        Ok(Config {
            automatic_names: self.automatic_names == "on",
            automatic_merging: self.automatic_merging == "on",
            max_body: self.max_body,
            attachment_limit: self.attachment_limit,
            session_idle: self.session_idle,
            session_lifetime: self.session_lifetime,
            provider_ca: self.provider_ca.clone(),
            metrics: self.metrics().map_err(Failed::usage)?,
            signing_key_file: self.signing_key_file.clone().unwrap_or(config.signing_key_file),
            checkpoint_every: self.checkpoint_every,
            checkpoints: Destinations {
                file: self.checkpoint_file.clone(),
                syslog: self.checkpoint_syslog.clone(),
                webhook: self.checkpoint_webhook.clone(),
            },
            network: self.network().map_err(Failed::usage)?,
            backups: Backups {
                folder: self.backup_folder.clone(),
                every: self.backup_every,
                keep: usize::try_from(self.backup_keep).unwrap_or(usize::MAX),
                encrypt_to: self.backup_encrypt_to.clone(),
            },
            ..config
        })
    }

    fn metrics(&self) -> Result<MetricsAccess, String> {
        let networks = parse_networks(&self.metrics_from).map_err(|mistake| format!("--metrics-from: {mistake}"))?;
        let Some(path) = &self.metrics_token_file else { return Ok(MetricsAccess { token: None, networks }) };
        let token =
            std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let token = token.trim().to_owned();
        if token.len() < SHORTEST_TOKEN {
            return Err(format!("the token in {} is shorter than {SHORTEST_TOKEN} characters", path.display()));
        }
        Ok(MetricsAccess { token: Some(token), networks })
    }

    fn network(&self) -> Result<Network, String> {
        let tls = match (self.tls_cert.clone(), self.tls_key.clone()) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (None, None) => None,
            _ => return Err("--tls-cert and --tls-key are given together".to_owned()),
        };
        let trusted_proxies =
            parse_networks(&self.trusted_proxies).map_err(|mistake| format!("--trusted-proxies: {mistake}"))?;
        Ok(Network { tls, trusted_proxies, insecure_http: self.insecure_http })
    }

    /// Opens the database for a command. An empty one is set up; an older one is not touched.
    pub(crate) fn database(&self) -> Result<Db, Failed> {
        let config = self.config()?;
        let db = Db::open(&config.database, Hub::default()).map_err(Failed::usage)?;
        let db = db.with_automatic_names(config.automatic_names).with_automatic_merging(config.automatic_merging);
        prepare(&db)?;
        Ok(db)
    }
}

/// Sets an empty database up, and refuses an older or newer one by name of the remedy.
pub(crate) fn prepare(db: &Db) -> Result<(), Failed> {
    match db.read_now(schema_state)? {
        SchemaState::Current => Ok(()),
        SchemaState::Behind(_) if db.is_empty()? => set_up(db),
        SchemaState::Behind(_) => {
            Err(Failed::usage("the database is older than this version; run `watchdesk migrate`"))
        }
        SchemaState::Ahead => {
            Err(Failed::usage("the database was written by a newer version of Watchdesk; use that one"))
        }
    }
}

/// Creates the schema in an empty database.
pub(crate) fn set_up(db: &Db) -> Result<(), Failed> {
    db.migrate()?;
    db.write_now(rescore::begin_if_empty)?;
    Ok(())
}
