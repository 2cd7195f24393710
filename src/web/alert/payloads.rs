//! GET /alerts/{id}/payloads: what an alert came with, each time that its source changed it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::alerts::lookup::find_alert;
use crate::history::payloads;
use crate::model::alert::Alert;
use crate::operations::edit_alert;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::payload::{PayloadView, shown};
use crate::web::shared::query;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

/// A payload in the list.
struct PayloadRow {
    number: i64,
    when: ShownTime,
    /// Empty where it was not noted.
    sender: String,
    /// Only the beginning was kept.
    cut: bool,
    is_present: bool,
    /// Present if the request asks for it.
    payload: Option<PayloadView>,
}

#[derive(Template)]
#[template(path = "alert/payloads.html")]
struct PayloadsPage {
    layout: Layout,
    alert: Alert,
    /// Latest first.
    rows: Vec<PayloadRow>,
}

impl PayloadsPage {
    fn active(&self) -> &'static str {
        "alerts"
    }
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let wanted = query::value(&request, "number").and_then(|number| number.parse::<i64>().ok());
    let read = state.db.read(move |conn| {
        let (alert, earlier) = (find_alert(conn, id)?, payloads::earlier(conn, id)?);
        let (text, received_at) = edit_alert::payload(conn, id)?;
        let present = (text, received_at, payloads::sender(conn, id)?);
        let text = match wanted.filter(|number| earlier.iter().any(|one| one.number == *number)) {
            Some(number) => Some(payloads::earlier_text(conn, id, number)?.1),
            None => None,
        };
        Ok((alert, earlier, present, text))
    });
    let (alert, earlier, (present, received_at, sender), mut text) = read.await?;
    let number = earlier.first().map_or(1, |latest| latest.number + 1);
    let mut rows = vec![PayloadRow {
        number,
        when: layout.zone.show(received_at),
        sender,
        cut: false,
        is_present: true,
        payload: (wanted == Some(number)).then(|| shown(&present)),
    }];
    rows.extend(earlier.into_iter().map(|one| PayloadRow {
        number: one.number,
        when: layout.zone.show(one.received_at),
        sender: one.sender,
        cut: one.cut,
        is_present: false,
        payload: text.take_if(|_| wanted == Some(one.number)).map(|text| shown(&text)),
    }));
    let page = PayloadsPage { layout, alert, rows };
    page.layout.page(StatusCode::OK, &page)
}
