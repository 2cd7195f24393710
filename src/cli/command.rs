//! The commands and their arguments.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::options::Options;
use crate::cli::{
    backup, bench, checkpoint, demo, healthcheck, import, mapping, migrate, output, restore, serve, token, user, verify,
};

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
    /// Serve a demo with sample data in a temporary database; prints a sign-in link
    Demo,
    /// Migrate the database to this version; a backup is made first
    Migrate(migrate::Migrate),
    /// Write a backup of everything to a file, while a server may run
    Backup(backup::Backup),
    /// Restore a backup into an empty database, SQLite or PostgreSQL
    Restore(restore::Restore),
    /// Import alerts or incidents from files, `-` for standard input
    Import(import::Import),
    /// Manage users
    #[command(subcommand)]
    User(user::User),
    /// Manage mappings for vendors' JSON
    #[command(subcommand)]
    Mapping(mapping::MappingCommand),
    /// Manage API tokens
    #[command(subcommand)]
    Token(token::Token),
    /// Verify that nobody changed, removed, added or reordered entries of the history and of the audit log; exit 1 if so
    Verify(verify::Verify),
    /// Make a checkpoint of the record now, print it, and send it where checkpoints are sent
    Checkpoint,
    /// Run benchmarks: correlation against labels, ingest and pages against the bare database
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Check whether a running server is ready; exit 0 if it is
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
        Command::Migrate(migrate) => migrate.run(&cli.options),
        Command::Backup(backup) => backup.run(&cli.options),
        Command::Restore(restore) => restore.run(&cli.options),
        Command::Import(import) => import.run(&cli.options),
        Command::User(user) => user.run(&cli.options),
        Command::Mapping(mapping) => mapping.run(&cli.options),
        Command::Token(token) => token.run(&cli.options),
        Command::Verify(verify) => verify.run(&cli.options),
        Command::Checkpoint => checkpoint::run(&cli.options),
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
