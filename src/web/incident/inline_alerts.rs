//! GET /incidents/{id}/inline-alerts: the open and gravest alerts of an incident, for an expanded row of the queue.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts::users;
use crate::incidents::lookup::find_incident;
use crate::incidents::overview;
use crate::text::thousands;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::state::AppState;

/// Alerts that an expanded row shows; the incident page lists all.
const LISTED: i64 = 20;

#[derive(Template)]
#[template(path = "queue/inline_alerts.html")]
struct InlineAlerts {
    layout: Layout,
    id: i64,
    alerts: Vec<AlertView>,
    /// "All 5,000 alerts"
    link_text: String,
}

pub async fn show(state: Data<AppState>, layout: Layout, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let (incident, alerts, people) = state
        .db
        .read(move |conn| {
            let incident = find_incident(conn, id)?;
            Ok((incident, overview::gravest_alerts(conn, id, LISTED)?, users::names(conn)?))
        })
        .await?;
    let link_text = match incident.alert_count {
        1 => "Open the alert on the incident page".to_owned(),
        count => format!("All {} alerts", thousands(count)),
    };
    let page = InlineAlerts {
        id,
        alerts: alerts.iter().map(|alert| AlertView::new(alert, &layout.zone, &people)).collect(),
        link_text,
        layout: layout.clone(),
    };
    layout.page(StatusCode::OK, &page)
}
