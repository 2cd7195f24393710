//! The pages that are measured, and the bare SQL beside each: what looks up the page's incidents, and
//! three columns of them.

use std::time::{Duration, Instant};

use diesel::prelude::*;

use crate::bench::queue::server::Client;
use crate::clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::model::lesson::day;
use crate::queue;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::schema::{alerts, history, incidents, lesson_detections};

/// How often a page is requested; the median counts.
const TIMES: usize = 15;
/// Times below this count as this much: they are fast enough.
pub const FLOOR: Duration = Duration::from_millis(1);
/// The queue's page that counts as deep.
const DEEP: usize = 40;

/// The queue as asked: a name to print, and the query string.
pub const QUEUE: [(&str, &str); 37] = [
    ("default", ""),
    ("status=active", "status=active"),
    ("status=resolved", "status=resolved"),
    ("everything", "status=all&severity=all&range=all"),
    ("severity=high", "severity=high"),
    ("alertSeverity", "alertSeverity=high"),
    ("assignedTo=me", "assignedTo=me"),
    ("assignedTo=none", "assignedTo=none"),
    ("assignedTo=cleo", "assignedTo=cleo"),
    ("classification", "classification=truePositive"),
    ("determination", "determination=notMalicious&status=resolved"),
    ("tag common", "tag=Phishing+wave"),
    ("tag rare", "tag=Rare+tag"),
    ("tags all of", "tag=VIP&tag=Finance&tagMatch=all"),
    ("category", "category=Execution"),
    ("serviceSource", "serviceSource=microsoftSentinel"),
    ("detectionSource", "detectionSource=cloudAppSecurity"),
    ("product", "product=Sentinel"),
    ("technique", "technique=T1110.003"),
    ("multipleSources=yes", "multipleSources=yes"),
    ("multipleSources=no", "multipleSources=no"),
    ("multipleCategories", "multipleCategories=no"),
    ("allAlertsResolved", "allAlertsResolved=yes"),
    ("device common part", "device=branch"),
    ("device rare", "device=lab39"),
    ("user", "user=user12"),
    ("entity", "entity=tool1999"),
    ("range=1d", "range=1d"),
    ("q part of a name", "q=encoded"),
    ("q device", "q=web-00001"),
    ("q nothing", "q=nowhere-to-be-found"),
    ("sort=-severity", "sort=-severity"),
    ("sort=name,all", "sort=name&status=all&severity=all&range=all"),
    ("sort=id,all", "sort=id&status=all&severity=all&range=all"),
    ("category,all", "category=Execution&status=all&severity=all&range=all"),
    ("user,all", "user=user12&status=all&severity=all&range=all"),
    ("q two letters", "q=42"),
];

/// The same of the list of alerts.
pub const ALERTS: [(&str, &str); 24] = [
    ("alerts", ""),
    ("alerts, all", "status=all&range=all"),
    ("alerts, resolved", "status=resolved"),
    ("alerts severity", "severity=high"),
    ("alerts severity,all", "severity=high&status=all&range=all"),
    ("alerts of me", "assignedTo=me"),
    ("alerts of nobody", "assignedTo=none"),
    ("alerts classified", "classification=truePositive&status=all"),
    ("alerts determination", "determination=malware&status=all"),
    ("alerts category", "category=Execution"),
    ("alerts product,all", "product=Sentinel&status=all&range=all"),
    ("alerts technique", "technique=T1110.003"),
    ("alerts device", "device=branch"),
    ("alerts device rare", "device=lab39&status=all&range=all"),
    ("alerts user,all", "user=user12&status=all&range=all"),
    ("alerts entity", "entity=tool1999"),
    ("alerts title", "title=Encoded+command+line"),
    ("alerts q title", "q=encoded&status=all&range=all"),
    ("alerts q device", "q=web-00001&status=all&range=all"),
    ("alerts q nothing", "q=nowhere-to-be-found&status=all&range=all"),
    ("alerts q an ID", "q=4242&status=all&range=all"),
    ("alerts range=1d", "range=1d&sort=-severity"),
    ("alerts by severity", "sort=-severity&status=all&range=all"),
    ("alerts by activity", "sort=-lastActivity&status=all&range=all"),
];

