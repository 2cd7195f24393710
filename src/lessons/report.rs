//! What the page and the files show of the numbers.

use std::collections::{BTreeMap, HashMap};

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::lessons::tally::Detection;
use crate::lessons::asked::{Asked, Days};
use crate::lessons::numbers::{ASSETS, Numbers};
use crate::lessons::share::{Share, share};
use crate::lessons::times::Times;
use crate::lessons::{among, kept, names};
use crate::model::lesson::{Counts, Measure};
use crate::model::user::User;
use crate::queue;
use crate::queue::filter::Filter;
use crate::queue::list::List;

/// Most alerts of the days that are counted one by one, where a filter is set.
pub const MOST_COUNTED: i64 = 300_000;
/// What an alert takes where too little was assigned and resolved to work it out, in minutes.
pub const USUAL_MINUTES: i64 = 5;
/// Fewest incidents that say what an alert takes.
const FEWEST_WORKED: i64 = 5;
/// Most rules that are listed to tune.
const TO_TUNE: usize = 10;
/// A rule is plainly to be tuned where at least this share of its decided alerts was harmless, at the low end.
pub const PLAINLY: f64 = 0.5;

/// Alerts of one title from one source.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionRow {
    pub source: String,
    pub title: String,
    pub counts: Counts,
    /// Repeats that were counted as one of its alerts.
    pub repeats: i64,
    /// Alerts in as many days before.
    pub before: i64,
    /// False positives among what was decided; none where too little was.
    pub false_positives: Option<Share>,
    /// What its harmless alerts took, in minutes.
    pub minutes: i64,
}

/// A rule to tune, with an alert that a rule is filled in from.
#[derive(Debug, Clone, PartialEq)]
pub struct ToTune {
    pub row: DetectionRow,
    /// Harmless ones among what was decided.
    pub harmless: Share,
    pub alert: Option<i64>,
}

/// A source, a tactic or an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What a filter takes.
    pub value: String,
    pub name: String,
    /// Of an asset: device, user, mailbox.
    pub kind: String,
    pub counts: Counts,
}

/// A person with the incidents that are theirs, or nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalystRow {
    pub person: Option<User>,
    pub counts: Counts,
    pub resolve: Times,
}

/// What Lessons shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub asked: Asked,
    /// Days of UTC with their alerts, the days without alerts, too.
    pub days: Vec<(i64, Counts)>,
    pub alerts: Counts,
    pub repeats: i64,
    pub alerts_before: i64,
    pub incidents: Counts,
    pub incidents_before: i64,
    pub detections: Vec<DetectionRow>,
    pub to_tune: Vec<ToTune>,
    pub sources: Vec<Row>,
    pub tactics: Vec<Row>,
    pub assets: Vec<Row>,
    /// Whether there are more assets than are listed.
    pub more_assets: bool,
    pub analysts: Vec<AnalystRow>,
    /// To assign, to the first comment, to resolve.
    pub times: Vec<(Measure, Times)>,
    pub reopened: i64,
    /// What an alert takes, in tenths of a minute, and whether that was worked out from these days.
    pub tenths_per_alert: i64,
    pub minutes_are_measured: bool,
    /// The days have too many alerts to count with a filter; nothing is counted then.
    pub too_much: bool,
}

