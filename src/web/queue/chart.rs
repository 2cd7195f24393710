//! GET /incidents/chart: "Most recent incidents and alerts", the last 24 hours as bars and as a
//! table. A page of its own, and with `part=1` the part that the queue's script puts into the queue.

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

/// The width that an hour has in a drawing, and the height of the tallest bar.
const STEP: usize = 10;
const HEIGHT: i64 = 48;
/// Hours between two labels of the axis.
const LABELLED: usize = 6;

/// One bar.
struct Bar {
    x: usize,
    y: i64,
    height: i64,
    told: String,
}

/// One drawing.
struct Series {
    key: &'static str,
    label: &'static str,
    /// What it shows, in words.
    told: String,
    bars: Vec<Bar>,
}

/// One row of the table.
struct Row {
    begins: ShownTime,
    alerts: String,
    incidents: String,
}

/// The part.
#[derive(Template)]
#[template(path = "queue/_chart.html")]
struct Chart {
    series: [Series; 2],
    /// Beginnings of hours for the axis: machine-readable, and as shown.
    axis: Vec<(String, String)>,
    rows: Vec<Row>,
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
            .step_by(LABELLED)
            .map(|hour| (zone.show(hour.begins).iso, zone.time_of_day(hour.begins)))
            .collect(),
        rows: hours
            .iter()
            .rev()
            .map(|hour| Row {
                begins: zone.show(hour.begins),
                alerts: thousands(hour.alerts),
                incidents: thousands(hour.incidents),
            })
            .collect(),
    }
}

fn series(key: &'static str, label: &'static str, hours: &[Hour], zone: &Zone, value: impl Fn(&Hour) -> i64) -> Series {
    let (sum, most) = (hours.iter().map(&value).sum(), hours.iter().map(&value).max().unwrap_or(0));
    let bar = |(index, hour): (usize, &Hour)| {
        // Something is never drawn as nothing.
        let height = (value(hour) * HEIGHT / most.max(1)).max(1);
        let told = format!("From {}: {}", zone.time_of_day(hour.begins), thousands(value(hour)));
        Bar { x: index * STEP + 1, y: HEIGHT - height, height, told }
    };
    Series {
        key,
        label,
        told: match sum {
            0 => "none in 24 hours".to_owned(),
            sum => format!("{} in 24 hours, at most {} in an hour", thousands(sum), thousands(most)),
        },
        bars: hours.iter().enumerate().filter(|(_, hour)| value(hour) > 0).map(bar).collect(),
    }
}
