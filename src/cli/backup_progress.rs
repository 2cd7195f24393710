//! How far a backup is, for the person at the terminal, once it takes longer than a second.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::backup::progress::Progress;
use crate::cli::outcome::Failed;
use crate::text::thousands;

/// What takes less is over before it is read.
const UNSEEN: Duration = Duration::from_secs(1);

/// A line at the bottom of the terminal.
pub(super) struct Shown {
    bar: ProgressBar,
    began: Instant,
}

impl Default for Shown {
    fn default() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self { bar, began: Instant::now() }
    }
}

impl Shown {
    /// What tells it of each row.
    pub(super) fn progress(&self) -> Progress<'_> {
        Progress::new(|table, rows| {
            self.show(table, rows);
            Ok(())
        })
    }

    fn show(&self, table: &str, rows: u64) {
        if self.began.elapsed() > UNSEEN && io::stderr().is_terminal() {
            if self.bar.is_hidden() {
                self.bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            self.bar.set_message(format!("{} rows, {table}", thousands(rows)));
            self.bar.tick();
        }
    }

    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// Shows bytes as well, of a file whose size is known.
    fn of_bytes(&self, length: u64) {
        let template = "{spinner} [{bar:30}] {bytes}/{total_bytes} {eta} {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
            self.bar.set_length(length);
        }
    }
}

/// Opens a backup, `-` for standard input.
pub(super) fn source_of(file: &Path, shown: &Shown) -> std::result::Result<Box<dyn Read>, Failed> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    let cannot = |error: &dyn std::fmt::Display| Failed::usage(format!("cannot read {}: {error}", file.display()));
    let opened = File::open(file).map_err(|error| cannot(&error))?;
    let about = opened.metadata().map_err(|error| cannot(&error))?;
    if about.is_dir() {
        return Err(cannot(&"it is a folder"));
    }
    shown.of_bytes(about.len());
    Ok(Box::new(shown.bar.wrap_read(opened)))
}
