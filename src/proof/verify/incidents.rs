//! The entries of incidents, in the order of their ids: each has to follow the one before of its incident. What is known of an
//! incident meanwhile is its newest revision and hash: about 60 bytes.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::hash::hex;
use crate::hash_chain::START;
use crate::history::chain::ChainedEntry;
use crate::history::chaining;
use crate::proof::verify::gaps::Gaps;
use crate::proof::verify::problem::{Problem, Problems, Wrong, span};
use crate::proof::verify::suspects::{Gap, Suspects};
use crate::schema::{alert_redirects, counters, incidents};
use crate::secrets::unhex;

/// Rows read at once.
const PAGE: i64 = 5_000;

/// The newest entry of an incident so far.
#[derive(Debug, Clone, Copy, Default)]
struct Newest {
    revision: i64,
    /// None before the first entry, and of one that has no hash.
    hash: Option<[u8; 32]>,
}

impl Newest {
    fn hash(&self) -> String {
        self.hash.map_or_else(|| START.to_owned(), |hash| hex(&hash))
    }
}

/// Reads all entries, one after the other.
#[derive(Debug)]
pub struct Incidents {
    newest: HashMap<i64, Newest>,
    suspects: HashMap<i64, Suspects>,
    /// Hashes of entries that stand after a later one, which entries after both may follow.
    displaced: HashMap<i64, Vec<String>>,
    gaps: Gaps,
    /// Where alerts went that became occurrences of others.
    alert_redirects: HashMap<i64, i64>,
    /// Incidents up to this one have still to be chained.
    unchained: i64,
    pub read: Summary,
}

impl Incidents {
    pub fn new(conn: &mut AnyConnection) -> Result<Self> {
        let redirects: Vec<(i64, i64)> =
            alert_redirects::table.select((alert_redirects::alert_id, alert_redirects::to_alert)).load(conn)?;
        Ok(Self {
            newest: HashMap::new(),
            suspects: HashMap::new(),
            displaced: HashMap::new(),
            gaps: Gaps::default(),
            alert_redirects: redirects.into_iter().collect(),
            unchained: chaining::last_unchained(conn)?,
            read: Summary::default(),
        })
    }

    /// Checks the entry with the next id.
    pub fn check(&mut self, entry: ChainedEntry, problems: &mut Problems) {
        self.read.entries += 1;
        self.gaps.note_id(entry.id);
        self.note_chained_later(&entry);
        self.check_alert(&entry, problems);
        let incident = entry.incident_id;
        let newest = self.newest.get(&incident).copied().unwrap_or_default();
        if entry.revision <= newest.revision {
            problems.extend(self.gaps.out_of_order(&entry));
            self.displaced.entry(incident).or_default().push(entry.hash);
            return;
        }
        let next = Newest { revision: entry.revision, hash: digest(&entry.hash) };
        self.newest.insert(incident, next);
        if next.hash.is_none() {
            self.note_without_hash(&entry, problems);
        } else if entry.revision > newest.revision + 1 {
            let (from, to) = (newest.revision + 1, entry.revision - 1);
            self.gaps.add(Gap { incident, from, to, before: newest.hash(), next: Some(entry) });
        } else if newest.revision == 0 || newest.hash.is_some() {
            self.check_hash(entry, &newest.hash());
        }
    }

    fn check_hash(&mut self, entry: ChainedEntry, before: &str) {
        let incident = entry.incident_id;
        let follows = |hash: &str| entry.covered().hash_after(hash) == entry.hash;
        let displaced = self.displaced.get(&incident);
        if follows(before) || displaced.is_some_and(|hashes| hashes.iter().any(|hash| follows(hash))) {
            // Whatever was wrong ends here.
            self.gaps.settle_later(self.suspects.remove(&incident));
            return;
        }
        match self.suspects.remove(&incident) {
            None => {
                self.suspects.insert(incident, Suspects::new(before.to_owned(), entry));
            }
            Some(suspects) if suspects.were_added(follows) => self.gaps.settle_later(Some(suspects.added())),
            Some(suspects) if suspects.have_changed_places(follows) => self.gaps.settle_later(Some(suspects)),
            Some(mut suspects) => {
                suspects.add(entry);
                self.suspects.insert(incident, suspects);
            }
        }
    }

    fn note_chained_later(&mut self, entry: &ChainedEntry) {
        if let Some(at) = entry.chained_at {
            let (count, first, ..) = self.read.chained_later.unwrap_or((0, entry.id, 0, 0));
            self.read.chained_later = Some((count + 1, first, entry.id, at));
        }
    }

