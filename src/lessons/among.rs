//! Numbers of what a filter finds, counted one by one with the very conditions of the lists, so that each number is
//! that of the list it leads to.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::lessons::rows::{AlertSum, AssetSum, IncidentFact, Sums, alert_sums, asset_sums};
use crate::history::lessons::tally::{Detection, Tally};
use crate::lessons::asked::{Asked, Days};
use crate::lessons::numbers::Numbers;
use crate::model::incident::Status;
use crate::model::outcome::Classification;
use crate::queue;
use crate::queue::list::List;

#[derive(QueryableByName)]
struct IncidentRow {
    #[diesel(sql_type = BigInt)]
    created_at: i64,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    classification: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    assigned_to: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    assigned_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    commented_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    resolved_at: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    reopened: Option<i64>,
}

/// The numbers of some days, of what the filter finds; `viewer` is who "me" is.
pub(super) fn numbers(conn: &mut AnyConnection, asked: &Asked, days: Days, viewer: i64) -> Result<Numbers> {
    let mut tally = Tally::default();
    let repeats = count_alerts(conn, asked, days, viewer, &mut tally)?;
    count_assets(conn, asked, days, viewer, &mut tally)?;
    count_incidents(conn, asked, days, viewer, &mut tally)?;
    Ok(Numbers { repeats, ..Numbers::of(tally) })
}

/// Only those that are compared with other days: detections and incidents.
pub(super) fn compared(conn: &mut AnyConnection, asked: &Asked, days: Days, viewer: i64) -> Result<Numbers> {
    let mut tally = Tally::default();
    count_alerts(conn, asked, days, viewer, &mut tally)?;
    count_incidents(conn, asked, days, viewer, &mut tally)?;
    Ok(Numbers::of(tally))
}

/// Returns how many repeats the alerts have.
fn count_alerts(
    conn: &mut AnyConnection,
    asked: &Asked,
    days: Days,
    viewer: i64,
    tally: &mut Tally,
) -> Result<BTreeMap<Detection, i64>> {
    let Sums { columns, joins, ending } = alert_sums();
    let filter = asked.filter(List::Alerts, days);
    let sums: Vec<AlertSum> = queue::aggregate(conn, &filter, viewer, (&columns, joins, &ending))?.load(conn)?;
    let mut repeats = BTreeMap::new();
    for sum in sums {
        if sum.repeats > 0 {
            *repeats.entry(Detection::of(&sum)).or_default() += sum.repeats;
        }
        tally.alerts(sum);
    }
    Ok(repeats)
}

fn count_assets(conn: &mut AnyConnection, asked: &Asked, days: Days, viewer: i64, tally: &mut Tally) -> Result<()> {
    let Sums { columns, joins, ending } = asset_sums();
    let filter = asked.filter(List::Alerts, days);
    let sums: Vec<AssetSum> = queue::aggregate(conn, &filter, viewer, (&columns, joins, &ending))?.load(conn)?;
    for sum in &sums {
        tally.assets(sum);
    }
    Ok(())
}

fn count_incidents(conn: &mut AnyConnection, asked: &Asked, days: Days, viewer: i64, tally: &mut Tally) -> Result<()> {
    let columns = "i.created_at AS created_at, i.status AS status, i.classification AS classification, \
                   i.assigned_to AS assigned_to, w.assigned_at AS assigned_at, w.commented_at AS commented_at, \
                   w.resolved_at AS resolved_at, w.reopened AS reopened";
    let joins = "LEFT JOIN incident_work w ON w.incident_id = i.id";
    let filter = asked.filter(List::Incidents, days);
    let rows: Vec<IncidentRow> = queue::aggregate(conn, &filter, viewer, (columns, joins, ""))?.load(conn)?;
    for row in rows {
        tally.incident(&IncidentFact {
            created_at: row.created_at,
            status: Status::parse(&row.status).unwrap_or(Status::Active),
            classification: Classification::parse(&row.classification).unwrap_or_default(),
            assigned_to: row.assigned_to,
            assigned_at: row.assigned_at,
            commented_at: row.commented_at,
            resolved_at: row.resolved_at,
            reopened: row.reopened,
        });
    }
    Ok(())
}
