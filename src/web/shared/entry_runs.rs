//! Entries of Comments and history, with many alerts that were added in a row as one line.

use crate::web::shared::entry_view::EntryView;

/// A single entry, or a run of added alerts that are shown as one line with a summary.
#[derive(Debug, Clone)]
pub struct EntryRun {
    pub summary: String,
    pub entries: Vec<EntryView>,
}

/// From how many added alerts in a row on they are folded into one line.
const FOLDED_FROM: usize = 4;

/// Folds long runs of added alerts, so that comments and changes by people stand out.
pub fn runs(entries: Vec<EntryView>) -> Vec<EntryRun> {
    let mut runs: Vec<EntryRun> = Vec::new();
    for entry in entries {
        match runs.last_mut() {
            Some(run) if entry.folds && run.entries.iter().all(|other| other.folds) => run.entries.push(entry),
            _ => runs.push(EntryRun { summary: String::new(), entries: vec![entry] }),
        }
    }
    for run in &mut runs {
        if run.entries.len() >= FOLDED_FROM {
            run.summary = format!("{} alerts added", run.entries.len());
        }
    }
    runs
}
