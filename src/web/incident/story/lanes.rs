//! The table of alerts by time and by tactic or asset, each of whose parts is a link to these alerts.

use crate::clock;
use crate::incidents::story::lanes::{Cell, Lane, LaneBy, LaneKey, Lanes};
use crate::incidents::story::read::Story;
use crate::model::severity::Severity;
use crate::text::{humanise, thousands};
use crate::web::incident::story::names::{alerts_counted, shown_name};
use crate::web::incident::story::query::StoryQuery;
use crate::web::shared::time_format::{ShownTime, Zone};

/// A column: a part of the time.
#[derive(Debug, Clone)]
pub struct ColumnView {
    pub href: String,
    pub begins: ShownTime,
    /// The day, where the column before is of another.
    pub day: Option<String>,
    /// Empty where columns are days.
    pub time: String,
}

/// Some alerts of a lane in one column.
#[derive(Debug, Clone)]
pub struct CellView {
    pub href: String,
    pub count: String,
    pub severity: Severity,
    /// "3 alerts, worst High".
    pub label: String,
}

#[derive(Debug, Clone)]
pub struct LaneView {
    pub label: String,
    pub href: String,
    pub alerts: String,
    pub cells: Vec<Option<CellView>>,
}

#[derive(Debug, Clone)]
pub struct LanesView {
    /// The choices of lanes: label, address, whether it is the current one.
    pub by: Vec<(&'static str, String, bool)>,
    /// What its rows are: "Tactic", "Asset".
    pub head: &'static str,
    pub columns: Vec<ColumnView>,
    pub lanes: Vec<LaneView>,
    pub more: usize,
}

impl LanesView {
    pub fn new(asked: &StoryQuery, story: &Story, lanes: Lanes, zone: &Zone) -> Self {
        let by = LaneBy::ALL.iter().map(|&by| {
            let to = asked.at(|other| other.lanes = by);
            (by.label(), format!("{to}#story-lanes"), by == asked.lanes)
        });
        Self {
            by: by.collect(),
            head: if asked.lanes == LaneBy::Tactic { "Tactic" } else { "Asset" },
            columns: column_views(asked, &lanes.columns, zone),
            lanes: lanes.lanes.iter().map(|lane| lane_view(asked, story, lane, &lanes.columns)).collect(),
            more: lanes.more,
        }
    }
}

fn column_views(asked: &StoryQuery, columns: &[(i64, i64)], zone: &Zone) -> Vec<ColumnView> {
    let mut day = String::new();
    let are_days = columns.first().is_some_and(|(from, to)| to - from >= clock::DAY - 1);
    let view = |column: &(i64, i64)| {
        let begins = zone.show(column.0);
        let other_day = begins.day != day;
        day.clone_from(&begins.day);
        ColumnView {
            href: asked.with(|other| zoom(other, *column)),
            day: Some(begins.day.clone()).filter(|_| other_day),
            time: if are_days { String::new() } else { zone.time_of_day(column.0) },
            begins,
        }
    };
    columns.iter().map(view).collect()
}

fn zoom(asked: &mut StoryQuery, (from, to): (i64, i64)) {
    asked.within.from = Some(from);
    asked.within.to = Some(to);
}

fn choose(asked: &mut StoryQuery, key: &LaneKey) {
    match key {
        LaneKey::Category(category) => asked.chosen.categories = vec![category.clone()],
        LaneKey::Asset(id) => asked.chosen.entity = Some(*id),
    }
}

fn lane_view(asked: &StoryQuery, story: &Story, lane: &Lane, columns: &[(i64, i64)]) -> LaneView {
    let label = match &lane.key {
        LaneKey::Category(category) if category.is_empty() => "No category".to_owned(),
        LaneKey::Category(category) => humanise(category),
        LaneKey::Asset(id) => story.entities.get(id).map(shown_name).unwrap_or_default(),
    };
    let cell = |(cell, column): (&Cell, &(i64, i64))| {
        (cell.alerts > 0).then(|| CellView {
            href: asked.with(|other| {
                choose(other, &lane.key);
                zoom(other, *column);
            }),
            count: thousands(cell.alerts),
            severity: cell.worst,
            label: format!("{}, worst {}", alerts_counted(cell.alerts), cell.worst.label()),
        })
    };
    LaneView {
        href: asked.with(|other| choose(other, &lane.key)),
        alerts: thousands(lane.alerts),
        cells: lane.cells.iter().zip(columns).map(cell).collect(),
        label,
    }
}
