//! `watchdesk import`: files in, a line for everything that was not taken, a summary at the end.

use std::io::{IsTerminal as _, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::accounts::Actor;
use crate::alerts::formats::{Format, read_body};
use crate::alerts::intake::{self, Report};
use crate::alerts::mapping;
use crate::cli::{Failed, Options, Outcome};
use crate::db::Db;

/// What `import` takes.
#[derive(Args)]
pub struct Import {
    /// Files of alerts or incidents; `-` reads standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A format such as auto, graph or sentinel, or the name of a mapping
    #[arg(long, default_value = "auto")]
    format: String,
}

impl Import {
    pub fn run(&self, options: &Options) -> Outcome {
        // Every file is read before anything is stored, so that a mistyped name changes nothing.
        let mut bodies = Vec::with_capacity(self.files.len());
        for file in &self.files {
            bodies.push((file.display().to_string(), read(file)?));
        }
        let db = options.database()?;
        let format = db.read_now(|conn| mapping::resolve(conn, Some(&self.format), None))?;
        let (mut created, mut updated, mut rejected) = (0, 0, 0);
        for (name, body) in &bodies {
            let report = take(&db, name, &format, body)?;
            for (index, item) in report.items.iter().enumerate() {
                if let Err(why) = &item.outcome {
                    let place = item.line.map_or_else(|| format!("item {}", index + 1), |line| format!("line {line}"));
                    eprintln!("{name}: {place}: {why}");
                }
            }
            created += report.created();
            updated += report.updated();
            rejected += report.rejected();
        }
        println!("{created} created, {updated} updated, {rejected} rejected");
        Ok(ExitCode::SUCCESS)
    }
}

fn take(db: &Db, name: &str, format: &Format, body: &[u8]) -> Result<Report, Failed> {
    let items = read_body(format, body);
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new(u64::try_from(items.len()).unwrap_or(0))
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {per_sec} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    let report = intake::take_items(db, &Actor::System("Import"), items, &mut |count| {
        bar.inc(u64::try_from(count).unwrap_or(0));
    })?;
    bar.finish_and_clear();
    Ok(report)
}

fn read(file: &PathBuf) -> Result<Vec<u8>, Failed> {
    if file.as_os_str() == "-" {
        let mut body = Vec::new();
        std::io::stdin()
            .read_to_end(&mut body)
            .map_err(|error| Failed::usage(format!("cannot read standard input: {error}")))?;
        return Ok(body);
    }
    std::fs::read(file).map_err(|error| Failed::usage(format!("cannot read {}: {error}", file.display())))
}
