//! POST /alerts/move: moves alerts to another incident. Also the form for it, which
//! /incidents/{id}/move shows as well (R10).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::users;
use crate::alerts::lookup;
use crate::error::FieldErrors;
use crate::history::operation_log;
use crate::incidents::lookup::find_incident;
use crate::model::conflict::MovedMeanwhile;
use crate::operations::move_alerts::{self, Move, Moved, REASONS, Target};
use crate::queue::target;
use crate::secrets::random_hex;
use crate::text::counted;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Refused, Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done};
use crate::web::shared::paths;
use crate::web::shared::state::AppState;
use crate::web::shared::target_view::{self, TargetView};

#[derive(Template)]
#[template(path = "alert/move.html")]
struct MovePage {
    layout: Layout,
    incident: Option<(i64, String)>,
    alerts: Vec<AlertView>,
    /// The incident that each alert is in: the form tells that this is where it is moved from.
    from: Vec<i64>,
    reasons: [&'static str; 6],
    form: Submitted,
    errors: FieldErrors,
    /// Who moved some of these alerts meanwhile, and where.
    moved_meanwhile: Vec<MovedMeanwhile>,
    return_to: String,
    idempotency_key: String,
    targets: Vec<TargetView>,
    targets_label: &'static str,
}

impl MovePage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn typed(&self, field: &str) -> &str {
        self.form.text(field)
    }

    fn is(&self, field: &str, value: &str) -> bool {
        self.form.text(field) == value
    }
}

pub async fn submit(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let mut request = Move {
        alerts: form.ids("alerts"),
        from: form.ids("from"),
        target: if form.get("new_incident").is_some() { Target::New } else { Target::Typed(target_view::named(&form)) },
        reason: form.text("reason").to_owned(),
        comment: form.text("comment").trim().to_owned(),
        form: String::new(),
    };
    request.form = operation_log::form_key(&form.idempotency_key(), &request);
    let actor = person.actor();
    let moved = match checked {
        Ok(()) => state.db.write(move |tx| move_alerts::move_alerts(tx, &actor, &request)).await,
        Err(error) => Err(error),
    };
    match moved {
        Ok(Moved { target, count, operation }) => {
            let notice = format!("{} moved to incident {target}.", counted(count, "alert"));
            let back = form.return_to(&paths::incident_tab(target, "alerts"));
            Ok(done(&back, &notice, Some(operation)))
        }
        Err(error) => {
            let (status, refused) = Refused::new(form, error, false)?;
            let back = refused.form.return_to("/incidents");
            page(&state, layout, refused, status, back).await
        }
    }
}

/// The form, with what was typed and what is wrong with it.
pub async fn page(
    state: &AppState,
    layout: Layout,
    refused: Refused,
    status: StatusCode,
    return_to: String,
) -> Result<HttpResponse, Failure> {
    let Refused { form, errors, conflict, .. } = refused;
    let ids = form.ids("alerts");
    let (viewer, typed) = (layout.user.id, form.text("target").to_owned());
    let targets_label = target_view::label(&typed);
    let (alerts, people, incident, found) = state
        .db
        .read(move |conn| {
            let alerts = lookup::oldest_first(conn, &ids, move_alerts::LIMIT)?;
            let incident = match alerts.first() {
                Some(alert) => Some(find_incident(conn, alert.incident_id)?),
                None => None,
            };
            let mut from: Vec<i64> = alerts.iter().map(|alert| alert.incident_id).collect();
            from.dedup();
            let found = target::candidates(conn, &typed, &from, viewer)?;
            Ok((alerts, users::names(conn)?, incident, found))
        })
        .await?;
    let page = MovePage {
        incident: incident.map(|incident| (incident.id, incident.name)),
        from: alerts.iter().map(|alert| alert.incident_id).collect(),
        alerts: alerts.iter().map(|alert| AlertView::new(alert, &layout.zone, &people)).collect(),
        moved_meanwhile: conflict.map(|conflict| conflict.moved).unwrap_or_default(),
        reasons: REASONS,
        targets: target_view::views(&found, &layout.zone, form.text("related")),
        targets_label,
        form,
        errors,
        return_to,
        idempotency_key: random_hex(16)?,
        layout,
    };
    page.layout.page(status, &page)
}
