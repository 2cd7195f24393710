//! What the index holds: where and when each link key was seen, and how busy it usually is.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::correlation::index::hours::Hours;
use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::model::severity::Severity;

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

/// An alert that was placed.
#[derive(Debug, Clone)]
pub(super) struct PlacedAlert {
    pub(super) incident: i64,
    pub(super) title: String,
    /// The keys at which its points are known, some of them several times.
    pub(super) keys: Vec<i64>,
}

#[derive(Debug, Clone)]
pub(super) struct IncidentState {
    pub(super) open: bool,
    pub(super) stage: Option<usize>,
}

/// Points of an alert that are not stored yet.
#[derive(Debug, Clone)]
pub(super) struct NewPoints {
    pub(super) keys: Vec<i64>,
    pub(super) first: i64,
    pub(super) last: i64,
    /// The alert itself is stored.
    pub(super) of_stored: bool,
}

/// Days of a key that have changed.
#[derive(Debug)]
pub(super) struct ChangedDays {
    pub(super) kind: LinkKind,
    pub(super) days: BTreeSet<i64>,
    /// The hours of the key before that.
    pub(super) before: Hours,
}

/// What is known around a batch of alerts.
#[derive(Debug, Default)]
pub struct CorrelationIndex {
    /// By key: when alerts that link by it were active, first and last.
    pub(super) points: HashMap<i64, BTreeSet<(i64, i64)>>,
    pub(super) hours: HashMap<i64, Hours>,
    /// The kinds of the keys that were loaded.
    pub(super) kinds: HashMap<i64, LinkKind>,
    pub(super) alerts: HashMap<i64, PlacedAlert>,
    pub(super) incidents: HashMap<i64, IncidentState>,
    pub(super) merge_exclusions: HashSet<(i64, i64)>,
    pub(super) new_points: BTreeMap<i64, NewPoints>,
    /// Stored alerts whose activity became longer.
    pub(super) extended: BTreeSet<i64>,
    /// By key: days that have changed and are not stored yet.
    pub(super) dirty: BTreeMap<i64, ChangedDays>,
    /// How many detections are usual on a key, by day, as far as it was asked for.
    pub(super) usual: RefCell<HashMap<i64, HashMap<i64, i64>>>,
    /// Keys and days whose stored alerts may have to be grouped otherwise.
    pub(super) to_regroup: BTreeSet<(i64, i64)>,
    /// Alerts whose links have changed, so that their incidents may have to be grouped otherwise.
    pub(super) relinked: BTreeSet<i64>,
}
