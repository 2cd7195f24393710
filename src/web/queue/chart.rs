//! GET /incidents/chart: the alerts and incidents of the last 24 hours, as bars and as a table. With
//! `part=1` without the page around it, for the script of the queue.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::queue::activity::{self, Hour};
use crate::text::thousands;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

/// The width of an hour, and the height of the tallest bar.
const HOUR_WIDTH: usize = 10;
const CHART_HEIGHT: i64 = 48;
/// Hours between two labels of the axis.
const HOURS_PER_LABEL: usize = 6;

/// One bar.
struct Bar {
    x: usize,
    y: i64,
    height: i64,
    title: String,
}

/// The bars of one kind.
struct Series {
    key: &'static str,
    label: &'static str,
    /// "12 in 24 hours, at most 3 in an hour"
    summary: String,
    bars: Vec<Bar>,
}

/// A row of the table.
struct HourRow {
    begins: ShownTime,
    alerts: String,
    incidents: String,
}

#[derive(Template)]
#[template(path = "queue/_chart.html")]
struct Chart {
    series: [Series; 2],
    /// The labels of the axis: ISO time and text.
    axis: Vec<(String, String)>,
    rows: Vec<HourRow>,
}

#[derive(Template)]
#[template(path = "queue/chart.html")]
struct ChartPage {
    layout: Layout,
    chart: Chart,
}

impl ChartPage {
    fn active(&self) -> &'static str {
        "incidents"
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let hours = state.db.read(activity::last_day).await?;
    let chart = chart(&hours, &layout.zone);
    if query::value(&request, "part").is_some() {
        return layout.page(StatusCode::OK, &chart);
    }
    let page = ChartPage { layout, chart };
    page.layout.page(StatusCode::OK, &page)
}

fn chart(hours: &[Hour], zone: &Zone) -> Chart {
    Chart {
        series: [
            series("alerts", "Alerts received", hours, zone, |hour| hour.alerts),
            series("incidents", "Incidents created", hours, zone, |hour| hour.incidents),
        ],
        axis: hours
            .iter()
            .step_by(HOURS_PER_LABEL)
            .map(|hour| (zone.show(hour.begins).iso, zone.time_of_day(hour.begins)))
            .collect(),
        rows: hours
            .iter()
            .rev()
            .map(|hour| HourRow {
                begins: zone.show(hour.begins),
                alerts: thousands(hour.alerts),
                incidents: thousands(hour.incidents),
            })
            .collect(),
    }
}

fn series(key: &'static str, label: &'static str, hours: &[Hour], zone: &Zone, value: impl Fn(&Hour) -> i64) -> Series {
    let (sum, max) = (hours.iter().map(&value).sum(), hours.iter().map(&value).max().unwrap_or(0));
    let bar = |(index, hour): (usize, &Hour)| {
        // At least one pixel, so that it is visible.
        let height = (value(hour) * CHART_HEIGHT / max.max(1)).max(1);
        let title = format!("From {}: {}", zone.time_of_day(hour.begins), thousands(value(hour)));
        Bar { x: index * HOUR_WIDTH + 1, y: CHART_HEIGHT - height, height, title }
    };
    Series {
        key,
        label,
        summary: match sum {
            0 => "none in 24 hours".to_owned(),
            sum => format!("{} in 24 hours, at most {} in an hour", thousands(sum), thousands(max)),
        },
        bars: hours.iter().enumerate().filter(|(_, hour)| value(hour) > 0).map(bar).collect(),
    }
}
