//! The commands and their arguments.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::options::Options;
use crate::cli::{bench, demo, healthcheck, import, mapping, migrate, output, serve, token, user};

/// Incident management for security teams, self-hosted.
#[derive(Parser)]
#[command(name = "watchdesk", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
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

/// Runs what the arguments ask.
pub fn run() -> ExitCode {
    // Databases, copies and keys are nobody else's business on this machine.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
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
    let code = outcome.unwrap_or_else(|failed| {
        for line in failed.message.lines() {
            output::print_error(&format!("watchdesk: {line}"));
        }
        ExitCode::from(failed.code)
    });
    output::finish();
    code
}
