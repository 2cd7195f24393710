//! GET /lessons: the tables of a time.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::lessons::report::MOST_COUNTED;
use crate::lessons::{Asked, Days, Report, report};
use crate::model::lesson::Handled;
use crate::queue::filter::{Ignored, Why};
use crate::queue::list::List;
use crate::text::thousands;
use crate::web::lessons::bars::{Bars, bars};
use crate::web::lessons::figures::{self, AnalystView, CountRow, DetectionView, TimesView, TuneView};
use crate::web::lessons::form::{Form, form};
use crate::web::lessons::links::{Number, counts};
use crate::web::shared::error::Failure;
use crate::web::shared::ignored_parameters::{self, IgnoredView};
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

/// All alerts or all incidents, and how they compare.
struct Total {
    label: &'static str,
    numbers: Vec<Number>,
    trend: String,
}

/// Names and their counts.
struct CountTable {
    label: &'static str,
    /// The heading of the names.
    of: &'static str,
    rows: Vec<CountRow>,
    note: String,
}

#[derive(Template)]
#[template(path = "lessons/page.html")]
struct LessonsPage {
    layout: Layout,
    list: IgnoredList,
    form: Form,
    first: String,
    last: String,
    /// The days that trends compare with.
    before: String,
    /// Whether they have any alerts or incidents.
    has_before: bool,
    totals: [Total; 2],
    /// Repeats that were counted as one alert: "1,204"; empty for none.
    repeats: String,
    bars: Bars,
    to_tune: Vec<TuneView>,
    detections: Vec<DetectionView>,
    more_detections: usize,
    tables: [CountTable; 3],
    analysts: Vec<AnalystView>,
    times: Vec<TimesView>,
    reopened: Number,
    minutes_per_alert: String,
    minutes_are_measured: bool,
    too_much: bool,
    /// The query of the files.
    query: String,
}

/// The notices of what is not followed, where their template looks for them.
struct IgnoredList {
    ignored: Vec<IgnoredView>,
}

impl LessonsPage {
    fn active(&self) -> &'static str {
        "lessons"
    }

    fn most_counted(&self) -> String {
        thousands(MOST_COUNTED)
    }

    /// Whether there is nothing to show.
    fn is_empty(&self) -> bool {
        self.detections.is_empty() && self.analysts.is_empty()
    }
}

/// What the address asks, without what means nothing.
pub(super) fn asked(conn: &mut AnyConnection, pairs: &[(String, String)]) -> Result<(Asked, Vec<Ignored>)> {
    let (mut asked, mut ignored) = Asked::from_pairs(pairs);
    let people = users::list(conn)?;
    asked.pairs.retain(|(name, value)| {
        let known = name != "assignedTo"
            || matches!(value.to_lowercase().as_str(), "me" | "none")
            || people.iter().any(|user| user.name.eq_ignore_ascii_case(value));
        if !known {
            ignored.push(Ignored::new(name, value, Why::Unknown));
        }
        known
    });
    Ok((asked, ignored))
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
) -> std::result::Result<HttpResponse, Failure> {
    let (pairs, viewer) = (query::pairs(&request), layout.user.id);
    let read = state.db.read(move |conn| {
        let (asked, ignored) = asked(conn, &pairs)?;
        Ok((report(conn, &asked, viewer)?, form(conn, &asked)?, ignored))
    });
    let (report, form, ignored) = read.await?;
    let page = page(layout.clone(), &report, form, &ignored);
    layout.page(StatusCode::OK, &page)
}

fn page(layout: Layout, report: &Report, form: Form, ignored: &[Ignored]) -> LessonsPage {
    let before = report.days_before();
    let pairs = report.asked.to_pairs();
    LessonsPage {
        list: IgnoredList { ignored: ignored_parameters::views(ignored) },
        form,
        first: Days::text(report.asked.days.first),
        last: Days::text(report.asked.days.last),
        before: format!("{} to {}", Days::text(before.first), Days::text(before.last)),
        has_before: figures::has_before(report),
        totals: totals(report),
        repeats: if report.repeats > 0 { thousands(report.repeats) } else { String::new() },
        bars: bars(report),
        to_tune: figures::to_tune(report, &layout.here),
        detections: figures::detections(report),
        more_detections: report.detections.len().saturating_sub(figures::DETECTIONS),
        tables: tables(report),
        analysts: figures::analysts(report),
        times: figures::times(report),
        reopened: figures::handled(report, report.reopened, Handled::Reopened),
        minutes_per_alert: report.minutes_per_alert(),
        minutes_are_measured: report.minutes_are_measured,
        too_much: report.too_much,
        query: query::link("", pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        layout,
    }
}

fn totals(report: &Report) -> [Total; 2] {
    [
        Total {
            label: "Alerts",
            numbers: counts(report, List::Alerts, report.alerts, |_| ()),
            trend: figures::trend(report, report.alerts.total(), report.alerts_before),
        },
        Total {
            label: "Incidents",
            numbers: counts(report, List::Incidents, report.incidents, |_| ()),
            trend: figures::trend(report, report.incidents.total(), report.incidents_before),
        },
    ]
}

fn tables(report: &Report) -> [CountTable; 3] {
    let more_assets = if report.more_assets { "Only the assets of most alerts are listed." } else { "" };
    [
        CountTable { label: "Sources", of: "Source", rows: figures::sources(report), note: String::new() },
        CountTable {
            label: "Tactics",
            of: "Tactic",
            rows: figures::tactics(report),
            note: "Alerts without a category are in no row.".to_owned(),
        },
        CountTable { label: "Assets", of: "Asset", rows: figures::assets(report), note: more_assets.to_owned() },
    ]
}
