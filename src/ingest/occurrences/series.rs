//! Repeats of the same detection on the same assets are one alert with a count: a sensor's
//! 410,000 directory-scan alerts are one row to read. An occurrence that is sent several times is
//! counted once; the latest payloads are kept. A token counts only in alerts that it may update: otherwise it could
//! bury what another one reports in an alert of its own, or push out the payloads of that one's alert.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::clock::{DAY, MINUTE};
use crate::correlation::reach;
use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::hash::sha256_hex;
use crate::history::occurrence_counts::{self, OccurrenceCount};
use crate::ingest::identity::Identity;
use crate::ingest::ownership::Rights;
use crate::model::alert::AlertStatus;
use crate::model::entity::Resolved;
use crate::model::incoming::IncomingAlert;
use crate::model::meaningless::is_meaningless_name;
use crate::schema::{alert_occurrences, alerts, repeats};

/// An alert counts repeats for at most this time; then the next is a new alert.
const LONGEST: i64 = DAY;
/// Values listed in a statement.
const LISTED: usize = 500;

/// The alert that counts the repeats of a key.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct CountingAlert {
    pub(in crate::ingest) alert: i64,
    pub(in crate::ingest) incident: i64,
    pub(in crate::ingest) first: i64,
    pub(in crate::ingest) last: i64,
    pub(in crate::ingest) open: bool,
    pub(in crate::ingest) occurrences: i64,
    /// No token reported it or updated it so far.
    pub(in crate::ingest) of_nobody: bool,
    /// It is an alert of this batch that is not stored yet.
    pub(in crate::ingest) unstored: bool,
}

/// What is read of an alert that counts.
#[derive(Queryable, Selectable)]
#[diesel(table_name = alerts)]
struct Counting {
    id: i64,
    incident_id: i64,
    first_activity: i64,
    last_activity: i64,
    status: String,
    occurrences: i64,
    source: String,
    reported_by: Option<i64>,
}

impl From<Counting> for CountingAlert {
    fn from(row: Counting) -> Self {
        Self {
            alert: row.id,
            incident: row.incident_id,
            first: row.first_activity,
            last: row.last_activity,
            open: AlertStatus::parse(&row.status) != Some(AlertStatus::Resolved),
            occurrences: row.occurrences,
            of_nobody: row.reported_by.is_none(),
            unstored: false,
        }
    }
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
    /// Whether the sender may update the alert.
    pub(in crate::ingest) may_update: bool,
}

/// The alerts that count repeats, as far as a batch needs them.
#[derive(Debug, Default)]
pub(crate) struct Occurrences {
    pub(in crate::ingest) counting: HashMap<String, CountingAlert>,
    /// Series whose alerts the sender may not update.
    of_others: HashSet<String>,
    pub(in crate::ingest) counted_ids: HashMap<(String, String), CountedId>,
    pub(in crate::ingest) dirty: BTreeMap<String, i64>,
    pub(in crate::ingest) new: Vec<occurrence_counts::Occurrence>,
    /// By alert: its incident, and what occurrences add.
    pub(in crate::ingest) counted: BTreeMap<i64, (i64, OccurrenceCount)>,
}

/// The key of a series: source, detection and assets; all entities where there is no asset. What means nothing
/// is another entity in each alert and tells no series apart.
pub(in crate::ingest) fn key(alert: &IncomingAlert, entities: &[Resolved]) -> String {
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
    sha256_hex(format!("{}\n{}\n{}\n{assets:?}", alert.source, alert.detection_source, alert.title).as_bytes())
}

/// The series of a token whose repeats do not count in that of others.
fn series_of_token(key: &str, rights: &Rights) -> String {
    sha256_hex(format!("{key}\n{:?}", rights.reporter.token).as_bytes())
}

impl Occurrences {
    /// Reads the alerts that count in these series, as far as the sender may update them, and what they have counted.
    pub(in crate::ingest) fn load(
        conn: &mut AnyConnection,
        rights: &Rights,
        alerts: &[(&IncomingAlert, &str)],
        keys: &BTreeSet<String>,
    ) -> Result<Self> {
        let mut loaded = Self::default();
        loaded.load_counting(conn, rights, keys)?;
        if !loaded.of_others.is_empty() {
            let own = loaded.of_others.iter().map(|key| series_of_token(key, rights)).collect();
            loaded.load_counting(conn, rights, &own)?;
        }
        loaded.load_counted_ids(conn, rights, alerts)?;
        Ok(loaded)
    }

