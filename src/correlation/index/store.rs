//! Storing what a batch added to the index.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::correlation::index::hours::Hours;
use crate::correlation::index::types::{ChangedDays, CorrelationIndex, NewPoints};
use crate::correlation::link_key::{LinkKind, kind_without_entity};
use crate::correlation::reach::MEMORY_DAYS;
use crate::db::{LISTED, Tx};
use crate::each;
use crate::error::Result;
use crate::schema::{alerts, entity_days, link_points};

#[derive(Insertable)]
#[diesel(table_name = entity_days, treat_none_as_default_value = false)]
struct DayRow {
    entity_id: i64,
    day: i64,
    detections: String,
}

#[derive(Insertable)]
#[diesel(table_name = link_points, treat_none_as_default_value = false)]
struct PointRow {
    key: i64,
    at: i64,
    alert_id: i64,
}

/// Replaces what a stored alert is linked by, which was active in `span`, first and last.
pub fn replace(tx: &mut Tx<'_>, alert: i64, keys: Vec<i64>, (first, last): (i64, i64)) -> Result<()> {
    use link_points as p;
    diesel::delete(p::table.filter(p::alert_id.eq(alert))).execute(tx.conn)?;
    insert(tx, &rows(alert, NewPoints { keys, first, last, of_stored: true }))
}

