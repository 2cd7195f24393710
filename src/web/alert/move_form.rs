//! GET /alerts/move?alerts=1&alerts=2: the form that moves the selected alerts, of whatever incidents, which
//! /incidents/{id}/move shows as well. POST /alerts/move: moves them to another incident (R10).

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::users;
use crate::alerts::lookup;
use crate::error::{Error, FieldErrors};
use crate::history::operation_log;
use crate::incidents::lookup::find_incident;
use crate::model::conflict::MovedMeanwhile;
use crate::operations::move_alerts::{self, Move, Moved, REASONS, Target};
use crate::queue::target::{self, Moving};
use crate::secrets::random_hex;
use crate::text::counted;
use crate::web::shared::alert_view::AlertView;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Refused, Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::paths;
use crate::web::shared::state::AppState;
use crate::web::shared::target_view::{self, TargetList};

#[derive(Template)]
#[template(path = "alert/move.html")]
struct MovePage {
    layout: Layout,
    /// The incident that all of them are in.
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
    targets: TargetList,
}

impl MovePage {
    fn active(&self) -> &'static str {
        if self.incident.is_some() { "incidents" } else { "alerts" }
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn typed(&self, field: &str) -> &str {
        self.form.text(field)
    }

    /// Where the alerts come from: "incident 7 Name", "3 incidents".
    fn origin(&self) -> String {
        match &self.incident {
            Some((id, name)) => format!("incident {id} {name}"),
            None => counted(self.from.iter().collect::<BTreeSet<_>>().len(), "incident"),
        }
    }

    fn moves_to_new(&self) -> bool {
        moves_to_new(&self.form)
    }

    fn is(&self, field: &str, value: &str) -> bool {
        self.form.text(field) == value
    }
}

pub async fn show(request: HttpRequest, state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let form = Submitted::parse(request.query_string().as_bytes());
    let back = form.return_to("/alerts");
    open(&state, layout, form, back).await
}

/// The form for alerts that were selected on the page `back`.
pub async fn open(state: &AppState, layout: Layout, form: Submitted, back: String) -> Result<HttpResponse, Failure> {
    if !layout.can_edit() {
        return Err(Error::Forbidden("Only analysts, leads and administrators can move alerts.").into());
    }
    form.within_limits()?;
    if form.ids("alerts").is_empty() {
        return Ok(see_other(&back, Some("Select at least one alert first.")));
    }
    page(state, layout, Refused { form, ..Refused::default() }, StatusCode::OK, back).await
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
        target: target(&form),
        reason: form.text("reason").to_owned(),
        comment: form.text("comment").trim().to_owned(),
        form: String::new(),
    };
    request.form = operation_log::form_key(&form.idempotency_key(), &request);
    let actor = person.actor();
    let moved = match checked.and_then(|()| refuse_both(&form)) {
        Ok(()) => state.db.write(move |tx| move_alerts::move_alerts(tx, &actor, &request)).await,
        Err(error) => Err(error),
    };
    match moved {
        Ok(moved) => {
            let back = form.return_to(&paths::incident_tab(moved.target, "alerts"));
            Ok(done(&back, &notice(&moved), Some(moved.operation)))
        }
        Err(error) => {
            let (status, refused) = Refused::new(form, error, false)?;
            let back = refused.form.return_to("/alerts");
            page(&state, layout, refused, status, back).await
        }
    }
}

/// Whether "New incident" is chosen, or asked for by its parameter.
fn moves_to_new(form: &Submitted) -> bool {
    form.get("new_incident").is_some() || form.text("related") == target_view::NEW
}

fn target(form: &Submitted) -> Target {
    if moves_to_new(form) { Target::New } else { Target::Typed(target_view::named(form)) }
}

/// Refuses a form that names an incident while "New incident" is chosen, which a script prevents.
fn refuse_both(form: &Submitted) -> Result<(), Error> {
    let names_both = form.text("related") == target_view::NEW && !form.text("target").trim().is_empty();
    if names_both {
        let message = "You entered an incident and chose New incident. Clear this field, or choose an incident below.";
        return Err(Error::at_field("target", message));
    }
    Ok(())
}

/// "2 alerts moved to incident 61 and assigned to Ana Lima."
fn notice(moved: &Moved) -> String {
    let Moved { target, count, assigned, owner, .. } = moved;
    let what = format!("{} moved to incident {target}", counted(count, "alert"));
    match *assigned {
        0 => format!("{what}."),
        all if all == *count => format!("{what} and assigned to {owner}."),
        1 => format!("{what}. 1 of them was assigned to {owner}."),
        some => format!("{what}. {some} of them were assigned to {owner}."),
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
    let (alerts, people, incident, found) = state
        .db
        .read(move |conn| {
            let alerts = lookup::oldest_first(conn, &ids, move_alerts::LIMIT)?;
            let from: BTreeSet<i64> = alerts.iter().map(|alert| alert.incident_id).collect();
            let from: Vec<i64> = from.into_iter().collect();
            let incident = match from.as_slice() {
                [only] => Some(find_incident(conn, *only)?),
                _ => None,
            };
            let moved: Vec<i64> = alerts.iter().map(|alert| alert.id).collect();
            let found = target::candidates(conn, &typed, Moving { from: &from, alerts: &moved }, viewer)?;
            Ok((alerts, users::names(conn)?, incident, found))
        })
        .await?;
    let page = MovePage {
        incident: incident.map(|incident| (incident.id, incident.name)),
        from: alerts.iter().map(|alert| alert.incident_id).collect(),
        alerts: alerts.iter().map(|alert| AlertView::new(alert, &layout.zone, &people)).collect(),
        moved_meanwhile: conflict.map(|conflict| conflict.moved).unwrap_or_default(),
        reasons: REASONS,
        targets: TargetList::new(form.text("target"), &found, &layout.zone, form.text("related")),
        form,
        errors,
        return_to,
        idempotency_key: random_hex(16)?,
        layout,
    };
    page.layout.page(status, &page)
}