/// Lessons: what is kept by day, and what is counted one by one.
const LESSONS: [(&str, &str); 3] = [
    ("lessons, 90 days", "/lessons?range=90d"),
    ("lessons, a week", "/lessons?range=7d"),
    ("lessons of one user", "/lessons?range=7d&user=user12"),
];

/// The measured times of a page, medians of [`TIMES`].
#[derive(Debug, Clone)]
pub struct Measured {
    pub name: String,
    /// Over HTTP, plain and compressed.
    pub plain: Duration,
    pub compressed: Duration,
    pub bytes: (usize, usize),
    pub bare: Duration,
}

impl Measured {
    /// How many times its bare SQL it takes, with the floor.
    pub fn ratio(&self) -> f64 {
        self.plain.as_secs_f64() / self.bare.max(FLOOR).as_secs_f64()
    }
}

/// Measures the queue's pages, a deep one, the search for `one` by its ID, and the pages of the large
/// incident.
pub fn measure(db: &Db, client: &Client, viewer: i64, large: i64, one: i64) -> Result<Vec<Measured>> {
    let mut all = Vec::new();
    for (name, query) in QUEUE {
        all.push(list_page(db, client, viewer, name, &filter_of(List::Incidents, query), "/incidents", query)?);
    }
    for (name, query) in ALERTS {
        all.push(list_page(db, client, viewer, name, &filter_of(List::Alerts, query), "/alerts", query)?);
    }
    let everything = "status=all&severity=all&range=all";
    if let Some(deep) = deep(db, viewer, everything)? {
        let filter = filter_of(List::Incidents, &deep);
        all.push(list_page(db, client, viewer, "deep page", &filter, "/incidents", &deep)?);
    }
    let by_id = format!("q={one}");
    let filter = filter_of(List::Incidents, &by_id);
    all.push(list_page(db, client, viewer, "q an ID", &filter, "/incidents", &by_id)?);
    let id = large.to_string();
    all.push(page(client, "large incident", &format!("/incidents/{id}/summary"), || bare_incident(db, large))?);
    all.push(page(client, "its attack story", &format!("/incidents/{id}"), || bare_incident(db, large))?);
    let step = format!("/incidents/{id}?lanes=asset&step=300&kind=device");
    all.push(page(client, "a step of its story", &step, || bare_incident(db, large))?);
    all.push(page(client, "its alerts", &format!("/incidents/{id}/alerts"), || bare_alerts(db, large))?);
    let ungrouped = format!("/incidents/{id}/alerts?grouped=no&sort=-severity");
    all.push(page(client, "its alerts by severity", &ungrouped, || bare_alerts(db, large))?);
    all.push(page(client, "its evidence", &format!("/incidents/{id}/evidence"), || bare_incident(db, large))?);
    for (name, path) in LESSONS {
        all.push(page(client, name, path, || bare_lessons(db))?);
    }
    all.push(page(client, "its pane", &format!("/incidents/{id}/pane"), || bare_incident(db, large))?);
    Ok(all)
}

/// The query of a page far down.
fn deep(db: &Db, viewer: i64, query: &str) -> Result<Option<String>> {
    let mut filter = filter_of(List::Incidents, query);
    for _ in 0..DEEP {
        match db.read_now(|conn| queue::load(conn, &filter, viewer))?.next {
            Some(next) => filter.after = Some(next),
            None => return Ok(None),
        }
    }
    let pairs = filter.to_pairs();
    Ok(Some(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()))
}

fn filter_of(list: List, query: &str) -> Filter {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    Filter::from_pairs(list, &pairs).0
}

