//! What `watchdesk verify` finds wrong, in plain words.

use serde::Serialize;

use crate::text::thousands;

crate::text_enum! {
    /// What is wrong.
    pub enum Wrong {
        Changed = "changed" / "Changed",
        Added = "added" / "Added",
        Missing = "missing" / "Missing",
        Reordered = "reordered" / "Reordered",
        Moved = "moved" / "Moved",
        NoHash = "noHash" / "Without a hash",
        Head = "head" / "Newest entry is another one",
        Checkpoint = "checkpoint" / "Not what a checkpoint says",
        Signature = "signature" / "Signature is wrong",
    }
}

crate::text_enum! {
    /// Where something is wrong.
    pub enum Record {
        Incident = "incident" / "Incident",
        Entities = "entities" / "Entities",
        Audit = "audit" / "Audit log",
        Checkpoints = "checkpoints" / "Checkpoints",
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub wrong: Wrong,
    pub record: Record,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<i64>,
    /// The id of an entry, or the number of a checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
    /// The whole sentence, with what it is about.
    pub sentence: String,
}

/// An entry of an incident: the incident, its id where it is known, its revision.
pub type Place = (i64, Option<i64>, i64);

impl Problem {
    pub fn of_entry(wrong: Wrong, (incident, entry, revision): Place, what: &str) -> Self {
        let place = match entry {
            Some(entry) => format!("Incident {incident}, entry {entry} (revision {revision})"),
            None => format!("Incident {incident}, revision {revision}"),
        };
        let sentence = format!("{place}: {what}");
        let (incident, revision) = (Some(incident), Some(revision));
        Self { wrong, record: Record::Incident, incident, entry, revision, sentence }
    }

    pub fn of_incident(wrong: Wrong, incident: i64, what: &str) -> Self {
        let sentence = format!("Incident {incident}: {what}");
        Self { incident: Some(incident), ..Self::plain(wrong, Record::Incident, sentence) }
    }

    /// About an entry of entities or of the audit log, or about a checkpoint.
    pub fn of_row(wrong: Wrong, record: Record, id: i64, what: &str) -> Self {
        let noun = match record {
            Record::Incident => "Entry",
            Record::Entities => "Entry of entities",
            Record::Audit => "Audit entry",
            Record::Checkpoints => "Checkpoint",
        };
        Self { entry: Some(id), ..Self::plain(wrong, record, format!("{noun} {id}: {what}")) }
    }

    pub fn plain(wrong: Wrong, record: Record, sentence: String) -> Self {
        Self { wrong, record, incident: None, entry: None, revision: None, sentence }
    }
}

/// "7", or "7 to 12".
pub fn span(from: i64, to: i64) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}

/// Most problems that are listed.
const LISTED: usize = 1_000;

/// The problems that were found: the first of them, and how many there are.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    pub listed: Vec<Problem>,
    pub total: usize,
}

impl Problems {
    pub fn add(&mut self, problem: Problem) {
        self.total += 1;
        if self.listed.len() < LISTED {
            self.listed.push(problem);
        }
    }

    pub fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        problems.into_iter().for_each(|problem| self.add(problem));
    }

    /// How many are not listed, as a sentence; none where all are.
    pub fn unlisted(&self) -> Option<String> {
        let more = self.total - self.listed.len();
        (more > 0).then(|| format!("... and {} more.", thousands(i64::try_from(more).unwrap_or(i64::MAX))))
    }
}
