//! GET /settings/sources: what sends alerts, and whether it still does.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::alerts::sources::{self, Source, State};
use crate::clock::{self, DAY, HOUR, MINUTE};
use crate::web::error::Failure;
use crate::web::forms::Submitted;
use crate::web::guard::SignedIn;
use crate::web::layout::{Layout, see_other};
use crate::web::moment::Moment;
use crate::web::state::AppState;

/// Hours that one bar of the trend stands for, the width it takes and the height there is.
const BAR_HOURS: usize = 4;
const BAR_WIDTH: usize = 4;
const HEIGHT: i64 = 22;

/// A source as shown.
struct Row {
    source: Source,
    last: Option<(String, Moment)>,
    state: String,
    /// Wants somebody to look.
    warns: bool,
    /// The outline of the trend's bars, as an SVG path, and the same in words.
    bars: String,
    bars_told: String,
}

#[derive(Template)]
#[template(path = "settings/sources.html")]
struct SourcesPage {
    layout: Layout,
    rows: Vec<Row>,
    silent: usize,
}

impl SourcesPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    /// Which entry of the settings' own navigation this page is.
    fn section(&self) -> &'static str {
        "sources"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let rows: Vec<Row> = state.db.read(sources::list).await?.into_iter().map(|source| row(source, &layout)).collect();
    let page = SourcesPage {
        silent: rows.iter().filter(|row| matches!(row.source.state, State::Silent(_))).count(),
        rows,
        layout,
    };
    let layout = page.layout.clone();
    layout.page(StatusCode::OK, &page)
}

/// POST /settings/sources/forget: a source that is gone for good leaves the list.
pub async fn forget(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (name, actor) = (form.text("name").to_owned(), person.actor());
    let told = format!("{name} is no longer watched. It comes back with its next alert.");
    state.db.write(move |tx| sources::forget(tx, &actor, &name)).await?;
    state.attention.expire();
    Ok(see_other("/settings/sources", Some(&told)))
}

fn row(source: Source, layout: &Layout) -> Row {
    let now = clock::now();
    let state = match source.state {
        State::Silent(silence) => format!("Silent for {}", span(silence)),
        State::NothingTaken => "Nothing taken yet".to_owned(),
        State::Receiving => "Receiving".to_owned(),
        State::Imported => "Imported".to_owned(),
    };
    let (bars, bars_told) = bars(&source.trend);
    Row {
        last: source.last_alert.map(|at| (ago(now - at), layout.zone.show(at))),
        warns: matches!(source.state, State::Silent(_) | State::NothingTaken),
        state,
        bars,
        bars_told,
        source,
    }
}

fn bars(trend: &[i64]) -> (String, String) {
    let sums: Vec<i64> = trend.chunks(BAR_HOURS).map(|hours| hours.iter().sum()).collect();
    let most = sums.iter().copied().max().unwrap_or(0);
    let mut path = String::new();
    for (index, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum > 0) {
        // Something is never drawn as nothing.
        let height = (sum * HEIGHT / most.max(1)).max(2);
        let _ = write!(path, "M{} {HEIGHT}v-{height}h3v{height}z", index * BAR_WIDTH);
    }
    let told = match most {
        0 => "No alerts in the last 7 days".to_owned(),
        _ => format!(
            "Alerts over the last 7 days: at most {most} in four hours, {} in the latest four",
            sums.last().unwrap_or(&0)
        ),
    };
    (path, told)
}

/// A length of time in its largest unit.
fn span(micros: i64) -> String {
    let (count, unit) = match micros {
        _ if micros >= 2 * DAY => (micros / DAY, "day"),
        _ if micros >= HOUR => (micros / HOUR, "hour"),
        _ => (micros / MINUTE, "minute"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

fn ago(micros: i64) -> String {
    if micros < MINUTE { "just now".to_owned() } else { format!("{} ago", span(micros)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_their_largest_unit() {
        assert_eq!(ago(10), "just now");
        assert_eq!(ago(HOUR), "1 hour ago");
        assert_eq!(span(30 * HOUR), "30 hours");
        assert_eq!(span(3 * DAY + HOUR), "3 days");
    }

    #[test]
    fn a_trend_is_drawn_and_told() {
        let mut trend = vec![0; 168];
        assert_eq!(bars(&trend), (String::new(), "No alerts in the last 7 days".to_owned()));
        trend[0] = 1_000;
        trend[167] = 1;
        let (path, told) = bars(&trend);
        assert_eq!(path, "M0 22v-22h3v22zM164 22v-2h3v2z");
        assert!(told.contains("at most 1000") && told.ends_with("1 in the latest four"), "{told}");
    }
}
