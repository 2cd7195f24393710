//! Repeats of the same detection on the same assets are one alert with a count: a sensor's
//! 410,000 directory-scan alerts are one row to read. An occurrence that is sent several times is
//! counted once; the latest payloads are kept. A token counts only in alerts that it may update: otherwise it could
//! bury what another one reports in an alert of its own, or push out the payloads of that one's alert.
//!
//! Which repeats are one alert depends on their own times alone (R21): those of a series and of one day, UTC, that
//! follow each other within the time of their source. One that comes late may show that two alerts are one; then the
//! later is folded into the earlier.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::clock::{DAY, MINUTE};
use crate::correlation::reach;
use crate::db::Tx;
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::history::occurrence_counts::{self, OccurrenceCount};
use crate::ingest::identity::Identity;
use crate::ingest::ownership::Rights;
use crate::model::entity::Resolved;
use crate::model::incoming::IncomingAlert;
use crate::model::meaningless::is_meaningless_name;
use crate::model::severity::Severity;

/// An alert that counts the repeats of a key.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct CountingAlert {
    /// Days since 1970, UTC.
    pub(super) day: i64,
    pub(in crate::ingest) alert: i64,
    pub(in crate::ingest) incident: i64,
    pub(in crate::ingest) first: i64,
    pub(in crate::ingest) last: i64,
    pub(in crate::ingest) open: bool,
    /// A house rule resolved it and no person has done anything to it since: while such a rule applies, it goes on
    /// counting. Otherwise each body of a flood that a rule resolves would leave an alert.
    pub(in crate::ingest) resolved_by_rule: bool,
    pub(in crate::ingest) occurrences: i64,
    pub(in crate::ingest) severity: Severity,
    /// It links nothing, so what its repeats have in common with others does not either.
    pub(in crate::ingest) links_nothing: bool,
    /// No token reported it or updated it so far.
    pub(in crate::ingest) of_nobody: bool,
    /// It is an alert of this batch that is not stored yet.
    pub(in crate::ingest) unstored: bool,
}

/// An occurrence that an alert has counted.
#[derive(Debug, Clone, Copy)]
pub(in crate::ingest) struct CountedId {
    pub(in crate::ingest) alert: i64,
    pub(in crate::ingest) incident: i64,
    /// When it was active last.
    pub(in crate::ingest) at: i64,
    /// Whether the alert is open.
    pub(in crate::ingest) open: bool,
    /// As [`CountingAlert::resolved_by_rule`].
    pub(in crate::ingest) resolved_by_rule: bool,
    /// Whether the sender may update the alert.
    pub(in crate::ingest) may_update: bool,
}

/// The alerts that count repeats, as far as a batch needs them.
#[derive(Debug, Default)]
pub(crate) struct Occurrences {
    pub(in crate::ingest) counting: HashMap<String, Vec<CountingAlert>>,
    /// Series whose alerts the sender may not update.
    pub(super) of_others: HashSet<String>,
    pub(in crate::ingest) counted_ids: HashMap<(String, String), CountedId>,
    /// Pairs of alerts that must not be folded. Kept, so that not every further repeat of them is checked again.
    pub(super) stay_apart: HashSet<(i64, i64)>,
    /// New alerts that count: key, day and alert.
    dirty: Vec<(String, i64, i64)>,
    pub(in crate::ingest) new: Vec<occurrence_counts::Occurrence>,
    /// By alert: its incident, and what occurrences add.
    pub(in crate::ingest) counted: BTreeMap<i64, (i64, OccurrenceCount)>,
}

/// The key of a series: source, detection with its subject, and assets; all entities where there is no asset. What means nothing
/// is another entity in each alert and tells no series apart.
pub(in crate::ingest) fn key(alert: &IncomingAlert, subject: &str, entities: &[Resolved]) -> String {
    let ids = |wanted: &dyn Fn(&Resolved) -> bool| -> BTreeSet<i64> {
        entities
            .iter()
            .filter(|entity| !is_meaningless_name(entity.kind, &entity.name) && wanted(entity))
            .map(|entity| entity.id)
            .collect()
    };
    let mut assets = ids(&|entity| reach::is_asset(entity.kind));
    if assets.is_empty() {
        assets = ids(&|_| true);
    }
    let about = if subject.is_empty() { String::new() } else { format!("\n{subject}") };
    let detection = format!("{}\n{}\n{}{about}", alert.source, alert.detection_source, alert.title);
    sha256_hex(format!("{detection}\n{assets:?}").as_bytes())
}

/// The series of a token whose repeats do not count in that of others.
pub(super) fn series_of_token(key: &str, rights: &Rights) -> String {
    sha256_hex(format!("{key}\n{:?}", rights.reporter.token).as_bytes())
}

impl Occurrences {
    /// The series in which the sender's repeats of this key are counted: one of its own where those of the key are
    /// counted in an alert that it may not update.
    pub(in crate::ingest) fn series_of_sender(&self, key: String, rights: &Rights) -> String {
        if self.of_others.contains(&key) { series_of_token(&key, rights) } else { key }
    }

