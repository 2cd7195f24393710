//! Loading the correlation index for a batch, bounded by how far each entity reaches.

use std::collections::HashSet;
use std::fmt::Write as _;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::clock::DAY;
use crate::correlation::index::day::Day;
use crate::correlation::index::types::{CorrelationIndex, IncidentState, KeysToLoad, Span, SpanEnd};
use crate::correlation::reach::{self, MEMORY_DAYS, ROUTINE_SPAN};
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::incident::Status;
use crate::schema::{alerts, incidents_apart, lone_incidents};

/// An incident's activity on a key may end at most this much later than an alert that joins it.
const AHEAD: i64 = 7 * DAY;

/// Most values in one statement: far below the limits of both databases.
const LISTED: usize = 400;

#[derive(QueryableByName)]
struct SpanRow {
    #[diesel(sql_type = BigInt)]
    entity_id: i64,
    #[diesel(sql_type = BigInt)]
    incident_id: i64,
    #[diesel(sql_type = BigInt)]
    first_seen: i64,
    #[diesel(sql_type = BigInt)]
    last_seen: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    link_first: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    link_last: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    first_alert: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    last_alert: Option<i64>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = BigInt)]
    first_activity: i64,
    #[diesel(sql_type = BigInt)]
    last_activity: i64,
}

#[derive(QueryableByName)]
struct DayRow {
    #[diesel(sql_type = BigInt)]
    entity_id: i64,
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    alerts: i64,
    #[diesel(sql_type = Text)]
    detections: String,
}

impl CorrelationIndex {
    pub fn load(conn: &mut AnyConnection, keys: &KeysToLoad) -> Result<Self> {
        let mut index = Self::default();
        index.load_days(conn, keys)?;
        index.load_spans(conn, keys)?;
        index.drop_incidents_kept_alone(conn)?;
        index.load_ends(conn)?;
        index.load_merge_exclusions(conn)?;
        Ok(index)
    }

    fn load_days(&mut self, conn: &mut AnyConnection, keys: &KeysToLoad) -> Result<()> {
        let ranges: Vec<(i64, i64, i64)> = keys
            .link_keys
            .iter()
            .map(|(id, (_, first, last))| (*id, first / DAY - MEMORY_DAYS, last / DAY + MEMORY_DAYS))
            .collect();
        for ranges in ranges.chunks(LISTED) {
            let sql = format!(
                "WITH v(entity, lo, hi) AS ({}) SELECT d.entity_id, d.day, d.alerts, d.detections \
                 FROM v CROSS JOIN entity_days d WHERE d.entity_id = v.entity AND d.day >= v.lo AND d.day <= v.hi",
                values(ranges)
            );
            for row in diesel::sql_query(sql).load::<DayRow>(conn)? {
                let day = Day::parse(row.alerts, &row.detections);
                self.days.entry(row.entity_id).or_default().insert(row.day, day);
            }
        }
        Ok(())
    }