/// Takes alerts out of what they are gathered by with others of their asset and day: a person has moved them, and the
/// others do not follow.
pub fn leave_gathered(tx: &mut Tx<'_>, alerts: &[i64]) -> Result<()> {
    use link_points as p;
    for alerts in alerts.chunks(LISTED) {
        let keys: Vec<i64> = p::table.filter(p::alert_id.eq_any(alerts)).select(p::key).distinct().load(tx.conn)?;
        let gathering: Vec<i64> = keys.into_iter().filter(|key| gathers(*key)).collect();
        diesel::delete(p::table.filter(p::alert_id.eq_any(alerts)).filter(p::key.eq_any(gathering)))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// Whether alerts are gathered by a key, and linked by nothing else.
fn gathers(key: i64) -> bool {
    matches!(kind_without_entity(key), Some(LinkKind::Routine | LinkKind::Weakness))
}

/// Gives the alert `kept` what links `gone`, since both are one, active in `span`, unless `kept` links nothing.
pub fn join_points(tx: &mut Tx<'_>, kept: i64, gone: i64, span: (i64, i64)) -> Result<()> {
    use link_points as p;
    let of = |alert: i64| p::table.filter(p::alert_id.eq(alert)).select(p::key).distinct();
    let mut keys: Vec<i64> = of(kept).load(tx.conn)?;
    if !keys.is_empty() && !keys.iter().any(|key| gathers(*key)) {
        let of_gone: Vec<i64> = of(gone).load(tx.conn)?;
        keys.extend(of_gone.into_iter().filter(|key| !gathers(*key)));
    }
    diesel::delete(p::table.filter(p::alert_id.eq(gone))).execute(tx.conn)?;
    replace(tx, kept, keys, span)
}

/// Gives `keep` what is stored of the key `gone`, since both are one entity.
pub fn merge_keys(tx: &mut Tx<'_>, keep: i64, gone: i64) -> Result<()> {
    use entity_days as d;
    use link_points as p;
    let points: Vec<(i64, i64)> = p::table.filter(p::key.eq(gone)).select((p::at, p::alert_id)).load(tx.conn)?;
    diesel::delete(p::table.filter(p::key.eq(gone))).execute(tx.conn)?;
    let rows: Vec<PointRow> = points.into_iter().map(|(at, alert_id)| PointRow { key: keep, at, alert_id }).collect();
    insert(tx, &rows)?;
    let read = |tx: &mut Tx<'_>, key: i64| -> Result<Hours> {
        let rows: Vec<(i64, String)> =
            d::table.filter(d::entity_id.eq(key)).select((d::day, d::detections)).load(tx.conn)?;
        let mut hours = Hours::default();
        for (day, text) in &rows {
            hours.insert(*day, text);
        }
        Ok(hours)
    };
    let (mut kept, lost) = (read(tx, keep)?, read(tx, gone)?);
    let days = kept.join(&lost);
    diesel::delete(d::table.filter(d::entity_id.eq(gone))).execute(tx.conn)?;
    let rows: Vec<DayRow> =
        days.into_iter().map(|day| DayRow { entity_id: keep, day, detections: kept.text(day) }).collect();
    insert_days(tx, &rows)
}

/// What may have to be grouped otherwise.
#[derive(Debug)]
pub struct ToRegroup {
    /// Keys, each with a day: all alerts with that key that were active on that day.
    pub days_of_keys: BTreeSet<(i64, i64)>,
    pub alerts: Vec<i64>,
}

impl CorrelationIndex {
    /// Stores what has changed since the last call. The alerts are stored already. Returns what may have to be grouped
    /// otherwise.
    pub fn store(&mut self, tx: &mut Tx<'_>) -> Result<ToRegroup> {
        self.store_days(tx)?;
        move_to_ends(tx, &std::mem::take(&mut self.extended).into_iter().collect::<Vec<_>>())?;
        let points: Vec<PointRow> =
            std::mem::take(&mut self.new_points).into_iter().flat_map(|(alert, points)| rows(alert, points)).collect();
        insert(tx, &points)?;
        Ok(ToRegroup {
            days_of_keys: std::mem::take(&mut self.to_regroup),
            alerts: std::mem::take(&mut self.relinked).into_iter().collect(),
        })
    }

    fn store_days(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let mut rows = Vec::new();
        for (entity_id, changed) in std::mem::take(&mut self.dirty) {
            let Some(hours) = self.hours.get(&entity_id) else { continue };
            rows.extend(changed.days.iter().map(|day| DayRow { entity_id, day: *day, detections: hours.text(*day) }));
            let days = changed.days_that_reach_otherwise(hours);
            self.to_regroup.extend(days.into_iter().map(|day| (entity_id, day)));
        }
        insert_days(tx, &rows)
    }
}

fn insert_days(tx: &mut Tx<'_>, rows: &[DayRow]) -> Result<()> {
    use entity_days as d;
    for rows in rows.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(d::table)
            .values(rows)
            .on_conflict((d::entity_id, d::day))
            .do_update()
            .set(d::detections.eq(excluded(d::detections)))
            .execute(inner))?;
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, rows: &[PointRow]) -> Result<()> {
    for rows in rows.chunks(LISTED) {
        each!(tx.conn, inner => diesel::insert_into(link_points::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(inner))?;
    }
    Ok(())
}

impl ChangedDays {
    /// The days on which the key reaches further or less far than before.
    fn days_that_reach_otherwise(&self, now: &Hours) -> Vec<i64> {
        if !matches!(self.kind, LinkKind::Entity(_)) {
            return Vec::new();
        }
        let around = self.days.iter().flat_map(|day| day - MEMORY_DAYS..=day + MEMORY_DAYS);
        let around: BTreeSet<i64> = around.collect();
        let usual = |hours: &Hours, day: i64| hours.usual(day, self.kind.counts_near());
        let reach = |hours: &Hours, day: i64| self.kind.reach(usual(hours, day));
        around.into_iter().filter(|day| reach(&self.before, *day) != reach(now, *day)).collect()
    }
}

/// One row for each key and each end of the alert's activity.
fn rows(alert_id: i64, points: NewPoints) -> Vec<PointRow> {
    let NewPoints { mut keys, first, last, .. } = points;
    keys.sort_unstable();
    keys.dedup();
    let mut ends = vec![first, last];
    ends.dedup();
    keys.iter().flat_map(|key| ends.iter().map(|at| PointRow { key: *key, at: *at, alert_id })).collect()
}

/// Moves the points of stored alerts to the ends of their activity.
fn move_to_ends(tx: &mut Tx<'_>, extended: &[i64]) -> Result<()> {
    use alerts as a;
    use link_points as p;
    for extended in extended.chunks(LISTED) {
        let points: Vec<(i64, i64, i64, i64)> = p::table
            .inner_join(a::table)
            .filter(p::alert_id.eq_any(extended))
            .select((p::key, p::alert_id, a::first_activity, a::last_activity))
            .distinct()
            .load(tx.conn)?;
        diesel::delete(p::table.filter(p::alert_id.eq_any(extended))).execute(tx.conn)?;
        let moved = points.into_iter().flat_map(|(key, alert, first, last)| {
            rows(alert, NewPoints { keys: vec![key], first, last, of_stored: true })
        });
        insert(tx, &moved.collect::<Vec<_>>())?;
    }
    Ok(())
}