    /// The incidents of the alerts that count.
    pub(in crate::ingest) fn counting_incidents(&self) -> impl Iterator<Item = i64> + '_ {
        self.counting.values().flatten().map(|counting| counting.incident)
    }

    /// The alerts that count the repeats of a series on a day.
    pub(in crate::ingest) fn of_day(&self, key: &str, day: i64) -> impl Iterator<Item = &CountingAlert> {
        self.counting.get(key).into_iter().flatten().filter(move |counting| counting.day == day)
    }

    pub(in crate::ingest) fn is_empty(&self) -> bool {
        self.counting.is_empty() && self.counted_ids.is_empty()
    }

    /// This occurrence, if an alert has counted it already.
    pub(in crate::ingest) fn counted_in(&self, identity: Identity<'_>) -> Option<CountedId> {
        if self.counted_ids.is_empty() {
            return None;
        }
        self.counted_ids.get(&(identity.0.to_owned(), identity.1.to_owned())).copied()
    }

    /// Makes a new alert count the repeats of its key.
    pub(in crate::ingest) fn start_counting(
        &mut self,
        key: String,
        alert: i64,
        incident: i64,
        (incoming, links_nothing): (&IncomingAlert, bool),
    ) {
        let day = incoming.first_activity.div_euclid(DAY);
        self.dirty.push((key.clone(), day, alert));
        let counting = CountingAlert {
            day,
            alert,
            incident,
            first: incoming.first_activity,
            last: incoming.last_activity,
            open: incoming.status != "resolved",
            resolved_by_rule: false,
            occurrences: incoming.occurrences.max(1),
            severity: incoming.severity_or_medium(),
            links_nothing,
            of_nobody: false,
            unstored: true,
        };
        self.counting.entry(key).or_default().push(counting);
    }

    /// The alert that counts, of a series.
    pub(in crate::ingest) fn counting_mut(&mut self, key: &str, alert: i64) -> Option<&mut CountingAlert> {
        self.counting.get_mut(key)?.iter_mut().find(|counting| counting.alert == alert)
    }

    /// Records that `gone` was folded into `kept`, which counts what both have counted.
    pub(in crate::ingest) fn fold(&mut self, key: &str, kept: i64, gone: i64) {
        let Some(rows) = self.counting.get_mut(key) else { return };
        let Some(place) = rows.iter().position(|row| row.alert == gone) else { return };
        let folded = rows.remove(place);
        if let Some(kept) = rows.iter_mut().find(|row| row.alert == kept) {
            kept.first = kept.first.min(folded.first);
            kept.last = kept.last.max(folded.last);
            kept.occurrences = kept.occurrences.saturating_add(folded.occurrences);
            kept.severity = kept.severity.max(folded.severity);
        }
        for counted in self.counted_ids.values_mut().filter(|counted| counted.alert == gone) {
            counted.alert = kept;
        }
    }

    pub(in crate::ingest) fn merge_incidents(&mut self, kept: i64, gone: &BTreeSet<i64>) {
        for counting in self.counting.values_mut().flatten().filter(|counting| gone.contains(&counting.incident)) {
            counting.incident = kept;
        }
    }

    /// The alerts that count an occurrence of `key` at this time, the earliest first: several where it shows that they
    /// are one. `resolves`: a rule resolves such alerts.
    pub(in crate::ingest) fn counting_alerts(
        &self,
        key: &str,
        incoming: &IncomingAlert,
        (minutes, resolves): (i64, bool),
    ) -> Vec<CountingAlert> {
        let (window, day) = (minutes.saturating_mul(MINUTE), incoming.first_activity.div_euclid(DAY));
        let counts = |row: &&CountingAlert| {
            let gap = (incoming.first_activity - row.last).max(row.first - incoming.last_activity);
            (row.open || resolves && row.resolved_by_rule) && row.day == day && gap <= window
        };
        let mut found: Vec<CountingAlert> =
            self.counting.get(key).into_iter().flatten().filter(counts).cloned().collect();
        found.sort_by_key(|row| (row.first, row.alert));
        found
    }

    /// What occurrences add to an alert of an incident.
    pub(super) fn count_of(&mut self, incident: i64, alert: i64) -> &mut OccurrenceCount {
        let (known, count) = self.counted.entry(alert).or_insert_with(|| (incident, OccurrenceCount::of(alert)));
        *known = incident;
        count
    }

    /// Gives what the occurrences so far add to alerts, with the incident of each.
    pub(in crate::ingest) fn take_counts(&mut self) -> Vec<(i64, OccurrenceCount)> {
        std::mem::take(&mut self.counted).into_values().collect()
    }

    pub(in crate::ingest) fn store(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        for counting in self.counting.values_mut().flatten() {
            counting.unstored = false;
        }
        occurrence_counts::store(tx, &std::mem::take(&mut self.dirty), std::mem::take(&mut self.new))
    }
}
