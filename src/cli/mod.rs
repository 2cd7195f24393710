//! The command line (design section 8): one file a command. A bad option or file is one clear
//! line on stderr and exit 2, with nothing half done.

mod bench;
mod demo;
mod healthcheck;
mod import;
mod mapping;
mod migrate;
mod serve;
mod token;
mod user;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::db::schema_state::SchemaState;
use crate::db::{Db, schema_state};
use crate::error::Error;
use crate::live::Hub;

/// Incident management for security teams, self-hosted.
#[derive(Parser)]
#[command(name = "watchdesk", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command takes.
#[derive(Args, Clone)]
pub struct Options {
    /// Where the data is: sqlite://FILE or postgres://...
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite://watchdesk.db", global = true, hide_env_values = true)]
    database_url: String,
    /// Address and port to listen on
    #[arg(long, env = "WATCHDESK_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    listen: String,
    /// Where browsers reach Watchdesk, when a proxy stands before it
    #[arg(long, env = "WATCHDESK_PUBLIC_URL", global = true)]
    public_url: Option<String>,
    /// The file with the key that signs cookies [default: watchdesk.secret beside the database]
    #[arg(long, env = "WATCHDESK_SECRET_FILE", global = true)]
    secret_file: Option<PathBuf>,
    /// Whether new incidents are named from their alerts: on, or off for "Incident 1234"
    #[arg(long, env = "WATCHDESK_AUTOMATIC_NAMES", default_value = "on", value_parser = ["on", "off"], global = true)]
    automatic_names: String,
    /// Whether incidents that an alert ties together are merged: on or off
    #[arg(long, env = "WATCHDESK_AUTOMATIC_MERGING", default_value = "on", value_parser = ["on", "off"], global = true)]
    automatic_merging: String,
    /// Largest body of alerts that is taken, unpacked, such as 64MiB or 2GiB
    #[arg(long, env = "WATCHDESK_MAX_BODY", default_value = "1GiB", value_parser = crate::config::parse_size, global = true)]
    max_body: u64,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web interface and the API (the default)
    Serve,
    /// Serve a sample world from a throw-away database, signed in by a printed link
    Demo,
    /// Bring the database up to this version; an SQLite database is copied first
    Migrate {
        /// Take every migration back instead: the data is lost
        #[arg(long, hide = true)]
        down: bool,
    },
    /// Take alerts or incidents in from files, `-` for standard input
    Import(import::Import),
    /// Manage people
    #[command(subcommand)]
    User(user::User),
    /// Manage mappings: how vendors' JSON is read
    #[command(subcommand)]
    Mapping(mapping::MappingCommand),
    /// Manage API tokens
    #[command(subcommand)]
    Token(token::Token),
    /// Measure: correlation against labels, taking alerts in against the bare database
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Ask a running server whether it is ready; exit 0 when it is
    Healthcheck,
}

/// Why a command ended: what to print, and the exit code.
pub struct Failed {
    message: String,
    code: u8,
}

impl Failed {
    /// Something in what was asked is wrong: exit 2.
    fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// It went wrong while being done: exit 1.
    fn run(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(_) | Error::Forbidden(_) => Self::usage(error.to_string()),
            Error::NotFound => Self::usage("there is nothing of this name"),
            _ => Self::run(error.to_string()),
        }
    }
}

type Outcome = Result<ExitCode, Failed>;

/// Runs what the arguments ask.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&cli.options),
        Command::Demo => demo::run(&cli.options),
        Command::Migrate { down } => migrate::run(&cli.options, down),
        Command::Import(import) => import.run(&cli.options),
        Command::User(user) => user.run(&cli.options),
        Command::Mapping(mapping) => mapping.run(&cli.options),
        Command::Token(token) => token.run(&cli.options),
        Command::Bench(bench) => bench.run(),
        Command::Healthcheck => healthcheck::run(&cli.options),
    };
    outcome.unwrap_or_else(|failed| {
        for line in failed.message.lines() {
            eprintln!("watchdesk: {line}");
        }
        ExitCode::from(failed.code)
    })
}

impl Options {
    fn config(&self) -> Result<Config, Failed> {
        let config =
            Config::new(&self.database_url, &self.listen, self.public_url.as_deref(), self.secret_file.clone())
                .map_err(Failed::usage)?;
        Ok(Config {
            automatic_names: self.automatic_names == "on",
            automatic_merging: self.automatic_merging == "on",
            max_body: self.max_body,
            ..config
        })
    }

    /// Opens the database for a command. An empty one is set up; an older one is not touched.
    fn database(&self) -> Result<Db, Failed> {
        let config = self.config()?;
        let db = Db::open(&config.database, Hub::default()).map_err(Failed::usage)?;
        let db = db.with_automatic_names(config.automatic_names).with_automatic_merging(config.automatic_merging);
        prepare(&db)?;
        Ok(db)
    }
}

/// Sets an empty database up, and refuses an older or newer one by name of the remedy.
fn prepare(db: &Db) -> Result<(), Failed> {
    match db.read_now(schema_state)? {
        SchemaState::Current => Ok(()),
        SchemaState::Behind(_) if db.is_empty()? => {
            db.migrate()?;
            Ok(())
        }
        SchemaState::Behind(_) => {
            Err(Failed::usage("the database is older than this version; run `watchdesk migrate`"))
        }
        SchemaState::Ahead => {
            Err(Failed::usage("the database was written by a newer version of Watchdesk; use that one"))
        }
    }
}

/// Logs to stderr; `RUST_LOG` narrows or widens.
fn start_logging(default: &str) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    // Fails only when a logger is there already, as in tests.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
}
