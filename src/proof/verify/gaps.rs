//! What is missing: revisions of incidents, ids of entries, incidents. And which entries from elsewhere would fill it.

use std::collections::BTreeMap;

use crate::history::chain::ChainedEntry;
use crate::proof::verify::problem::{Problem, Problems, Record, Wrong, span};
use crate::proof::verify::suspects::{Gap, Suspects, came_from, moved};

/// Most gaps, and most suspects, that are compared with each other.
const MOST: usize = 1_000;

/// What is missing so far.
#[derive(Debug, Default)]
pub struct Gaps {
    revisions: BTreeMap<i64, Vec<Gap>>,
    /// The last id, and the ranges of ids before it that no entry has.
    last_id: i64,
    ids: Vec<(i64, i64)>,
    incidents: Vec<(i64, i64)>,
    suspects: Vec<Suspects>,
}

impl Gaps {
    pub fn note_id(&mut self, id: i64) {
        if id > self.last_id + 1 {
            self.ids.push((self.last_id + 1, id - 1));
        }
        self.last_id = id;
    }

    /// Notes which incidents of a page are missing, which begins at an id.
    pub fn note_incidents(&mut self, first: i64, rows: &[(i64, i64, String)]) {
        let mut expected = first;
        for (id, ..) in rows {
            if *id > expected {
                self.incidents.push((expected, id - 1));
            }
            expected = id + 1;
        }
    }

    pub fn add(&mut self, gap: Gap) {
        self.revisions.entry(gap.incident).or_default().push(gap);
    }

    /// Forgets what is missing after a revision, which the incident never had.
    pub fn forget_after(&mut self, incident: i64, revision: i64) {
        if let Some(gaps) = self.revisions.get_mut(&incident) {
            gaps.retain(|gap| gap.from <= revision);
        }
    }

    /// Decides at the end what became of entries.
    pub fn settle_later(&mut self, suspects: Option<Suspects>) {
        self.suspects.extend(suspects);
    }

    /// An entry that comes after one of a later revision: what was missing is there, in the wrong place.
    pub fn out_of_order(&mut self, entry: &ChainedEntry) -> Vec<Problem> {
        let place = |entry: &ChainedEntry| (entry.incident_id, Some(entry.id), entry.revision);
        let gaps = self.revisions.entry(entry.incident_id).or_default();
        let Some(at) = gaps.iter().position(|gap| (gap.from..=gap.to).contains(&entry.revision)) else {
            let what = "it was added: another entry has its revision.";
            return vec![Problem::of_entry(Wrong::Added, place(entry), what)];
        };
        let gap = gaps.remove(at);
        let what = "it has not the place of its revision: a later one comes before it.";
        let mut problems = vec![Problem::of_entry(Wrong::Reordered, place(entry), what)];
        if let Some(next) = &gap.next {
            let what = "it has not the place of its revision: an earlier one comes after it.";
            problems.push(Problem::of_entry(Wrong::Reordered, place(next), what));
        }
        let rest = [(gap.from, entry.revision - 1), (entry.revision + 1, gap.to)];
        gaps.extend(rest.into_iter().filter(|(from, to)| from <= to).map(|(from, to)| Gap {
            from,
            to,
            next: None,
            ..gap.clone()
        }));
        problems
    }

    /// Tells what is missing and what became of suspects. `last_entry` and the second of `incidents` are the last ids that were
    /// given out; the first of `incidents` is the last that there is.
    pub fn finish(self, last_entry: i64, incidents: (i64, i64), problems: &mut Problems) {
        let gaps: Vec<Gap> = self.revisions.into_values().flatten().collect();
        let compared = gaps.get(..gaps.len().min(MOST)).unwrap_or_default();
        for (count, suspects) in self.suspects.into_iter().enumerate() {
            problems.extend(suspects.settle(if count < MOST { compared } else { &[] }));
        }
        // An entry that was moved may leave a gap where it came to.
        let after_gaps = compared.iter().filter_map(|gap| gap.next.as_ref());
        problems.extend(after_gaps.filter_map(|entry| Some(moved(entry, came_from(entry, compared)?))));
        let missing_revisions: i64 = gaps.iter().map(|gap| gap.to - gap.from + 1).sum();
        problems.extend(gaps.iter().map(missing));
        let mut ids = self.ids;
        if last_entry > self.last_id {
            ids.push((self.last_id + 1, last_entry));
        } else if last_entry < self.last_id {
            let what = "it was added: its number was never given out.";
            problems.add(Problem::of_row(Wrong::Added, Record::Incident, self.last_id, what));
        }
        let missing_ids: i64 = ids.iter().map(|(from, to)| to - from + 1).sum();
        if missing_ids > missing_revisions {
            problems.extend(ids.into_iter().map(|(from, to)| {
                let sentence = format!("No entry has the number {}: what had it is missing.", span(from, to));
                Problem::plain(Wrong::Missing, Record::Incident, sentence)
            }));
            // A number of an incident may never have been used. It is named only where entries are missing that no incident
            // lacks.
            let mut gone = self.incidents;
            if incidents.1 > incidents.0 {
                gone.push((incidents.0 + 1, incidents.1));
            }
            let gone = gone.into_iter().flat_map(|(from, to)| from..=to);
            problems.extend(gone.map(|incident| {
                Problem::of_incident(Wrong::Missing, incident, "it is missing, with all entries that it had.")
            }));
        }
    }
}

fn missing(gap: &Gap) -> Problem {
    let what = if gap.from == gap.to {
        "the entry is missing.".to_owned()
    } else {
        format!("the entries of revision {} are missing.", span(gap.from, gap.to))
    };
    Problem::of_entry(Wrong::Missing, (gap.incident, None, gap.from), &what)
}