    fn load_counting(&mut self, conn: &mut AnyConnection, rights: &Rights, keys: &BTreeSet<String>) -> Result<()> {
        let keys: Vec<&String> = keys.iter().collect();
        for keys in keys.chunks(LISTED) {
            let rows: Vec<(String, Counting)> = repeats::table
                .inner_join(alerts::table)
                .filter(repeats::key.eq_any(keys.iter().copied()))
                .select((repeats::key, Counting::as_select()))
                .load(conn)?;
            for (key, row) in rows {
                if rights.may_update(row.reported_by, [row.source.as_str()]) {
                    self.counting.insert(key, row.into());
                } else {
                    self.of_others.insert(key);
                }
            }
        }
        Ok(())
    }

    /// The series in which the sender's repeats of this key are counted: one of its own where those of the key are
    /// counted in an alert that it may not update.
    pub(in crate::ingest) fn series_of_sender(&self, key: String, rights: &Rights) -> String {
        if self.of_others.contains(&key) { series_of_token(&key, rights) } else { key }
    }

    /// Reads which of the alerts were counted as occurrences of another.
    fn load_counted_ids(
        &mut self,
        conn: &mut AnyConnection,
        rights: &Rights,
        alerts: &[(&IncomingAlert, &str)],
    ) -> Result<()> {
        let mut by_source: HashMap<&str, HashSet<&str>> = HashMap::new();
        for (alert, _) in alerts {
            by_source.entry(&alert.source).or_default().insert(&alert.provider_alert_id);
        }
        for (source, ids) in by_source {
            let ids: Vec<&str> = ids.into_iter().collect();
            for ids in ids.chunks(LISTED) {
                let rows: Vec<(String, i64, Counting)> = alert_occurrences::table
                    .inner_join(alerts::table)
                    .filter(alert_occurrences::source.eq(source))
                    .filter(alert_occurrences::provider_alert_id.eq_any(ids))
                    .select((alert_occurrences::provider_alert_id, alert_occurrences::at, Counting::as_select()))
                    .load(conn)?;
                self.counted_ids.extend(rows.into_iter().map(|(id, at, row)| {
                    let may_update = rights.may_update(row.reported_by, [row.source.as_str()]);
                    let CountingAlert { alert, incident, open, .. } = row.into();
                    ((source.to_owned(), id), CountedId { alert, incident, at, open, may_update })
                }));
            }
        }
        Ok(())
    }

    /// The incidents of the alerts that count.
    pub(in crate::ingest) fn counting_incidents(&self) -> impl Iterator<Item = i64> + '_ {
        self.counting.values().map(|counting| counting.incident)
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
        incoming: &IncomingAlert,
    ) {
        // A record of long ago that arrives late does not take over a series that goes on.
        if self.counting.get(&key).is_some_and(|known| known.open && known.last > incoming.last_activity) {
            return;
        }
        self.dirty.insert(key.clone(), alert);
        let counting = CountingAlert {
            alert,
            incident,
            first: incoming.first_activity,
            last: incoming.last_activity,
            open: incoming.status != "resolved",
            occurrences: incoming.occurrences.max(1),
            of_nobody: false,
            unstored: true,
        };
        self.counting.insert(key, counting);
    }

    pub(in crate::ingest) fn merge_incidents(&mut self, kept: i64, gone: &BTreeSet<i64>) {
        for counting in self.counting.values_mut().filter(|counting| gone.contains(&counting.incident)) {
            counting.incident = kept;
        }
    }

    /// The alert that counts an occurrence of `key` at this time.
    pub(in crate::ingest) fn counting_alert(
        &self,
        key: &str,
        incoming: &IncomingAlert,
        minutes: i64,
    ) -> Option<&CountingAlert> {
        let window = minutes.saturating_mul(MINUTE);
        let counting = self.counting.get(key)?;
        let gap = (incoming.first_activity - counting.last).max(counting.first - incoming.last_activity).max(0);
        let span = counting.last.max(incoming.last_activity) - counting.first.min(incoming.first_activity);
        (window > 0 && counting.open && gap <= window && span <= LONGEST).then_some(counting)
    }

    /// Gives what the occurrences so far add to alerts, with the incident of each.
    pub(in crate::ingest) fn take_counts(&mut self) -> Vec<(i64, OccurrenceCount)> {
        std::mem::take(&mut self.counted).into_values().collect()
    }

    pub(in crate::ingest) fn store(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        for counting in self.counting.values_mut() {
            counting.unstored = false;
        }
        let dirty: Vec<(String, i64)> = std::mem::take(&mut self.dirty).into_iter().collect();
        occurrence_counts::store(tx, &dirty, std::mem::take(&mut self.new))
    }
}
