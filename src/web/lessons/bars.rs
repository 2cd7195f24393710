//! The alerts of each day as bars, and as a table.

use crate::lessons::{Days, Report};
use crate::model::outcome::Classification;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::text::thousands;
use crate::web::lessons::links::{COLUMNS, Number, number};

/// The width of a day, and the height of the tallest bar.
const WIDTH: usize = 10;
const HEIGHT: i64 = 90;
/// About as many labels stand below.
const LABELS: usize = 4;

/// A part of a day's bar.
pub struct Bar {
    pub x: usize,
    pub y: i64,
    pub height: i64,
    /// The class of its classification.
    pub class: &'static str,
    pub title: String,
}

pub struct DayRow {
    pub day: String,
    pub numbers: Vec<Number>,
}

/// What the picture shows.
pub struct Bars {
    pub width: usize,
    pub parts: Vec<Bar>,
    pub labels: Vec<String>,
    /// "120 in 30 days, at most 12 a day"
    pub summary: String,
    /// Days with alerts, the latest first.
    pub rows: Vec<DayRow>,
}

pub fn bars(report: &Report) -> Bars {
    let most = report.days.iter().map(|(_, counts)| counts.total()).max().unwrap_or(0);
    let mut parts = Vec::new();
    for (index, (day, counts)) in report.days.iter().enumerate() {
        let mut top = HEIGHT;
        for classification in COLUMNS {
            let count = counts.get(classification);
            if count == 0 {
                continue;
            }
            // At least one pixel, so that it is visible.
            let height = (count * HEIGHT / most.max(1)).max(1);
            top -= height;
            let title = format!("{}: {} {}", Days::text(*day), thousands(count), classification.label());
            parts.push(Bar { x: index * WIDTH + 1, y: top, height, class: class(classification), title });
        }
    }
    let step = report.days.len().div_ceil(LABELS).max(1);
    Bars {
        width: report.days.len() * WIDTH,
        parts,
        labels: report.days.iter().step_by(step).map(|(day, _)| Days::text(*day)).collect(),
        summary: format!(
            "{} in {} days, at most {} a day",
            thousands(report.alerts.total()),
            report.days.len(),
            thousands(most)
        ),
        rows: rows(report),
    }
}

/// The class of a classification's colour.
pub fn class(classification: Classification) -> &'static str {
    match classification {
        Classification::TruePositive => "lesson-true",
        Classification::InformationalExpectedActivity => "lesson-informational",
        Classification::FalsePositive => "lesson-false",
        Classification::Unknown => "lesson-unset",
    }
}

fn rows(report: &Report) -> Vec<DayRow> {
    let row = |(day, counts): &(i64, crate::model::lesson::Counts)| {
        let filter = report.asked.filter(List::Alerts, Days { first: *day, last: *day });
        let classified = |classification: &Classification| {
            let filter = Filter { classification: vec![*classification], ..filter.clone() };
            number(counts.get(*classification), &filter)
        };
        let total = number(counts.total(), &filter);
        DayRow {
            day: Days::text(*day),
            numbers: std::iter::once(total).chain(COLUMNS.iter().map(classified)).collect(),
        }
    };
    report.days.iter().rev().filter(|(_, counts)| counts.total() > 0).map(row).collect()
}
