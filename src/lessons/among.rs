//! Numbers of what a filter finds, counted one by one with the very conditions of the lists, so that each number is
//! that of the list it leads to.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::clock::DAY;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::lessons::rows::IncidentFact;
use crate::history::lessons::tally::{Detection, Tally};
use crate::lessons::asked::{Asked, Days};
use crate::lessons::numbers::Numbers;
use crate::model::facet::facet_key;
use crate::model::incident::Status;
use crate::model::lesson::Counts;
use crate::model::outcome::Classification;
use crate::queue;
use crate::queue::list::List;

#[derive(QueryableByName)]
struct AlertSum {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = Text)]
    title_key: String,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    classification: String,
    #[diesel(sql_type = BigInt)]
    alerts: i64,
}

#[derive(QueryableByName)]
struct AssetSum {
    #[diesel(sql_type = BigInt)]
    entity: i64,
    #[diesel(sql_type = Text)]
    classification: String,
    #[diesel(sql_type = BigInt)]
    alerts: i64,
}

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
    count_alerts(conn, asked, days, viewer, &mut tally)?;
    count_assets(conn, asked, days, viewer, &mut tally)?;
    count_incidents(conn, asked, days, viewer, &mut tally)?;
    Ok(Numbers::of(tally))
}

/// Only those that are compared with other days: detections and incidents.
pub(super) fn compared(conn: &mut AnyConnection, asked: &Asked, days: Days, viewer: i64) -> Result<Numbers> {
    let mut tally = Tally::default();
    count_alerts(conn, asked, days, viewer, &mut tally)?;
    count_incidents(conn, asked, days, viewer, &mut tally)?;
    Ok(Numbers::of(tally))
}

fn count_alerts(conn: &mut AnyConnection, asked: &Asked, days: Days, viewer: i64, tally: &mut Tally) -> Result<()> {
    let day = format!("i.created_at / {DAY}");
    let columns = format!(
        "{day} AS day, i.source AS source, i.category AS category, i.title_key AS title_key, MIN(i.title) AS title, \
         i.classification AS classification, COUNT(*) AS alerts"
    );
    let ending = format!("GROUP BY {day}, i.source, i.category, i.title_key, i.classification");
    let filter = asked.filter(List::Alerts, days);
    let rows: Vec<AlertSum> = queue::aggregate(conn, &filter, viewer, (&columns, "", &ending))?.load(conn)?;
    for row in rows {
        tally.titles.entry(row.title_key.clone()).or_insert(row.title);
        let (source, category) = (row.source, facet_key(&row.category));
        let detection = Detection { source, category, title_key: row.title_key };
        tally.detections.entry((row.day, detection)).or_default().add(counts(&row.classification, row.alerts));
    }
    Ok(())
}

fn count_assets(conn: &mut AnyConnection, asked: &Asked, days: Days, viewer: i64, tally: &mut Tally) -> Result<()> {
    let columns = "e.entity_id AS entity, i.classification AS classification, COUNT(*) AS alerts";
    let joins = "JOIN evidence e ON e.alert_id = i.id \
                 JOIN entities n ON n.id = e.entity_id AND n.links AND n.kind IN ('device', 'user', 'mailbox')";
    let filter = asked.filter(List::Alerts, days);
    let ending = "GROUP BY e.entity_id, i.classification";
    let rows: Vec<AssetSum> = queue::aggregate(conn, &filter, viewer, (columns, joins, ending))?.load(conn)?;
    for row in rows {
        tally.asset(row.entity, days.first * DAY, counts(&row.classification, row.alerts));
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

fn counts(classification: &str, count: i64) -> Counts {
    Counts::of(Classification::parse(classification).unwrap_or_default(), count)
}
