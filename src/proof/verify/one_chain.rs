//! A chain over all rows of a table in the order of their ids, of which none is left out: the entries of entities, and the
//! audit log.

use std::collections::BTreeMap;

use crate::hash_chain::START;
use crate::proof::checkpoint::{Checkpoint, shown_time};
use crate::proof::verify::problem::{Problem, Problems, Record, Wrong, span};

/// Hashes that a row may follow after one that is wrong.
const RECENT: usize = 4;

/// Reads the rows, one after the other.
#[derive(Debug)]
pub struct OneChain {
    record: Record,
    last: i64,
    /// The newest hashes, the newest first.
    recent: Vec<String>,
    /// A row that does not follow the one before.
    suspect: Option<i64>,
    pub rows: i64,
    /// What checkpoints say that the hashes of rows are.
    expected: BTreeMap<i64, Vec<(Checkpoint, String)>>,
}

impl OneChain {
    pub fn new(record: Record, expected: impl Iterator<Item = (i64, Checkpoint, String)>) -> Self {
        let mut by_row: BTreeMap<i64, Vec<(Checkpoint, String)>> = BTreeMap::new();
        for (row, checkpoint, hash) in expected.filter(|(row, ..)| *row > 0) {
            by_row.entry(row).or_default().push((checkpoint, hash));
        }
        Self { record, last: 0, recent: vec![START.to_owned()], suspect: None, rows: 0, expected: by_row }
    }

    /// Checks the row with the next id.
    pub fn check(&mut self, id: i64, hash: &str, hash_after: impl Fn(&str) -> String, problems: &mut Problems) {
        self.rows += 1;
        let follows = |before: &String| hash_after(before) == hash;
        // Some ids of older stores were never used: what follows the hash before it lacks nothing.
        if self.recent.first().is_some_and(follows) {
            self.settle("it was changed after it was written.", Wrong::Changed, problems);
        } else if self.suspect.is_some() && self.recent.get(1).is_some_and(follows) {
            self.settle("it was added: the entries around it do not know it.", Wrong::Added, problems);
        } else if self.suspect.is_some() && self.recent.iter().any(follows) {
            self.settle("it was changed after it was written.", Wrong::Changed, problems);
        } else if id == self.last + 1 {
            self.settle("it was changed after it was written.", Wrong::Changed, problems);
            self.suspect = Some(id);
        } else {
            problems.add(missing(self.record, self.last + 1, id - 1));
        }
        for (checkpoint, expected) in self.expected.remove(&id).unwrap_or_default() {
            if expected != hash {
                problems.add(self.not_as_of(&checkpoint, id));
            }
        }
        self.last = id;
        self.recent.insert(0, hash.to_owned());
        self.recent.truncate(RECENT);
    }

    /// The last id so far.
    pub fn last(&self) -> i64 {
        self.last
    }

    fn settle(&mut self, what: &str, wrong: Wrong, problems: &mut Problems) {
        if let Some(id) = self.suspect.take() {
            problems.add(Problem::of_row(wrong, self.record, id, what));
        }
    }

    /// Ends with the last id that was given out.
    pub fn finish(mut self, last_given: i64, problems: &mut Problems) -> i64 {
        self.settle("it was changed after it was written.", Wrong::Changed, problems);
        if self.last < last_given {
            problems.add(missing(self.record, self.last + 1, last_given));
        } else if self.last > last_given {
            let what = "it was added: its number was never given out.";
            problems.add(Problem::of_row(Wrong::Added, self.record, self.last, what));
        }
        for (id, expected) in std::mem::take(&mut self.expected) {
            problems.extend(expected.iter().map(|(checkpoint, _)| self.not_as_of(checkpoint, id)));
        }
        self.rows
    }

    fn not_as_of(&self, checkpoint: &Checkpoint, id: i64) -> Problem {
        let of = if self.record == Record::Audit { "of the audit log" } else { "of entities" };
        let what =
            format!("the entries {of} up to {id} are not those that there were on {}.", shown_time(checkpoint.at));
        Problem::of_row(Wrong::Checkpoint, Record::Checkpoints, checkpoint.id, &what)
    }
}

fn missing(record: Record, from: i64, to: i64) -> Problem {
    let what = if from == to { "it is missing.".to_owned() } else { format!("{} are missing.", span(from, to)) };
    Problem::of_row(Wrong::Missing, record, from, &what)
}
