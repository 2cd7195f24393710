//! `watchdesk verify`: a line for everything that is wrong, a summary at the end.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::accounts::setup::CONSOLE;
use crate::audit::{self, Activity, Target};
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::config::Config;
use crate::db::Db;
use crate::proof::checkpoint::{Checkpoint, shown_time};
use crate::proof::signing::{SigningKey, is_public_key};
use crate::proof::verify::{self, Asked, Report};
use crate::text::{counted, thousands};

#[derive(Args)]
pub struct Verify {
    /// File of checkpoints that was written elsewhere; all of them are compared with the database
    #[arg(long)]
    checkpoints: Option<PathBuf>,
    /// Key that checkpoints are signed with, or several with commas between them [default: that of the signing key file];
    /// without a value, prints the key and ends
    #[arg(long, num_args = 0..=1, default_missing_value = "")]
    public_key: Option<String>,
    /// Print what was found as JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub fn run(&self, options: &Options) -> Outcome {
        let config = options.config()?;
        if self.public_key.as_deref() == Some("") {
            println!("{}", SigningKey::read_or_make(&config.signing_key_file).map_err(Failed::usage)?.public_key());
            return Ok(ExitCode::SUCCESS);
        }
        let asked = Asked { checkpoints: self.outside()?, public_keys: self.public_keys(&config)? };
        let db = options.database()?;
        let bar = if std::io::stderr().is_terminal() { progress_bar() } else { ProgressBar::hidden() };
        let report = verify::run(&db, &asked, &mut |done, total| {
            bar.set_length(u64::try_from(total).unwrap_or(0));
            bar.set_position(u64::try_from(done).unwrap_or(0));
        })?;
        bar.finish_and_clear();
        note(&db, &report);
        if self.json {
            println!("{}", as_json(&report));
        } else {
            self.print(&report, &asked);
        }
        Ok(if report.problems.total == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// The checkpoints of the file.
    fn outside(&self) -> Result<Vec<Checkpoint>, Failed> {
        let Some(path) = &self.checkpoints else { return Ok(Vec::new()) };
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failed::usage(format!("cannot read {}: {error}", path.display())))?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(index, line)| Checkpoint::parse(line).ok_or_else(|| not_a_checkpoint(path, index + 1))).collect()
    }

    fn public_keys(&self, config: &Config) -> Result<Vec<String>, Failed> {
        let Some(given) = &self.public_key else {
            // Verifying makes no key.
            if !config.signing_key_file.exists() {
                return Ok(Vec::new());
            }
            return Ok(vec![SigningKey::read_or_make(&config.signing_key_file).map_err(Failed::usage)?.public_key()]);
        };
        let keys: Vec<String> = given.split(',').map(|key| key.trim().to_lowercase()).collect();
        match keys.iter().find(|key| !is_public_key(key)) {
            Some(wrong) => Err(Failed::usage(format!("--public-key {wrong:?} is not a key of 64 hexadecimal digits"))),
            None => Ok(keys),
        }
    }

    fn print(&self, report: &Report, asked: &Asked) {
        let incidents = &report.incidents;
        println!(
            "Read {} of {}, {} of entities, {}, {}.",
            counted(thousands(incidents.entries), "entry"),
            counted(thousands(incidents.incidents), "incident"),
            counted(thousands(report.entity_entries), "entry"),
            counted(thousands(report.audit_entries), "audit entry"),
            counted(report.checkpoints, "checkpoint"),
        );
        if let Some((count, first, last, at)) = incidents.chained_later {
            let count = counted(thousands(count), "entry");
            println!(
                "{count} from {first} to {last} got their hashes on {}, not when they were written.",
                shown_time(at)
            );
        }
        if incidents.without_hash > 0 {
            let count = counted(thousands(incidents.without_hash), "entry");
            println!("{count} of an older store have no hash yet; run `watchdesk migrate`.");
        }
        if self.checkpoints.is_none() {
            println!("Compared with no checkpoints of elsewhere; --checkpoints FILE shows what hashes alone cannot.");
        }
        if asked.public_keys.is_empty() && report.checkpoints > 0 {
            println!("No key is known: checkpoints are believed to name their own; give --public-key.");
        }
        for problem in &report.problems.listed {
            println!("{}", problem.sentence);
        }
        if let Some(more) = report.problems.unlisted() {
            println!("{more}");
        }
        match report.problems.total {
            0 => println!("Nothing was changed, removed, added or reordered."),
            count => println!("{} found.", counted(count, "problem")),
        }
    }
}

fn not_a_checkpoint(path: &Path, line: usize) -> Failed {
    Failed::usage(format!("{}: line {line} is not a checkpoint", path.display()))
}

/// Notes in the audit log that somebody looked, and what they found. The result stands even if this fails.
fn note(db: &Db, report: &Report) {
    let detail = json!({ "problems": report.problems.total, "entries": report.incidents.entries });
    let target = Target { kind: "record", id: None, name: "History and audit log" };
    let noted = db.write_now(|tx| audit::record_with(tx, &CONSOLE, Activity::Verified, target, &detail));
    if let Err(error) = noted {
        eprintln!("watchdesk: the audit log does not say that this was verified: {error}");
    }
}

fn as_json(report: &Report) -> serde_json::Value {
    let incidents = &report.incidents;
    let chained_later = incidents.chained_later.map(
        |(count, first, last, at)| json!({ "entries": count, "first": first, "last": last, "at": shown_time(at) }),
    );
    json!({
        "ok": report.problems.total == 0,
        "incidents": incidents.incidents,
        "entries": incidents.entries,
        "entityEntries": report.entity_entries,
        "auditEntries": report.audit_entries,
        "checkpoints": report.checkpoints,
        "withoutHash": incidents.without_hash,
        "chainedLater": chained_later,
        "problemCount": report.problems.total,
        "problems": report.problems.listed,
    })
}

fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} entries, {eta} left");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