    fn note_without_hash(&mut self, entry: &ChainedEntry, problems: &mut Problems) {
        if entry.hash.is_empty() && entry.incident_id <= self.unchained {
            self.read.without_hash += 1;
            return;
        }
        let place = (entry.incident_id, Some(entry.id), entry.revision);
        problems.add(Problem::of_entry(Wrong::NoHash, place, "it has no hash."));
    }

    /// The one thing of an entry that may change: which alert it is about, where that became an occurrence of another one.
    fn check_alert(&self, entry: &ChainedEntry, problems: &mut Problems) {
        let Some(written) = entry.written_alert else { return };
        if entry.alert_id.is_none() || self.alert_redirects.get(&written).copied() != entry.alert_id {
            let place = (entry.incident_id, Some(entry.id), entry.revision);
            let what = format!("it was changed: it was written for alert {written}, which is not the alert it names.");
            problems.add(Problem::of_entry(Wrong::Changed, place, &what));
        }
    }

    /// Compares with the rows of the incidents, once all entries are read.
    pub fn finish(mut self, conn: &mut AnyConnection, problems: &mut Problems) -> Result<Summary> {
        let mut after = 0;
        loop {
            let rows: Vec<(i64, i64, String)> = incidents::table
                .filter(incidents::id.gt(after))
                .order(incidents::id)
                .limit(PAGE)
                .select((incidents::id, incidents::revision, incidents::chain_head))
                .load(conn)?;
            let Some(last) = rows.last() else { break };
            let first = after + 1;
            after = last.0;
            self.read.incidents += i64::try_from(rows.len()).unwrap_or(0);
            self.gaps.note_incidents(first, &rows);
            for (id, revision, head) in rows {
                self.compare(id, revision, &head, problems);
            }
        }
        let counter = |conn: &mut AnyConnection, name: &str| -> Result<i64> {
            Ok(counters::table.find(name).select(counters::value).first(conn)?)
        };
        for incident in self.newest.keys() {
            problems.add(Problem::of_incident(Wrong::Missing, *incident, "it is missing, while it has entries."));
        }
        let (last_entry, last_incident) = (counter(conn, "entry")?, counter(conn, "incident")?);
        for suspects in self.suspects.into_values() {
            self.gaps.settle_later(Some(suspects));
        }
        self.gaps.finish(last_entry, (after, last_incident), problems);
        Ok(self.read)
    }

    /// Compares an incident's row with its newest entry.
    fn compare(&mut self, id: i64, revision: i64, head: &str, problems: &mut Problems) {
        let newest = self.newest.remove(&id).unwrap_or_default();
        if newest.revision < revision {
            let (from, before) = (newest.revision + 1, newest.hash());
            self.gaps.add(Gap { incident: id, from, to: revision, before, next: None });
            return;
        }
        if newest.revision > revision {
            self.gaps.forget_after(id, revision);
            let what = format!("the entries of revision {} were added.", span(revision + 1, newest.revision));
            problems.add(Problem::of_incident(Wrong::Added, id, &what));
            // Those that came from elsewhere are named by where they came from.
            self.gaps.settle_later(self.suspects.remove(&id));
            return;
        }
        let is_head = |hash: &str| hash == head;
        let displaced = self.displaced.remove(&id).unwrap_or_default();
        let is_right = digest(head) == newest.hash || displaced.iter().any(|hash| is_head(hash));
        match self.suspects.remove(&id) {
            Some(suspects) if suspects.were_added(is_head) => self.gaps.settle_later(Some(suspects.added())),
            Some(suspects) if is_right || suspects.have_changed_places(is_head) => {
                self.gaps.settle_later(Some(suspects));
            }
            None if is_right => {}
            other => {
                self.gaps.settle_later(other);
                let what = format!("its newest entry is not the one that it had at revision {revision}.");
                problems.add(Problem::of_incident(Wrong::Head, id, &what));
            }
        }
    }
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    pub entries: i64,
    pub incidents: i64,
    /// Entries without a hash that are to have one.
    pub without_hash: i64,
    /// Entries that got their hash later than they were written: how many, the first, the last, and when the last one got it.
    pub chained_later: Option<(i64, i64, i64, i64)>,
}

/// The bytes of a hash; none of a text that is none.
fn digest(hash: &str) -> Option<[u8; 32]> {
    if hash.len() == 64 { unhex(hash).try_into().ok() } else { None }
}
