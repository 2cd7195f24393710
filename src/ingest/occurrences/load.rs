//! Reading the alerts that count the repeats of a batch, and what they have counted.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::clock::DAY;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::decided_by;
use crate::ingest::occurrences::series::{CountedId, CountingAlert, Occurrences, series_of_token};
use crate::ingest::ownership::Rights;
use crate::model::alert::AlertStatus;
use crate::model::incoming::IncomingAlert;
use crate::model::linked_by::{LinkedBy, links_nothing};
use crate::model::severity::Severity;
use crate::schema::{alert_occurrences, alerts, repeats};

/// Values listed in a statement.
const LISTED: usize = 500;

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
    #[diesel(deserialize_as = String)]
    severity: Severity,
    #[diesel(deserialize_as = String)]
    linked_by: LinkedBy,
    category: String,
    source: String,
    reported_by: Option<i64>,
}

impl From<Counting> for CountingAlert {
    fn from(row: Counting) -> Self {
        Self {
            day: row.first_activity.div_euclid(DAY),
            severity: row.severity,
            links_nothing: links_nothing(&row.linked_by, &row.category),
            alert: row.id,
            incident: row.incident_id,
            first: row.first_activity,
            last: row.last_activity,
            open: AlertStatus::parse(&row.status) != Some(AlertStatus::Resolved),
            resolved_by_rule: false,
            occurrences: row.occurrences,
            of_nobody: row.reported_by.is_none(),
            unstored: false,
        }
    }
}

impl Occurrences {
    /// Reads the alerts that count in these series, as far as the sender may update them, and what they have counted.
    pub(in crate::ingest) fn load(
        conn: &mut AnyConnection,
        rights: &Rights,
        alerts: &[(&IncomingAlert, &str)],
        keys: &BTreeSet<(String, i64)>,
    ) -> Result<Self> {
        let mut loaded = Self::default();
        loaded.load_counting(conn, rights, keys)?;
        if !loaded.of_others.is_empty() {
            let of_others = keys.iter().filter(|(key, _)| loaded.of_others.contains(key));
            let own = of_others.map(|(key, day)| (series_of_token(key, rights), *day)).collect();
            loaded.load_counting(conn, rights, &own)?;
        }
        loaded.load_counted_ids(conn, rights, alerts)?;
        loaded.load_resolved_by_rule(conn)?;
        Ok(loaded)
    }

    /// Finds out which of the resolved alerts a house rule resolved.
    fn load_resolved_by_rule(&mut self, conn: &mut AnyConnection) -> Result<()> {
        let counting = self.counting.values().flatten().filter(|row| !row.open).map(|row| row.alert);
        let counted = self.counted_ids.values().filter(|known| !known.open).map(|known| known.alert);
        let resolved: BTreeSet<i64> = counting.chain(counted).collect();
        if resolved.is_empty() {
            return Ok(());
        }
        let by_rule = decided_by::resolved_by_rule(conn, &resolved.into_iter().collect::<Vec<_>>())?;
        for row in self.counting.values_mut().flatten() {
            row.resolved_by_rule = by_rule.contains(&row.alert);
        }
        for known in self.counted_ids.values_mut() {
            known.resolved_by_rule = by_rule.contains(&known.alert);
        }
        Ok(())
    }

    fn load_counting(
        &mut self,
        conn: &mut AnyConnection,
        rights: &Rights,
        keys: &BTreeSet<(String, i64)>,
    ) -> Result<()> {
        let days = (keys.iter().map(|(_, day)| *day).min(), keys.iter().map(|(_, day)| *day).max());
        let (Some(first), Some(last)) = days else { return Ok(()) };
        let listed: BTreeSet<&String> = keys.iter().map(|(key, _)| key).collect();
        let listed: Vec<&String> = listed.into_iter().collect();
        for listed in listed.chunks(LISTED) {
            let rows: Vec<(String, Counting)> = repeats::table
                .inner_join(alerts::table)
                .filter(repeats::key.eq_any(listed.iter().copied()))
                .filter(repeats::day.between(first, last))
                .select((repeats::key, Counting::as_select()))
                .load(conn)?;
            for (key, row) in rows {
                if rights.may_update(row.reported_by, [row.source.as_str()]) {
                    self.counting.entry(key).or_default().push(row.into());
                } else {
                    self.of_others.insert(key);
                }
            }
        }
        Ok(())
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
                    let counted = CountedId { alert, incident, at, open, resolved_by_rule: false, may_update };
                    ((source.to_owned(), id), counted)
                }));
            }
        }
        Ok(())
    }
}