fn list_page(
    db: &Db,
    client: &Client,
    viewer: i64,
    name: &str,
    filter: &Filter,
    path: &str,
    query: &str,
) -> Result<Measured> {
    page(client, name, &format!("{path}?{query}"), || {
        db.read_now(|conn| {
            let ids = queue::page_ids(conn, filter, viewer)?;
            let rows: Vec<(i64, String, String)> = if filter.list.is_of_alerts() {
                let rows = alerts::table.filter(alerts::id.eq_any(ids));
                rows.select((alerts::id, alerts::title, alerts::assets)).load(conn)?
            } else {
                let rows = incidents::table.filter(incidents::id.eq_any(ids));
                rows.select((incidents::id, incidents::name, incidents::scope)).load(conn)?
            };
            Ok(rows.len())
        })
    })
}

fn bare_incident(db: &Db, id: i64) -> Result<usize> {
    db.read_now(|conn| {
        let names: Vec<(String, String)> =
            incidents::table.find(id).select((incidents::name, incidents::scope)).load(conn)?;
        let entries: Vec<(i64, String)> = history::table
            .filter(history::incident_id.eq(id))
            .order(history::revision.desc())
            .limit(50)
            .select((history::id, history::detail))
            .load(conn)?;
        Ok(names.len() + entries.len())
    })
}

fn bare_lessons(db: &Db) -> Result<usize> {
    let first = day(clock::now()) - 90;
    db.read_now(|conn| {
        let rows: Vec<(i64, String, i64, i64)> = lesson_detections::table
            .filter(lesson_detections::day.gt(first))
            .select((
                lesson_detections::day,
                lesson_detections::title,
                lesson_detections::not_set,
                lesson_detections::false_positive,
            ))
            .load(conn)?;
        Ok(rows.len())
    })
}

fn bare_alerts(db: &Db, id: i64) -> Result<usize> {
    db.read_now(|conn| {
        let rows: Vec<(i64, String, String)> = alerts::table
            .filter(alerts::incident_id.eq(id))
            .order((alerts::first_activity, alerts::id))
            .limit(100)
            .select((alerts::id, alerts::title, alerts::assets))
            .load(conn)?;
        Ok(rows.len())
    })
}

pub(super) fn page(client: &Client, name: &str, path: &str, bare: impl Fn() -> Result<usize>) -> Result<Measured> {
    let (mut plain, mut compressed, mut bares) = (Vec::new(), Vec::new(), Vec::new());
    let mut bytes = (0, 0);
    for _ in 0..TIMES {
        for (small, times) in [(false, &mut plain), (true, &mut compressed)] {
            let answer = client.get(path, small)?;
            if answer.status != 200 {
                return Err(Error::internal(format!("{path} was answered with {}", answer.status)));
            }
            times.push(answer.took);
            if small { bytes.1 = answer.bytes } else { bytes.0 = answer.bytes }
        }
        let begun = Instant::now();
        bare()?;
        bares.push(begun.elapsed());
    }
    let name = name.to_owned();
    Ok(Measured { name, plain: median(plain), compressed: median(compressed), bytes, bare: median(bares) })
}

/// The median.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Assigns some incidents to the client's user, so that "assigned to me" is not empty.
pub fn claim(client: &Client, ids: &[i64]) -> Result<()> {
    for id in ids {
        client.post(&format!("/incidents/{id}/assign-to-me"), &[])?;
    }
    Ok(())
}

/// How long it takes to give an ordinary incident another status, the median of several.
pub fn status_change(client: &Client, ids: &[i64]) -> Result<Duration> {
    let mut times = Vec::new();
    for id in ids {
        for status in ["inProgress", "active"] {
            let begun = Instant::now();
            let answer = client.post(&format!("/incidents/{id}"), &[("status", status)])?;
            if answer.status().as_u16() != 303 {
                return Err(Error::internal(format!("a status change was answered with {}", answer.status())));
            }
            times.push(begun.elapsed());
        }
    }
    Ok(median(times))
}
