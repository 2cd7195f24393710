//! Loading the correlation index for a batch, bounded by how far each key reaches.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::clock::DAY;
use crate::correlation::index::types::{AlertToPlace, CorrelationIndex, IncidentState, PlacedAlert};
use crate::correlation::link_key::{LinkKey, LinkKind};
use crate::correlation::reach::MEMORY_DAYS;
use crate::db::{AnyConnection, LISTED};
use crate::error::Result;
use crate::model::incident::Status;
use crate::schema::incidents_apart;

#[derive(QueryableByName)]
struct PointRow {
    #[diesel(sql_type = BigInt)]
    key: i64,
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = BigInt)]
    alert_id: i64,
    #[diesel(sql_type = BigInt)]
    incident_id: i64,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    status: String,
}

#[derive(QueryableByName)]
struct HoursRow {
    #[diesel(sql_type = BigInt)]
    key: i64,
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = Text)]
    detections: String,
}

/// The keys of a batch, each with the times at which the alerts that have it can link.
#[derive(Debug, Default)]
pub struct KeysToLoad {
    keys: BTreeMap<i64, KeyToLoad>,
}

#[derive(Debug)]
struct KeyToLoad {
    kind: LinkKind,
    /// When its alerts were active first and last.
    ends: Vec<i64>,
    /// The widest reach that a house rule sets for one of them.
    within: i64,
}

impl KeysToLoad {
    pub fn add(&mut self, to_place: &AlertToPlace<'_>) {
        let within = to_place.within.unwrap_or(0);
        self.add_ends(to_place.link_keys, (to_place.first, to_place.last), within);
    }

    /// What is stored around these ends, first and last, is needed as well.
    pub fn add_ends(&mut self, keys: &[LinkKey], (first, last): (i64, i64), within: i64) {
        for key in keys {
            let new = || KeyToLoad { kind: key.kind, ends: Vec::new(), within };
            let known = self.keys.entry(key.id).or_insert_with(new);
            known.within = known.within.max(within);
            known.ends.push(first);
            if last != first {
                known.ends.push(last);
            }
        }
    }
}

impl KeyToLoad {
    /// Its ends of each day: the day, the first and the last of them.
    fn days(&self) -> Vec<(i64, i64, i64)> {
        let mut ends = self.ends.clone();
        ends.sort_unstable();
        let of_day = |ends: &[i64]| Some((ends.first()?.div_euclid(DAY), *ends.first()?, *ends.last()?));
        ends.chunk_by(|one, next| one.div_euclid(DAY) == next.div_euclid(DAY)).filter_map(of_day).collect()
    }
}

/// Joins each range with the one before where they overlap or meet. An alert of years loads what is around its two ends
/// and nothing between.
fn joined(ranges: impl Iterator<Item = (i64, i64)>) -> Vec<(i64, i64)> {
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (lo, hi) in ranges {
        match joined.last_mut().filter(|last| lo <= last.1.saturating_add(1)) {
            Some(last) => *last = (last.0.min(lo), last.1.max(hi)),
            None => joined.push((lo, hi)),
        }
    }
    joined
}

impl CorrelationIndex {
    pub fn load(conn: &mut AnyConnection, keys: &KeysToLoad) -> Result<Self> {
        let mut index = Self::default();
        let mut ranges = Vec::with_capacity(keys.keys.len());
        for (id, key) in &keys.keys {
            index.kinds.insert(*id, key.kind);
            // How busy a key is a week from here depends on the week after that.
            let around = key.days().into_iter().map(|(day, _, _)| (day - 2 * MEMORY_DAYS, day + 2 * MEMORY_DAYS));
            ranges.extend(joined(around).into_iter().map(|(lo, hi)| (*id, lo, hi)));
        }
        index.load_hours(conn, &ranges)?;
        ranges.clear();
        for (id, key) in &keys.keys {
            let within_reach = key.days().into_iter().filter_map(|(day, first, last)| {
                let reach = key.kind.reach(index.usual_on(*id, key.kind, day))?.max(key.within);
                Some((first.saturating_sub(reach), last.saturating_add(reach)))
            });
            ranges.extend(joined(within_reach).into_iter().map(|(lo, hi)| (*id, lo, hi)));
        }
        index.load_points(conn, &ranges)?;
        index.load_merge_exclusions(conn)?;
        Ok(index)
    }