/// Reads what is asked for; `viewer` is who "me" is.
pub fn report(conn: &mut AnyConnection, asked: &Asked, viewer: i64) -> Result<Report> {
    let (days, before) = (asked.days, asked.days.before());
    let too_much = asked.is_filtered() && kept::alerts(conn, days)?.max(kept::alerts(conn, before)?) > MOST_COUNTED;
    let (now, then) = if too_much {
        (Numbers::default(), Numbers::default())
    } else if asked.is_filtered() {
        (among::numbers(conn, asked, days, viewer)?, among::compared(conn, asked, before, viewer)?)
    } else {
        (kept::numbers(conn, days)?, kept::compared(conn, before)?)
    };
    let measured = measured_tenths(&now);
    let tenths_per_alert = measured.unwrap_or(10 * USUAL_MINUTES);
    let detections = detections(&now, &then, tenths_per_alert);
    Ok(Report {
        asked: asked.clone(),
        days: (days.first..=days.last).map(|day| (day, now.days.get(&day).copied().unwrap_or_default())).collect(),
        alerts: now.alerts(),
        repeats: now.repeats.values().sum(),
        alerts_before: then.alerts().total(),
        incidents: now.incidents(),
        incidents_before: then.incidents().total(),
        to_tune: to_tune(conn, asked, &detections, viewer)?,
        detections,
        sources: rows(now.detections.iter().map(|(detection, counts)| (detection.source.as_str(), counts))),
        tactics: rows(now.detections.iter().map(|(detection, counts)| (detection.category.as_str(), counts))),
        assets: assets(conn, &now)?,
        more_assets: now.assets.len() > ASSETS,
        analysts: analysts(conn, &now)?,
        times: [Measure::Assign, Measure::Comment, Measure::Resolve]
            .map(|measure| (measure, Times::of(&now.times, measure, None)))
            .to_vec(),
        reopened: Times::of(&now.times, Measure::Reopen, None).incidents,
        tenths_per_alert,
        minutes_are_measured: measured.is_some(),
        too_much,
    })
}

/// What an alert takes: the average work of an incident over the average number of alerts of one. In tenths of a minute.
fn measured_tenths(numbers: &Numbers) -> Option<i64> {
    let work = numbers.times.iter().filter(|((measure, ..), _)| *measure == Measure::Work);
    let (mut minutes, mut worked) = (0, 0);
    for ((_, _, each), incidents) in work {
        minutes += each * incidents;
        worked += incidents;
    }
    let (alerts, incidents) = (numbers.alerts().total(), numbers.incidents().total());
    // With fewer alerts than incidents, each incident counts as one alert.
    (worked >= FEWEST_WORKED && alerts > 0).then(|| rounded(10 * minutes * incidents, worked * alerts.max(incidents)))
}

/// A quotient of what is not negative, to the nearest whole number.
fn rounded(of: i64, by: i64) -> i64 {
    of.saturating_add(by / 2) / by.max(1)
}

/// By source and title, those with most alerts first.
fn detections(now: &Numbers, then: &Numbers, tenths_per_alert: i64) -> Vec<DetectionRow> {
    let (counted, before) = (by_rule(now), by_rule(then));
    let repeats = repeats_by_rule(now);
    let row = |((source, title_key), counts): (&(&str, &str), &Counts)| DetectionRow {
        source: (*source).to_owned(),
        title: now.titles.get(*title_key).map_or(*title_key, String::as_str).to_owned(),
        counts: *counts,
        repeats: repeats.get(&(*source, *title_key)).copied().unwrap_or(0),
        before: before.get(&(*source, *title_key)).map_or(0, |counts| counts.total()),
        false_positives: share(counts.false_positive, counts.decided()),
        minutes: rounded(counts.harmless() * tenths_per_alert, 10),
    };
    let mut rows: Vec<DetectionRow> = counted.iter().map(row).collect();
    rows.sort_by_key(|row| (-row.counts.total(), row.title.clone(), row.source.clone()));
    rows
}

fn by_rule(numbers: &Numbers) -> BTreeMap<(&str, &str), Counts> {
    let mut rules: BTreeMap<(&str, &str), Counts> = BTreeMap::new();
    for (Detection { source, title_key, .. }, counts) in &numbers.detections {
        rules.entry((source, title_key)).or_default().add(*counts);
    }
    rules
}

fn repeats_by_rule(numbers: &Numbers) -> BTreeMap<(&str, &str), i64> {
    let mut rules: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for (Detection { source, title_key, .. }, repeats) in &numbers.repeats {
        *rules.entry((source, title_key)).or_default() += repeats;
    }
    rules
}

