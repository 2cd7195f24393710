//! POST /alerts/bulk: changes the selected alerts, of whatever incidents, with a form and a preview before that.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::db::Tx;
use crate::error::{Error, FieldErrors};
use crate::operations::bulk_alerts::{AlertsEdit, Outcomes, SO_ALREADY, edit_alerts, preview};
use crate::operations::done::Done;
use crate::operations::{jobs, move_alerts};
use crate::queue;
use crate::text::{counted, thousands};
use crate::web::alert::bulk_form::{self, Selected};
use crate::web::alert::selection::Selection;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::resolved_notice::changed_notice;
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, query};

const ASSIGN_TO_ME: &str = "assign-to-me";

/// The value of "Assigned to" that changes no owner. An empty value unassigns, as in the manage form.
const UNCHANGED: &str = "*";

pub async fn submit(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    Typed { mut form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    if !layout.can_edit() {
        return Err(Error::Forbidden("Only analysts, leads and administrators can change incidents and alerts.").into());
    }
    let selection = Selection::from_form(&form)?;
    let (by_filter, viewer) = (selection.by_filter(), person.user.id);
    let (ids, newest) =
        state.db.read(move |conn| Ok((selection.ids(conn, viewer)?, queue::newest_entry(conn)?))).await?;
    if ids.is_empty() {
        let notice =
            if by_filter { "No alert matches the filter any more." } else { "Select at least one alert first." };
        return Ok(see_other(&form.return_to("/alerts"), Some(notice)));
    }
    if let Some(path) = leads_to(&form) {
        return open_form(path, &ids, &form.return_to("/alerts"));
    }
    // What does not fit on a page of the queue is previewed first.
    let needs_preview = by_filter || ids.len() > jobs::AT_ONCE;
    let selected = Selected { ids, by_filter, needs_preview, newest_seen: form.text("seen").parse().unwrap_or(newest) };
    if let Err(error) = checked {
        return refuse(&state, layout, form, selected, error).await;
    }
    let action = form.text("act").to_owned();
    if action == ASSIGN_TO_ME {
        form.set("assigned_to", &person.user.name);
    }
    if matches!(action.as_str(), "manage" | "manage-all") {
        return bulk_form::show(&state, layout, form, selected, FieldErrors::default(), StatusCode::OK).await;
    }
    if action == "preview" || (needs_preview && action != "apply") {
        return show_preview(&state, layout, &person, form, selected).await;
    }
    apply(&state, layout, &person, form, selected).await
}

/// The page of an act that has a form of its own: moving alerts, and a rule about them.
fn leads_to(form: &Submitted) -> Option<&'static str> {
    match form.text("act") {
        "move" => Some("/alerts/move"),
        "tune" => Some("/settings/rules/new"),
        _ => None,
    }
}

fn open_form(path: &str, ids: &[i64], back: &str) -> Result<HttpResponse, Failure> {
    if ids.len() > move_alerts::LIMIT {
        return Err(
            Error::at_field("alerts", "You can select at most 1,000 alerts for this. Narrow the filter.").into()
        );
    }
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let alerts = ids.iter().map(|id| ("alerts", id.as_str()));
    Ok(see_other(&query::link(path, alerts.chain([("return_to", back)])), None))
}

async fn show_preview(
    state: &AppState,
    layout: Layout,
    person: &SignedIn,
    form: Submitted,
    selected: Selected,
) -> Result<HttpResponse, Failure> {
    let (actor, edit, ids) = (person.actor(), edit(&form), selected.ids.clone());
    match state.db.read(move |conn| preview::preview(conn, &actor, &edit, &ids)).await {
        Ok(preview) => bulk_form::show_preview(layout, &form, &selected, preview),
        Err(error) => refuse(state, layout, form, selected, error).await,
    }
}

async fn apply(
    state: &AppState,
    layout: Layout,
    person: &SignedIn,
    form: Submitted,
    selected: Selected,
) -> Result<HttpResponse, Failure> {
    let back = form.return_to("/alerts");
    let (actor, edit, ids) = (person.actor(), edit(&form), selected.ids.clone());
    let work = move |tx: &mut Tx<'_>| edit_alerts(tx, &actor, &ids, &edit);
    match state.jobs.write_and_run(&state.db, person.user.id, work, Done::job).await {
        Ok(Done::Nothing(outcomes)) => Ok(see_other(&back, Some(&notice_of_nothing(&outcomes)))),
        Ok(Done::Now { operation, outcomes }) => {
            let verb = if form.text("act") == ASSIGN_TO_ME { "assigned to you" } else { "changed" };
            // An undo keeps the comment.
            let undoable = (outcomes.changed > 0).then_some(operation);
            Ok(done(&back, &notice_of(&outcomes, verb), undoable))
        }
        Ok(Done::Before { operation } | Done::Started { operation }) => {
            Ok(see_other(&paths::operation(operation), None))
        }
        Err(error) => refuse(state, layout, form, selected, error).await,
    }
}

/// The form again, if it can show what is wrong.
async fn refuse(
    state: &AppState,
    layout: Layout,
    form: Submitted,
    selected: Selected,
    error: Error,
) -> Result<HttpResponse, Failure> {
    match error {
        Error::Invalid(errors) => {
            bulk_form::show(state, layout, form, selected, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        other => Err(other.into()),
    }
}

/// Reads the form. Except for the owner, an empty value changes nothing.
fn edit(form: &Submitted) -> AlertsEdit {
    let chosen = |name: &str| form.owned(name).filter(|value| !value.is_empty());
    AlertsEdit {
        status: chosen("status"),
        classification: chosen("classification"),
        determination: chosen("determination"),
        assigned_to: form.owned("assigned_to").filter(|name| name != UNCHANGED),
        comment: form.text("comment").to_owned(),
        seen: form.text("seen").parse().ok(),
        form: form.idempotency_key(),
    }
}

fn notice_of(outcomes: &Outcomes, verb: &str) -> String {
    let mut notice = if outcomes.changed > 0 {
        changed_notice(outcomes.changed, &outcomes.resolved, "alert", verb)
    } else {
        format!("Comment added to {}.", counted(outcomes.commented, "incident"))
    };
    for (reason, count) in &outcomes.skipped {
        let count = thousands(*count);
        let _ = if reason == SO_ALREADY {
            write!(notice, " {count} already had these values.")
        } else {
            write!(notice, " {count} skipped: {reason}.")
        };
    }
    notice
}

fn notice_of_nothing(outcomes: &Outcomes) -> String {
    let mut notice = "Nothing was changed.".to_owned();
    for (reason, count) in outcomes.skipped.iter().filter(|(reason, _)| reason != SO_ALREADY) {
        let _ = write!(notice, " {count} skipped: {reason}.");
    }
    notice
}
