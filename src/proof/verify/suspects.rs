//! Entries whose hash does not follow the one before: whether they were changed, added, moved or have changed places shows by
//! the entries after them, and by what is missing elsewhere.

use crate::hash_chain::START;
use crate::history::chain::{ChainedEntry, Covered};
use crate::proof::verify::problem::{Place, Problem, Wrong};

/// Most entries of one incident whose order is looked at.
const MOST: usize = 50;

/// Entries of an incident, one after the other, none of which follows the one before.
#[derive(Debug)]
pub struct Suspects {
    /// The hash of the entry before the first one.
    before: String,
    entries: Vec<ChainedEntry>,
    /// What comes after them follows the entry before them.
    added: bool,
    /// Those that there was no room for.
    unlisted: Vec<(i64, i64)>,
}

/// Revisions that no entry has.
#[derive(Debug, Clone)]
pub struct Gap {
    pub incident: i64,
    pub from: i64,
    pub to: i64,
    /// The hash of the entry before.
    pub before: String,
    /// The entry after it, unless the end of the history is missing.
    pub next: Option<ChainedEntry>,
}

impl Suspects {
    pub fn new(before: String, first: ChainedEntry) -> Self {
        Self { before, entries: vec![first], added: false, unlisted: Vec::new() }
    }

    pub fn add(&mut self, entry: ChainedEntry) {
        if self.entries.len() < MOST {
            self.entries.push(entry);
        } else {
            self.unlisted.push((entry.id, entry.revision));
        }
    }

    /// Whether an entry, or the end with the hash `hash` of the incident's row, follows the entry before them.
    pub fn were_added(&self, follows: impl Fn(&str) -> bool) -> bool {
        follows(&self.before)
    }

    /// Whether an entry follows one of them that is not the last.
    pub fn have_changed_places(&self, follows: impl Fn(&str) -> bool) -> bool {
        self.entries.iter().any(|entry| follows(&entry.hash))
    }

    #[must_use]
    pub fn added(self) -> Self {
        Self { added: true, ..self }
    }

    /// What became of them, with what is missing elsewhere.
    pub fn settle(self, gaps: &[Gap]) -> Vec<Problem> {
        let Some(incident) = self.entries.first().map(|entry| entry.incident_id) else { return Vec::new() };
        let mut problems: Vec<Problem> = self.entries.iter().map(|entry| self.one(entry, gaps)).collect();
        let unlisted = self.unlisted.iter().map(|(id, revision)| (incident, Some(*id), *revision));
        problems.extend(unlisted.map(|place| self.otherwise(place)));
        problems
    }

    fn one(&self, entry: &ChainedEntry, gaps: &[Gap]) -> Problem {
        let place = (entry.incident_id, Some(entry.id), entry.revision);
        if let Some(other) = self.entries.iter().find(|other| have_changed_places(entry, other)) {
            let what = format!("it has changed places with entry {} (revision {}).", other.id, other.revision);
            return Problem::of_entry(Wrong::Reordered, place, &what);
        }
        came_from(entry, gaps).map_or_else(|| self.otherwise(place), |gap| moved(entry, gap))
    }

    fn otherwise(&self, place: Place) -> Problem {
        if self.added {
            return Problem::of_entry(Wrong::Added, place, "it was added: the entries around it do not know it.");
        }
        Problem::of_entry(Wrong::Changed, place, "it was changed after it was written.")
    }
}

/// The gap that an entry fills, with its own content and hash.
pub fn came_from<'g>(entry: &ChainedEntry, gaps: &'g [Gap]) -> Option<&'g Gap> {
    gaps.iter().find(|gap| {
        let there = Covered { incident: gap.incident, revision: gap.from, ..entry.covered() };
        there.hash_after(&gap.before) == entry.hash
    })
}

pub fn moved(entry: &ChainedEntry, gap: &Gap) -> Problem {
    let what = format!("it was moved here from incident {}, where it had the revision {}.", gap.incident, gap.from);
    Problem::of_entry(Wrong::Moved, (entry.incident_id, Some(entry.id), entry.revision), &what)
}

/// Whether one has the content and hash that belong to the id and revision of the other.
fn have_changed_places(one: &ChainedEntry, other: &ChainedEntry) -> bool {
    if one.id == other.id {
        return false;
    }
    let fits = |content: &ChainedEntry, place: &ChainedEntry, before: &str| {
        let there = Covered { id: place.id, revision: place.revision, ..content.covered() };
        there.hash_after(before) == content.hash
    };
    // The later of the two follows the hash that now stands at its own place.
    let (earlier, later) = if one.revision < other.revision { (one, other) } else { (other, one) };
    fits(earlier, later, &later.hash) || (earlier.revision == 1 && fits(later, earlier, START))
}