    fn load_spans(&mut self, conn: &mut AnyConnection, keys: &KeysToLoad) -> Result<()> {
        let mut ranges = Vec::with_capacity(keys.link_keys.len());
        for (id, (kind, first, last)) in &keys.link_keys {
            // A batch may span months, in which an entity may have been busy and quiet.
            let reaches = [*first, *last].map(|at| reach::reach(*kind, self.detections_around(*id, at)));
            let Some(wide) = reaches.into_iter().flatten().max() else { continue };
            let mut wide = wide.max(keys.within);
            if reach::is_asset(*kind) {
                wide = wide.max(ROUTINE_SPAN);
            }
            ranges.push((*id, first.saturating_sub(wide), last.saturating_add(wide)));
        }
        for ranges in ranges.chunks(LISTED) {
            let sql = format!(
                "WITH v(entity, lo, hi) AS ({}) SELECT e.entity_id, e.incident_id, e.first_seen, e.last_seen, \
                 e.link_first, e.link_last, e.first_alert, e.last_alert, i.status, i.first_activity, i.last_activity \
                 FROM v CROSS JOIN incident_entities e JOIN incidents i ON i.id = e.incident_id \
                 WHERE e.entity_id = v.entity AND e.last_seen >= v.lo AND e.last_seen <= v.hi + {AHEAD} \
                 AND e.first_seen <= v.hi AND i.status <> 'redirected'",
                values(ranges)
            );
            for row in diesel::sql_query(sql).load::<SpanRow>(conn)? {
                let open = matches!(Status::parse(&row.status), Some(Status::Active | Status::InProgress));
                self.incidents.entry(row.incident_id).or_insert(IncidentState {
                    open,
                    first: row.first_activity,
                    last: row.last_activity,
                    stage: None,
                });
                self.spans.entry(row.entity_id).or_default().push(Span {
                    incident: row.incident_id,
                    first: row.first_seen,
                    last: row.last_seen,
                    link: row.link_first.zip(row.link_last),
                    ends: [row.first_alert, row.last_alert],
                });
            }
        }
        Ok(())
    }

    /// An incident that a house rule keeps alone is not joined by routine detections either.
    fn drop_incidents_kept_alone(&mut self, conn: &mut AnyConnection) -> Result<()> {
        let silent = self.spans.values().flatten().filter(|span| span.link.is_none());
        let ids: HashSet<i64> = silent.map(|span| span.incident).collect();
        let lone = load_lone_incidents(conn, &ids.into_iter().collect::<Vec<_>>())?;
        if !lone.is_empty() {
            for spans in self.spans.values_mut() {
                spans.retain(|span| span.link.is_some() || !lone.contains(&span.incident));
            }
        }
        Ok(())
    }

    fn load_ends(&mut self, conn: &mut AnyConnection) -> Result<()> {
        let ids: HashSet<i64> =
            self.spans.values().flatten().flat_map(|span| span.ends.into_iter().flatten()).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        for ids in ids.chunks(LISTED) {
            let rows: Vec<(i64, String, i64, i64)> = alerts::table
                .filter(alerts::id.eq_any(ids))
                .select((alerts::id, alerts::title, alerts::first_activity, alerts::last_activity))
                .load(conn)?;
            self.ends.extend(rows.into_iter().map(|(id, title, first, last)| (id, SpanEnd { title, first, last })));
        }
        Ok(())
    }

    fn load_merge_exclusions(&mut self, conn: &mut AnyConnection) -> Result<()> {
        let ids: Vec<i64> = self.incidents.keys().copied().collect();
        for ids in ids.chunks(LISTED) {
            let pairs: Vec<(i64, i64)> = incidents_apart::table
                .filter(incidents_apart::one.eq_any(ids))
                .select((incidents_apart::one, incidents_apart::other))
                .load(conn)?;
            self.merge_exclusions.extend(pairs);
        }
        Ok(())
    }
}

/// "VALUES (1,2,3),(4,5,6)", typed by its first row.
fn values(rows: &[(i64, i64, i64)]) -> String {
    let mut text = String::from("VALUES ");
    for (index, (id, lo, hi)) in rows.iter().enumerate() {
        let _ = match index {
            0 => write!(text, "(CAST({id} AS bigint),CAST({lo} AS bigint),CAST({hi} AS bigint))"),
            _ => write!(text, ",({id},{lo},{hi})"),
        };
    }
    text
}

/// Those of the incidents that are kept alone.
fn load_lone_incidents(conn: &mut AnyConnection, ids: &[i64]) -> Result<HashSet<i64>> {
    let mut found = HashSet::new();
    for ids in ids.chunks(LISTED) {
        found.extend(
            lone_incidents::table
                .filter(lone_incidents::incident_id.eq_any(ids))
                .select(lone_incidents::incident_id)
                .load::<i64>(conn)?,
        );
    }
    Ok(found)
}
