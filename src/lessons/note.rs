//! What the owner of a detection should know of it: its numbers, the assets of its alerts, and what analysts noted when
//! they resolved its incidents.

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::lessons::rows::{AssetSum, Sums, asset_sums};
use crate::history::lessons::tally::Tally;
use crate::lessons::asked::Asked;
use crate::lessons::names;
use crate::lessons::numbers::Numbers;
use crate::lessons::report::{DetectionRow, report};
use crate::model::outcome::{Classification, Determination, Outcome};
use crate::queue;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::schema::{alerts, incidents};

/// Assets that are named.
const ASSETS: usize = 5;
/// Most alerts whose assets are counted.
const MOST_ALERTS: i64 = 50_000;
/// Resolution notes that are quoted, of the incidents of so many of the newest alerts.
const NOTES: usize = 5;
const NEWEST: i64 = 200;

/// What its owner should know of a detection.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub row: DetectionRow,
    /// The assets of most of its alerts, each with how many; empty for too many alerts.
    pub assets: Vec<(String, i64)>,
    /// Newest first.
    pub resolved: Vec<Resolved>,
}

/// An incident that was resolved with a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    pub incident: i64,
    /// Microseconds UTC.
    pub at: i64,
    pub outcome: Outcome,
    pub note: String,
}

/// The note about the alerts of a title from a source; none where the days have no such alerts.
pub fn note(conn: &mut AnyConnection, asked: &Asked, detection: (&str, &str), viewer: i64) -> Result<Option<Note>> {
    let (source, title) = detection;
    let rows = report(conn, asked, viewer)?.detections;
    let Some(row) = rows.into_iter().find(|row| row.source == source && row.title == title) else {
        return Ok(None);
    };
    let filter =
        Filter { title: title.to_owned(), source: source.to_owned(), ..asked.filter(List::Alerts, asked.days) };
    let assets = if row.counts.total() > MOST_ALERTS { Vec::new() } else { assets(conn, &filter, viewer)? };
    Ok(Some(Note { row, assets, resolved: resolved(conn, filter, viewer)? }))
}

fn assets(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Vec<(String, i64)>> {
    let Sums { columns, joins, ending } = asset_sums();
    let sums: Vec<AssetSum> = queue::aggregate(conn, filter, viewer, (&columns, joins, &ending))?.load(conn)?;
    let mut tally = Tally::default();
    for sum in &sums {
        tally.assets(sum);
    }
    let mut counted = Numbers::of(tally).assets;
    counted.truncate(ASSETS);
    let mut named = names::of_assets(conn, &counted.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    let name = |(id, counts): (i64, crate::model::lesson::Counts)| Some((named.remove(&id)?.1, counts.total()));
    Ok(counted.into_iter().filter_map(name).collect())
}

fn resolved(conn: &mut AnyConnection, filter: Filter, viewer: i64) -> Result<Vec<Resolved>> {
    let newest = queue::page_ids(conn, &Filter { limit: NEWEST, ..filter }, viewer)?;
    let within: Vec<i64> =
        alerts::table.filter(alerts::id.eq_any(newest)).select(alerts::incident_id).distinct().load(conn)?;
    let rows: Vec<(i64, Option<i64>, String, String, Option<String>)> = incidents::table
        .filter(incidents::id.eq_any(within))
        .filter(incidents::status.eq("resolved"))
        .filter(incidents::resolving_note.is_not_null())
        .order(incidents::resolved_at.desc())
        .limit(i64::try_from(NOTES).unwrap_or(0))
        .select((
            incidents::id,
            incidents::resolved_at,
            incidents::classification,
            incidents::determination,
            incidents::resolving_note,
        ))
        .load(conn)?;
    let view = |(incident, at, classification, determination, note): (_, Option<i64>, String, String, _)| Resolved {
        incident,
        at: at.unwrap_or_default(),
        outcome: Outcome {
            classification: Classification::parse(&classification).unwrap_or_default(),
            determination: Determination::parse(&determination).unwrap_or_default(),
        },
        note: Option::unwrap_or_default(note),
    };
    Ok(rows.into_iter().map(view).collect())
}