/// The rules most of whose alerts were plainly harmless, by the minutes that these took.
fn to_tune(conn: &mut AnyConnection, asked: &Asked, detections: &[DetectionRow], viewer: i64) -> Result<Vec<ToTune>> {
    let mut rules: Vec<(&DetectionRow, Share)> = detections
        .iter()
        .filter_map(|row| Some((row, share(row.counts.harmless(), row.counts.decided())?)))
        .filter(|(_, share)| share.low >= PLAINLY)
        .collect();
    rules.sort_by_key(|(row, _)| (-row.minutes, row.title.clone(), row.source.clone()));
    rules.truncate(TO_TUNE);
    let alert = |conn: &mut AnyConnection, row: &DetectionRow| {
        let (title, source) = (row.title.clone(), row.source.clone());
        let filter = Filter { title, source, limit: 1, ..asked.filter(List::Alerts, asked.days) };
        queue::page_ids(conn, &filter, viewer)
    };
    rules
        .into_iter()
        .map(|(row, harmless)| {
            let alert = alert(conn, row)?.first().copied();
            Ok(ToTune { row: row.clone(), harmless, alert })
        })
        .collect()
}

/// By a value, which is its own name; alerts without one are in no row.
fn rows<'n>(counted: impl Iterator<Item = (&'n str, &'n Counts)>) -> Vec<Row> {
    let mut by_value: BTreeMap<&str, Counts> = BTreeMap::new();
    for (value, counts) in counted.filter(|(value, _)| !value.is_empty()) {
        by_value.entry(value).or_default().add(*counts);
    }
    let row = |(value, counts): (&str, Counts)| {
        let (value, name) = (value.to_owned(), value.to_owned());
        Row { value, name, kind: String::new(), counts }
    };
    let mut rows: Vec<Row> = by_value.into_iter().map(row).collect();
    rows.sort_by_key(|row| -row.counts.total());
    rows
}

fn assets(conn: &mut AnyConnection, numbers: &Numbers) -> Result<Vec<Row>> {
    let ids: Vec<i64> = numbers.assets.iter().take(ASSETS).map(|(id, _)| *id).collect();
    let mut named: HashMap<i64, (String, String)> = names::of_assets(conn, &ids)?;
    let row = |(id, counts): &(i64, Counts)| {
        let (kind, name) = named.remove(id).unwrap_or_default();
        Row { value: id.to_string(), name, kind, counts: *counts }
    };
    Ok(numbers.assets.iter().take(ASSETS).map(row).collect())
}

fn analysts(conn: &mut AnyConnection, numbers: &Numbers) -> Result<Vec<AnalystRow>> {
    let mut people = users::names(conn)?;
    let row = |(owner, counts): (&i64, &Counts)| AnalystRow {
        person: people.remove(owner),
        counts: *counts,
        resolve: Times::of(&numbers.times, Measure::Resolve, Some(*owner)),
    };
    let mut rows: Vec<AnalystRow> = numbers.incidents.iter().map(row).collect();
    // Nobody comes last.
    rows.sort_by_key(|row| (row.person.is_none(), -row.counts.total()));
    Ok(rows)
}

impl Report {
    /// The list that shows what a number counts: alerts or incidents of these days.
    pub fn filter(&self, list: List) -> Filter {
        self.asked.filter(list, self.asked.days)
    }

    /// The same of as many days before.
    pub fn filter_before(&self, list: List) -> Filter {
        self.asked.filter(list, self.asked.days.before())
    }

    /// What an alert takes: "5.0".
    pub fn minutes_per_alert(&self) -> String {
        format!("{}.{}", self.tenths_per_alert / 10, self.tenths_per_alert % 10)
    }

    pub fn days_before(&self) -> Days {
        self.asked.days.before()
    }
}
