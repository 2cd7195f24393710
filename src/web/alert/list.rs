//! GET /alerts: the alerts queue.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::alerts::overview::{self, AlertFilter};
use crate::model::alert::AlertStatus;
use crate::model::severity::Severity;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::query;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "alert/list.html")]
struct AlertsPage {
    layout: Layout,
    alerts: Vec<AlertView>,
    statuses: Vec<(&'static str, &'static str, bool)>,
    severities: Vec<(&'static str, &'static str, bool)>,
    q: String,
    next_href: Option<String>,
    first_href: Option<String>,
}

impl AlertsPage {
    fn active(&self) -> &'static str {
        "alerts"
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let pairs = query::pairs(&request);
    let filter = parse(&pairs);
    let requested = filter.clone();
    let (alerts, next, people) = state
        .db
        .read(move |conn| {
            let (alerts, next) = overview::queue(conn, &requested)?;
            Ok((alerts, next, users::names(conn)?))
        })
        .await?;
    let page = AlertsPage {
        alerts: alerts.iter().map(|alert| AlertView::new(alert, &layout.zone, &people)).collect(),
        statuses: AlertStatus::ALL
            .iter()
            .map(|status| (status.as_str(), status.label(), filter.status.contains(status)))
            .collect(),
        severities: Severity::HIGHEST_FIRST
            .iter()
            .map(|severity| (severity.as_str(), severity.label(), filter.severity.contains(severity)))
            .collect(),
        next_href: next.map(|(at, id)| link(&pairs, Some(format!("{at}.{id}")))),
        first_href: filter.after.map(|_| link(&pairs, None)),
        q: filter.q,
        layout,
    };
    page.layout.page(StatusCode::OK, &page)
}

/// Without a status in the query: new and in progress, as in Defender.
fn parse(pairs: &[(String, String)]) -> AlertFilter {
    let values =
        |name: &'static str| pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str());
    let asked = |status: &AlertStatus| values("status").any(|value| AlertStatus::parse(value) == Some(*status));
    let mut status: Vec<AlertStatus> = AlertStatus::ALL.iter().copied().filter(asked).collect();
    if status.is_empty() && !values("status").any(|value| value == "all") {
        status = vec![AlertStatus::New, AlertStatus::InProgress];
    }
    AlertFilter {
        status,
        severity: Severity::HIGHEST_FIRST
            .into_iter()
            .filter(|severity| values("severity").any(|value| Severity::parse(value) == Some(*severity)))
            .collect(),
        q: values("q").next().unwrap_or_default().trim().chars().take(200).collect(),
        after: values("after")
            .next()
            .and_then(|text| text.split_once('.'))
            .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?))),
    }
}

fn link(pairs: &[(String, String)], after: Option<String>) -> String {
    let kept = pairs.iter().filter(|(name, _)| name != "after").map(|(name, value)| (name.as_str(), value.as_str()));
    let mut link = query::link("/alerts", kept);
    if let Some(after) = after {
        let _ = write!(link, "{}after={after}", if link.contains('?') { '&' } else { '?' });
    }
    link
}
