//! The checkpoints themselves: their order, hashes and signatures, and whether the database has those that were written
//! elsewhere.

use std::collections::BTreeMap;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::hash_chain::START;
use crate::proof::checkpoint::{Checkpoint, and_entry, shown_time};
use crate::proof::store;
use crate::proof::verify::problem::{Problem, Problems, Record, Wrong, span};

/// Checkpoints read at once.
const PAGE: i64 = 5_000;

/// The checkpoints that everything is compared with, in the order of their numbers. `last_given` is the last number that was
/// given out.
pub fn check(
    conn: &mut AnyConnection,
    outside: &[Checkpoint],
    (public_keys, last_given): (&[String], i64),
    problems: &mut Problems,
) -> Result<BTreeMap<i64, Checkpoint>> {
    let mut known = check_stored(conn, public_keys, last_given, problems)?;
    for checkpoint in outside {
        let stored = store::find(conn, checkpoint.id)?;
        if stored.is_none() {
            let what = "it is missing in the database, and is in the file.";
            problems.add(Problem::of_row(Wrong::Missing, Record::Checkpoints, checkpoint.id, what));
        }
        let differs = stored.is_some_and(|stored| stored != *checkpoint);
        if differs {
            let what = "the one in the database is not the one in the file.";
            problems.add(Problem::of_row(Wrong::Changed, Record::Checkpoints, checkpoint.id, what));
        }
        // What stands outside is believed before what the database says.
        if is_right(checkpoint, public_keys, " in the file", problems) {
            known.insert(checkpoint.id, checkpoint.clone());
        }
    }
    Ok(known)
}

/// Those of the database: each follows the one before.
fn check_stored(
    conn: &mut AnyConnection,
    public_keys: &[String],
    last_given: i64,
    problems: &mut Problems,
) -> Result<BTreeMap<i64, Checkpoint>> {
    let mut known: BTreeMap<i64, Checkpoint> = BTreeMap::new();
    let (mut previous, mut number) = (START.to_owned(), 0);
    loop {
        let page = store::after(conn, number, PAGE)?;
        if page.is_empty() {
            break;
        }
        for checkpoint in page {
            if checkpoint.id != number + 1 {
                problems.add(missing(number + 1, checkpoint.id - 1));
            } else if checkpoint.previous != previous {
                let what = "it does not follow the checkpoint before it.";
                problems.add(Problem::of_row(Wrong::Reordered, Record::Checkpoints, checkpoint.id, what));
            }
            (number, previous) = (checkpoint.id, checkpoint.hash.clone());
            if is_right(&checkpoint, public_keys, "", problems) {
                known.insert(checkpoint.id, checkpoint);
            }
        }
    }
    if number < last_given {
        problems.add(missing(number + 1, last_given));
    }
    Ok(known)
}

fn missing(from: i64, to: i64) -> Problem {
    let what = if from == to { "it is missing".to_owned() } else { format!("{} are missing", span(from, to)) };
    Problem::of_row(Wrong::Missing, Record::Checkpoints, from, &format!("{what} in the database."))
}

/// Whether its hash and signature are right. Without a key that is known, it is believed to name its own.
fn is_right(checkpoint: &Checkpoint, public_keys: &[String], place: &str, problems: &mut Problems) -> bool {
    let own = std::slice::from_ref(&checkpoint.public_key);
    let keys = if public_keys.is_empty() { own } else { public_keys };
    if keys.iter().any(|key| checkpoint.is_signed_by(key)) {
        return true;
    }
    let what = format!("its signature{place} is wrong: it was changed, or signed with another key.");
    problems.add(Problem::of_row(Wrong::Signature, Record::Checkpoints, checkpoint.id, &what));
    false
}

/// Compares the entries of incidents with checkpoints, while they are read in the order of their ids.
#[derive(Debug)]
pub struct Comparison {
    /// The last entry of each, in order; the next one last.
    waiting: Vec<Checkpoint>,
    hash: String,
    /// The entries that were compared with a checkpoint, up to this one.
    compared: i64,
}

impl Comparison {
    pub fn new(known: &BTreeMap<i64, Checkpoint>) -> Self {
        let mut waiting: Vec<Checkpoint> = known.values().cloned().collect();
        waiting.sort_by_key(|checkpoint| (checkpoint.last_entry, checkpoint.id));
        waiting.reverse();
        Self { waiting, hash: START.to_owned(), compared: 0 }
    }

    /// Notes the entry with the next id.
    pub fn note(&mut self, id: i64, hash: &str, problems: &mut Problems) {
        while self.waiting.last().is_some_and(|next| next.last_entry < id) {
            self.compare(problems);
        }
        self.hash = and_entry(&self.hash, hash);
    }

    pub fn finish(mut self, problems: &mut Problems) {
        while !self.waiting.is_empty() {
            self.compare(problems);
        }
    }

    fn compare(&mut self, problems: &mut Problems) {
        let Some(checkpoint) = self.waiting.pop() else { return };
        if checkpoint.entries_hash != self.hash {
            let entries = span(self.compared + 1, checkpoint.last_entry.max(self.compared + 1));
            let what = format!(
                "the entries {entries} of incidents are not those that there were on {}.",
                shown_time(checkpoint.at)
            );
            problems.add(Problem::of_row(Wrong::Checkpoint, Record::Checkpoints, checkpoint.id, &what));
            // Later checkpoints are compared with what came after this one alone.
            self.hash.clone_from(&checkpoint.entries_hash);
        }
        self.compared = checkpoint.last_entry;
    }
}
