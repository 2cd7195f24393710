//! `watchdesk mapping`: mappings as files, for whoever keeps them in version control.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use crate::accounts::setup::CONSOLE;
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping::document::Document;
use crate::formats::mapping::problems::Problems;
use crate::formats::mapping_trial::{self, Trial};
use crate::formats::not_taken::NotTaken;
use crate::ingest::mappings::{self, Draft};
use crate::model::incoming::IncomingAlert;
use crate::text::humanise;

/// What can be done to mappings.
#[derive(Subcommand)]
pub enum MappingCommand {
    /// List mappings and the tokens that use them
    List,
    /// Print a mapping as a file
    Show { name: String },
    /// Save a mapping from a file, replacing one of the same name
    Save {
        file: PathBuf,
        /// Save under this name instead of the file's
        #[arg(long)]
        name: Option<String>,
    },
    /// Delete a mapping that no token uses
    Delete { name: String },
    /// Show the result of a mapping file on a sample, without saving
    Try { file: PathBuf, sample: PathBuf },
}

impl MappingCommand {
    pub fn run(&self, options: &Options) -> Outcome {
        match self {
            Self::List => {
                for listed in options.database()?.read_now(mappings::list)? {
                    println!("{}\t{}", listed.mapping.name, listed.tokens.join(", "));
                }
            }
            Self::Show { name } => {
                let found = options.database()?.read_now(|conn| mappings::by_name(conn, name))?;
                print!("{}", found.ok_or_else(|| unknown(name))?.body);
            }
            Self::Save { file, name } => save(options, file, name.as_deref())?,
            Self::Delete { name } => {
                let db = options.database()?;
                let found = db.read_now(|conn| mappings::by_name(conn, name))?.ok_or_else(|| unknown(name))?;
                println!("{} was deleted.", db.write_now(|tx| mappings::delete(tx, &CONSOLE, found.id))?);
            }
            Self::Try { file, sample } => {
                let mapping = Mapping::compile_to_try(&document(file)?).map_err(failed)?;
                let (trials, count) = mapping_trial::run(mapping, &text(sample)?);
                trials.iter().enumerate().for_each(|(index, trial)| print(index, trial));
                if count > trials.len() {
                    println!("and {} more", count - trials.len());
                }
                if trials.iter().all(|trial| trial.outcome.is_err()) {
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn save(options: &Options, file: &Path, name: Option<&str>) -> Result<(), Failed> {
    let mut document = document(file)?;
    if let Some(name) = name {
        name.clone_into(&mut document.name);
    }
    let name = document.name.clone();
    let draft = Draft { document, sample: String::new() };
    mappings::check(&draft).map_err(failed)?;
    options.database()?.write_now(|tx| {
        let known = mappings::by_name(tx.conn, &draft.document.name)?;
        let sample = known.as_ref().map(|known| known.sample.clone()).unwrap_or_default();
        let draft = Draft { sample, ..draft.clone() };
        mappings::save(tx, &CONSOLE, known.map(|known| known.id), None, &draft)
    })?;
    println!("{} was saved.", name.trim());
    Ok(())
}

fn document(file: &Path) -> Result<Document, Failed> {
    Document::from_json(&text(file)?).map_err(|why| Failed::usage(format!("{}: {why}", file.display())))
}

/// Every problem is a line of its own.
fn failed(problems: Problems) -> Failed {
    Failed::usage(problems.to_string())
}

fn unknown(name: &str) -> Failed {
    Failed::usage(format!("there is no mapping with the name {name:?}"))
}

fn text(file: &Path) -> Result<String, Failed> {
    let failed = |error| Failed::usage(format!("cannot read {}: {error}", file.display()));
    if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(failed)?;
        return Ok(text);
    }
    std::fs::read_to_string(file).map_err(failed)
}

fn print(index: usize, trial: &Trial) {
    let place = trial.line.map_or_else(|| format!("record {}", index + 1), |line| format!("line {line}"));
    match &trial.outcome {
        Ok(alert) => print_alert(&place, alert),
        Err(NotTaken::Skipped(why)) => println!("{place}: skipped: {why}"),
        Err(NotTaken::Refused(why)) => println!("{place}: rejected: {why}"),
    }
    for note in &trial.notes {
        println!("  note: {note}");
    }
}

fn print_alert(place: &str, alert: &IncomingAlert) {
    println!("{place}: {} ({})", alert.title, alert.severity_or_medium());
    println!("  source: {}, ID: {}", alert.source, alert.provider_alert_id);
    let time = |micros| jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
    println!("  activity: {} to {}", time(alert.first_activity), time(alert.last_activity));
    for item in &alert.evidence {
        println!("  {}: {}", humanise(item.kind.as_str()), item.name);
    }
    for (label, value) in &alert.facts {
        println!("  {label}: {value}");
    }
}
