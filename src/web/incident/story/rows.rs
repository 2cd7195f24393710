//! The lines of the timeline as the page shows them.

use crate::incidents::story::read::{Story, StoryAlert};
use crate::incidents::story::rows::{Row, length};
use crate::model::severity::Severity;
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::text::{counted, humanise, thousands};
use crate::web::incident::story::names::{NameView, assets};
use crate::web::incident::story::query::StoryQuery;
use crate::web::shared::time_format::{ShownTime, Zone};
use crate::web::shared::{paths, queue_links};

/// Lines on one page.
pub const PAGE: usize = 100;
/// Alerts that a line of repeats lists.
const LISTED: usize = 20;

/// An alert that a line of repeats lists.
#[derive(Debug, Clone)]
pub struct RepeatView {
    pub id: i64,
    pub href: String,
    pub at: ShownTime,
    pub status: &'static str,
}

/// A line of the timeline.
#[derive(Debug, Clone)]
pub struct RowView {
    /// Its number among all lines, from 1.
    pub number: usize,
    /// The day, where the line before is of another.
    pub day: Option<String>,
    /// "3 days without alerts".
    pub gap: Option<String>,
    pub first: ShownTime,
    pub time: String,
    /// The time of the last of several.
    pub until: Option<(ShownTime, String)>,
    pub title: String,
    pub severity: Severity,
    /// The address of its alert; of several: of the first.
    pub href: String,
    pub evidence_href: String,
    /// "12 times".
    pub count: Option<String>,
    pub repeats: Vec<RepeatView>,
    /// How many repeats are not listed, and the list of all.
    pub more_repeats: Option<(String, String)>,
    pub assets: Vec<NameView>,
    pub more_assets: usize,
    pub category: String,
    pub category_href: String,
    pub status: String,
    pub status_value: &'static str,
    /// The graph up to this line.
    pub step_href: String,
    /// It is the line up to which the graph is drawn.
    pub is_step: bool,
}

/// The lines of a page.
pub fn row_views(asked: &StoryQuery, story: &Story, rows: &[Row], zone: &Zone) -> Vec<RowView> {
    let mut day = String::new();
    let page = rows.iter().zip(1..).skip(asked.skip).take(PAGE);
    page.filter_map(|(row, number)| {
        let opening = row.opening(story)?;
        let mut view = row_view(asked, story, (row, number), opening, zone);
        view.day = Some(view.first.day.clone()).filter(|this| *this != day);
        day.clone_from(&view.first.day);
        Some(view)
    })
    .collect()
}

fn row_view(
    asked: &StoryQuery,
    story: &Story,
    (row, number): (&Row, usize),
    opening: &StoryAlert,
    zone: &Zone,
) -> RowView {
    let (assets, more_assets) = assets(story, opening);
    let (status, status_value) = status(story, row, opening);
    let time = zone.time_of_day(row.first);
    let until = (zone.show(row.last), zone.time_of_day(row.last));
    let href = paths::alert(opening.id);
    RowView {
        number,
        day: None,
        gap: row.gap.map(|gap| format!("{} without alerts", length(gap))),
        first: zone.show(row.first),
        until: Some(until)
            .filter(|(shown, text)| row.alerts.len() > 1 && (*text != time || shown.day != zone.show(row.first).day)),
        time,
        title: opening.title.clone(),
        severity: Severity::of_alerts(row.of(story).map(|alert| alert.severity)).unwrap_or_default(),
        evidence_href: paths::alert_evidence(opening.id),
        href,
        count: count(row, opening),
        repeats: if row.alerts.len() > 1 { repeats(story, row, zone) } else { Vec::new() },
        more_repeats: more_repeats(asked.incident, row, opening),
        assets,
        more_assets,
        category: humanise(&opening.category),
        category_href: asked.with(|other| other.chosen.categories = vec![opening.category.clone()]),
        status,
        status_value,
        step_href: format!("{}#story-graph", asked.at(|other| other.step = Some(number))),
        is_step: asked.step == Some(number),
    }
}

/// How often it happened: by alerts, or as its one alert counts it.
fn count(row: &Row, opening: &StoryAlert) -> Option<String> {
    match (row.alerts.len(), opening.occurrences) {
        (1, ..2) => None,
        (1, times) => Some(format!("seen {} times", thousands(times))),
        (alerts, _) => Some(format!("{} times", thousands(alerts))),
    }
}

fn repeats(story: &Story, row: &Row, zone: &Zone) -> Vec<RepeatView> {
    let view = |alert: &StoryAlert| RepeatView {
        id: alert.id,
        href: paths::alert(alert.id),
        at: zone.show(alert.first),
        status: alert.status.label(),
    };
    row.of(story).take(LISTED).map(view).collect()
}

fn more_repeats(incident: i64, row: &Row, opening: &StoryAlert) -> Option<(String, String)> {
    let more = row.alerts.len().checked_sub(LISTED).filter(|more| *more > 0)?;
    let all = Filter { title: opening.title.clone(), ..Filter::of(List::AlertsOf(incident)) };
    Some((counted(thousands(more), "more alert"), queue_links::href(&all)))
}

fn status(story: &Story, row: &Row, opening: &StoryAlert) -> (String, &'static str) {
    let open = row.of(story).filter(|alert| alert.is_open()).count();
    if open == 0 || row.of(story).all(|alert| alert.status == opening.status) {
        return (opening.status.label().to_owned(), opening.status.as_str());
    }
    (format!("{} of {} open", thousands(open), thousands(row.alerts.len())), "inProgress")
}
