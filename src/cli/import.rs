//! `watchdesk import`: files in, a line for everything that was not taken, a summary at the end.

use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::accounts::setup::CONSOLE;
use crate::audit::{self, Activity, Target};
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::db::Db;
use crate::formats::format::Format;
use crate::formats::readers::body_reader::BodyReader;
use crate::formats::readers::decode::{Encoding, decoded};
use crate::ingest::intake::feed::Feed;
use crate::ingest::intake::report::{Report, Unfinished};
use crate::ingest::intake::stop::Stop;
use crate::ingest::{intake, mappings};

/// Most reasons that are told one by one, of all files together.
const LISTED: usize = 100;

/// What `import` takes.
#[derive(Args)]
pub struct Import {
    /// Files of alerts or incidents, plain or compressed with gzip or zstd; `-` reads standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Format such as auto, graph or sentinel, or the name of a mapping
    #[arg(long, default_value = "auto")]
    format: String,
}

/// A file that is open, so that a mistyped name is noticed before anything is stored.
struct OpenFile {
    name: String,
    /// In bytes as it lies on the disk; unknown of a pipe.
    length: Option<u64>,
    source: Box<dyn Read + Send>,
}

impl Import {
    pub fn run(&self, options: &Options) -> Outcome {
        let opened: Vec<OpenFile> = self.files.iter().map(open).collect::<Result<_, _>>()?;
        let db = options.database()?;
        let format = db.read_now(|conn| mappings::resolve(conn, Some(&self.format), None))?;
        let mut sum = Sum::default();
        for file in opened {
            let name = file.name.clone();
            let report = import_file(&db, file, &format, &self.format)?;
            sum.add(&name, &report);
            note(&db, &name, &report)?;
            if let Some(why) = report.unfinished.and_then(Unfinished::failure) {
                sum.print();
                return Err(Failed::usage(format!("{name} was stored only in part: {why}")));
            }
        }
        sum.print();
        Ok(if sum.nothing_taken() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Notes the import in the audit log.
fn note(db: &Db, file: &str, report: &Report) -> Result<(), Failed> {
    let Report { created, updated, skipped, rejected, .. } = report;
    let detail = json!({ "created": created, "updated": updated, "skipped": skipped, "rejected": rejected });
    let target = Target { kind: "file", id: None, name: file };
    Ok(db.write_now(|tx| audit::record_with(tx, &CONSOLE, Activity::Imported, target, &detail))?)
}

fn import_file(db: &Db, file: OpenFile, format: &Format, format_name: &str) -> Result<Report, Failed> {
    let bar = match file.length {
        _ if !std::io::stderr().is_terminal() => ProgressBar::hidden(),
        Some(length) => ProgressBar::new(length),
        None => ProgressBar::no_length(),
    };
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(file.name.clone());
    let source = decoded(bar.wrap_read(file.source), Encoding::Detect, u64::MAX);
    let short =
        Path::new(&file.name).file_name().map_or_else(|| file.name.clone(), |name| name.to_string_lossy().into_owned());
    let feed = Feed::of_import(if short == "-" { "standard input" } else { &short }, format_name);
    let report =
        intake::ingest_stream(db, &feed, BodyReader::new(format.clone(), source), &Stop::default(), &mut |_| ())?;
    bar.finish_and_clear();
    Ok(report)
}

/// What became of all files.
#[derive(Default)]
struct Sum {
    created: usize,
    updated: usize,
    skipped: usize,
    rejected: usize,
    listed: usize,
}

impl Sum {
    fn add(&mut self, name: &str, report: &Report) {
        for (item, why) in report.rejected_items().take(LISTED - self.listed.min(LISTED)) {
            let place = item.line.map_or_else(|| format!("item {}", item.index + 1), |line| format!("line {line}"));
            eprintln!("{name}: {place}: {why}");
            self.listed += 1;
        }
        self.created += report.created;
        self.updated += report.updated;
        self.skipped += report.skipped;
        self.rejected += report.rejected;
    }

    /// Whether something was rejected and nothing taken or skipped on purpose.
    fn nothing_taken(&self) -> bool {
        self.rejected > 0 && self.created + self.updated + self.skipped == 0
    }

    fn print(&self) {
        let unlisted = self.rejected - self.listed.min(self.rejected);
        if unlisted > 0 {
            eprintln!("... and {unlisted} more; see Settings > Rejected alerts");
        }
        println!(
            "{} created, {} updated, {} skipped, {} rejected",
            self.created, self.updated, self.skipped, self.rejected
        );
    }
}

fn open(file: &PathBuf) -> Result<OpenFile, Failed> {
    if file.as_os_str() == "-" {
        return Ok(OpenFile { name: "-".to_owned(), length: None, source: Box::new(std::io::stdin()) });
    }
    let unreadable = |error: std::io::Error| Failed::usage(format!("cannot read {}: {error}", file.display()));
    let opened = File::open(file).map_err(unreadable)?;
    let about = opened.metadata().map_err(unreadable)?;
    if about.is_dir() {
        return Err(Failed::usage(format!("cannot read {}: it is a folder", file.display())));
    }
    let length = about.is_file().then_some(about.len());
    Ok(OpenFile { name: file.display().to_string(), length, source: Box::new(opened) })
}
