//! What the index holds: link keys, when each was active in which incident, and how busy it was.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::correlation::index::day::Day;
use crate::model::entity::EvidenceKind;
use crate::model::severity::Severity;

/// Something that an alert can be linked by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkKey {
    pub id: i64,
    pub kind: EvidenceKind,
    pub name: String,
}

/// An alert about to be placed.
#[derive(Debug)]
pub struct AlertToPlace<'a> {
    pub first: i64,
    pub last: i64,
    pub category: &'a str,
    pub severity: Severity,
    /// The key of its detection.
    pub detection: &'a str,
    /// What it can be linked by, its entities' counterparts included.
    pub link_keys: &'a [LinkKey],
    /// A reach that a house rule sets instead of the computed one.
    pub within: Option<i64>,
}

/// When a key was active in an incident.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) incident: i64,
    pub(super) first: i64,
    pub(super) last: i64,
    /// The same, of detections that are not routine.
    pub(super) link: Option<(i64, i64)>,
    pub(super) ends: [Option<i64>; 2],
}

#[derive(Debug, Clone)]
pub(super) struct IncidentState {
    pub(super) open: bool,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) stage: Option<usize>,
}

/// The title and times of an alert at an end of a span.
#[derive(Debug, Clone)]
pub(super) struct SpanEnd {
    pub(super) title: String,
    pub(super) first: i64,
    pub(super) last: i64,
}

/// What is known around a batch of alerts.
#[derive(Debug, Default)]
pub struct CorrelationIndex {
    pub(super) spans: HashMap<i64, Vec<Span>>,
    pub(super) days: HashMap<i64, BTreeMap<i64, Day>>,
    pub(super) incidents: HashMap<i64, IncidentState>,
    pub(super) ends: HashMap<i64, SpanEnd>,
    pub(super) merge_exclusions: HashSet<(i64, i64)>,
    /// Days of entities that have changed and are not stored yet.
    pub(super) dirty: BTreeSet<(i64, i64)>,
}

/// The keys of a batch, each with the times of the alerts that have it.
#[derive(Debug, Default)]
pub struct KeysToLoad {
    pub(super) link_keys: BTreeMap<i64, (EvidenceKind, i64, i64)>,
    /// The widest reach that a house rule sets.
    pub(super) within: i64,
}

impl KeysToLoad {
    pub fn add(&mut self, to_place: &AlertToPlace<'_>) {
        let (first, last) = (to_place.first, to_place.last);
        self.within = self.within.max(to_place.within.unwrap_or(0));
        for key in to_place.link_keys {
            let known = self.link_keys.entry(key.id).or_insert((key.kind, first, last));
            *known = (key.kind, known.1.min(first), known.2.max(last));
        }
    }
}

impl Span {
    pub(super) fn extend(&mut self, first: i64, last: i64, alert: i64, routine: bool) {
        (self.first, self.last) = (self.first.min(first), self.last.max(last));
        if routine {
            return;
        }
        let (known_first, known_last) = self.link.unwrap_or((i64::MAX, i64::MIN));
        if first < known_first {
            self.ends[0] = Some(alert);
        }
        if last > known_last {
            self.ends[1] = Some(alert);
        }
        self.link = Some((known_first.min(first), known_last.max(last)));
    }

    pub(super) fn absorb(&mut self, other: &Self) {
        (self.first, self.last) = (self.first.min(other.first), self.last.max(other.last));
        let Some((first, last)) = other.link else { return };
        let (known_first, known_last) = self.link.unwrap_or((i64::MAX, i64::MIN));
        if first < known_first {
            self.ends[0] = other.ends[0];
        }
        if last > known_last {
            self.ends[1] = other.ends[1];
        }
        self.link = Some((known_first.min(first), known_last.max(last)));
    }
}