    fn load_hours(&mut self, conn: &mut AnyConnection, ranges: &[(i64, i64, i64)]) -> Result<()> {
        for ranges in ranges.chunks(LISTED) {
            let sql = format!(
                "WITH v(key, lo, hi) AS ({}) SELECT d.entity_id AS key, d.day, d.detections \
                 FROM v CROSS JOIN entity_days d WHERE d.entity_id = v.key AND d.day >= v.lo AND d.day <= v.hi",
                values(ranges)
            );
            for row in diesel::sql_query(sql).load::<HoursRow>(conn)? {
                self.hours.entry(row.key).or_default().insert(row.day, &row.detections);
            }
        }
        Ok(())
    }

    /// Loads the points of keys between two times.
    pub(super) fn load_points(&mut self, conn: &mut AnyConnection, ranges: &[(i64, i64, i64)]) -> Result<()> {
        for ranges in ranges.chunks(LISTED) {
            let sql = format!(
                "WITH v(key, lo, hi) AS ({}) SELECT p.key, p.at, p.alert_id, a.incident_id, a.title, i.status \
                 FROM v CROSS JOIN link_points p JOIN alerts a ON a.id = p.alert_id \
                 JOIN incidents i ON i.id = a.incident_id \
                 WHERE p.key = v.key AND p.at >= v.lo AND p.at <= v.hi",
                values(ranges)
            );
            for row in diesel::sql_query(sql).load::<PointRow>(conn)? {
                let open = matches!(Status::parse(&row.status), Some(Status::Active | Status::InProgress));
                self.points.entry(row.key).or_default().insert((row.at, row.alert_id));
                let incident = row.incident_id;
                let new = || PlacedAlert { incident, title: row.title, keys: Vec::new() };
                self.alerts.entry(row.alert_id).or_insert_with(new).keys.push(row.key);
                self.incidents.entry(incident).or_insert(IncidentState { open, stage: None });
            }
        }
        Ok(())
    }

    /// Loads where alerts are that are gathered by this key, which is of one day.
    pub fn load_day(&mut self, conn: &mut AnyConnection, key: &LinkKey, at: i64) -> Result<()> {
        if self.points.contains_key(&key.id) {
            return Ok(());
        }
        let begin = at - at.rem_euclid(DAY);
        self.points.insert(key.id, BTreeSet::new());
        self.load_points(conn, &[(key.id, begin, begin + DAY)])
    }

    fn load_merge_exclusions(&mut self, conn: &mut AnyConnection) -> Result<()> {
        let ids: HashSet<i64> = self.incidents.keys().copied().collect();
        for ids in ids.into_iter().collect::<Vec<_>>().chunks(LISTED) {
            let pairs: Vec<(i64, i64)> = incidents_apart::table
                .filter(incidents_apart::one.eq_any(ids))
                .select((incidents_apart::one, incidents_apart::other))
                .load(conn)?;
            self.merge_exclusions.extend(pairs);
        }
        Ok(())
    }
}

/// Keys, each with a first and a last time, as rows of a statement: "VALUES (1,2,3),(4,5,6)", typed by the first.
pub fn values(rows: &[(i64, i64, i64)]) -> String {
    let mut text = String::from("VALUES ");
    for (index, (id, lo, hi)) in rows.iter().enumerate() {
        let _ = match index {
            0 => write!(text, "(CAST({id} AS bigint),CAST({lo} AS bigint),CAST({hi} AS bigint))"),
            _ => write!(text, ",({id},{lo},{hi})"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_overlap_are_one_whichever_reaches_further() {
        let ranges = [(10, 20), (5, 12), (21, 30), (40, 41)];
        assert_eq!(joined(ranges.into_iter()), [(5, 30), (40, 41)]);
    }

    #[test]
    fn an_alert_of_years_loads_what_is_around_its_ends() {
        let key = LinkKey { id: 1, kind: LinkKind::SameSource, name: String::new() };
        let mut keys = KeysToLoad::default();
        keys.add_ends(std::slice::from_ref(&key), (0, 9_000 * DAY), 0);
        keys.add_ends(std::slice::from_ref(&key), (5, 5), 0);
        assert_eq!(keys.keys[&1].days(), [(0, 0, 5), (9_000, 9_000 * DAY, 9_000 * DAY)]);
    }
}
