//! `watchdesk backup`.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::accounts::setup::CONSOLE;
use crate::backup::keys::{PrivateKey, PublicKey};
use crate::backup::left_out::LeftOut;
use crate::backup::making::{Made, check, make};
use crate::backup::restoring::{Restored, shown_time};
use crate::backup::runs::{self, Occasion};
use crate::backup::writing::{Wanted, write};
use crate::cli::backup_progress::{Shown, source_of};
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::clock;
use crate::db::{DatabaseUrl, Db, SchemaState, schema_state};
use crate::live::Hub;
use crate::text::{file_size, thousands};

/// Tables that `--check` counts, with what people call their rows.
const COUNTED: [(&str, &str); 7] = [
    ("incidents", "Incidents"),
    ("alerts", "Alerts"),
    ("entities", "Entities"),
    ("history", "Entries of comments and history"),
    ("attachments", "Attachments"),
    ("users", "People"),
    ("audit_log", "Entries of the audit log"),
];

/// What `backup` takes.
#[derive(Args)]
pub struct Backup {
    /// File to write, `-` for standard output; with --check the file to check
    file: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
    /// Encrypt to this public key of age (age1...); can be given several times
    #[arg(long, value_name = "KEY")]
    encrypt_to: Vec<String>,
    /// Leave out passwords, tokens, signing secrets and sessions: nobody can sign in with what is restored
    #[arg(long)]
    without_secrets: bool,
    /// Leave out attached files; their names stay
    #[arg(long)]
    without_attachments: bool,
    /// Check a backup: restore it into a temporary database and say what it has
    #[arg(long, conflicts_with_all = ["force", "encrypt_to", "without_secrets", "without_attachments"])]
    check: bool,
    /// File with the private key of an encrypted backup, as age-keygen writes it; with --check
    #[arg(long, value_name = "FILE", requires = "check")]
    identity: Option<PathBuf>,
}

impl Backup {
    pub fn run(&self, options: &Options) -> Outcome {
        if self.check {
            return self.check();
        }
        let key = |text: &String| PublicKey::parse(text).map_err(|mistake| format!("--encrypt-to {text} {mistake}"));
        let encrypt_to = self.encrypt_to.iter().map(key).collect::<Result<_, _>>().map_err(Failed::usage)?;
        let left_out = LeftOut { secrets: self.without_secrets, attachments: self.without_attachments };
        let wanted = Wanted { encrypt_to, left_out };
        let db = store(options)?;
        let shown = Shown::default();
        let made = if self.file.as_os_str() == "-" {
            to_stdout(&db, &wanted, &shown)?
        } else {
            make(&db, &self.file, &wanted, self.force, &mut shown.progress())?
        };
        shown.clear();
        eprintln!("{}", sentence(&self.file, &made));
        let recorded = db.write_in_turn(|tx| runs::record_made(tx, &CONSOLE, Occasion::Command, &made, &wanted));
        if let Err(error) = recorded {
            // A backup is worth most when the database takes no writes any more.
            eprintln!("watchdesk: the backup is complete, but could not be recorded: {error}");
        }
        Ok(ExitCode::SUCCESS)
    }

    fn check(&self) -> Outcome {
        let keys = self.identity.as_deref().map(PrivateKey::read_all).transpose().map_err(Failed::usage)?;
        let shown = Shown::default();
        let source = source_of(&self.file, &shown)?;
        let progress = &mut shown.progress();
        let found = check(source, &keys.unwrap_or_default(), progress)?;
        shown.clear();
        println!("{}", found_sentence(&found.restored));
        for (table, name) in COUNTED {
            println!("{name}: {}", thousands(found.restored.rows_of(table)));
        }
        let newest = [("alert", found.store.newest_alert), ("entry of comments and history", found.store.newest_entry)];
        for (what, at) in newest {
            println!("Newest {what}: {}", at.map_or_else(|| "none".to_owned(), shown_time));
        }
        for problem in &found.store.problems {
            println!("{problem}");
        }
        if found.store.problems.is_empty() {
            println!("Nothing was changed, removed, added or reordered in its history.");
            return Ok(ExitCode::SUCCESS);
        }
        Ok(ExitCode::FAILURE)
    }
}

fn to_stdout(db: &Db, wanted: &Wanted, shown: &Shown) -> Result<Made, Failed> {
    if io::stdout().is_terminal() {
        return Err(Failed::usage("standard output is a terminal; send it to a file or a program"));
    }
    let began_at = clock::now();
    let progress = &mut shown.progress();
    let (written, _) = write(db, wanted, io::stdout().lock(), progress)?;
    let name = "standard output".to_owned();
    Ok(Made { name, bytes: None, rows: written.rows, began_at, ended_at: clock::now() })
}

fn sentence(file: &Path, made: &Made) -> String {
    let rows = thousands(made.rows);
    match made.bytes {
        Some(bytes) => {
            format!("{} has {rows} rows in {}.", file.display(), file_size(i64::try_from(bytes).unwrap_or(i64::MAX)))
        }
        None => format!("The backup has {rows} rows."),
    }
}

fn found_sentence(found: &Restored) -> String {
    let left_out = match (found.without_secrets, found.without_attachments) {
        (true, true) => ", without secrets and attachments",
        (true, false) => ", without secrets",
        (false, true) => ", without attachments",
        (false, false) => "",
    };
    let (tables, rows) = (found.tables.len(), thousands(found.rows()));
    format!("The backup of {}{left_out} is complete: {rows} rows in {tables} tables.", found.made_at_shown())
}

/// The store, which must be one.
fn store(options: &Options) -> Result<Db, Failed> {
    let config = options.config()?;
    if let DatabaseUrl::Sqlite(path, _) = &config.database
        && !path.exists()
    {
        return Err(Failed::usage(format!("there is no database at {}", path.display())));
    }
    let db = Db::open(&config.database, Hub::default()).map_err(Failed::usage)?;
    match db.read_now(schema_state)? {
        SchemaState::Current => Ok(db),
        SchemaState::Behind(_) if db.is_empty()? => Err(Failed::usage("the database has no tables yet")),
        SchemaState::Behind(_) => {
            Err(Failed::usage("the database is older than this version; run `watchdesk migrate`"))
        }
        SchemaState::Ahead => {
            Err(Failed::usage("the database was written by a newer version of Watchdesk; use that one"))
        }
    }
}
