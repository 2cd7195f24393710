//! POST /incidents/merge: merges the selected incidents, or shows the form for it (R11).

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::error::{Error, FieldErrors};
use crate::history::operation_log;
use crate::operations::merge_incidents::{self, Wanted};
use crate::queue::target;
use crate::text::counted;
use crate::web::incident::merge::page;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, query, target_view};

pub async fn submit(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    Typed { mut form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    if !layout.can_edit() {
        return Err(Error::Forbidden("Only analysts, leads and administrators can merge incidents.").into());
    }
    if let Err(Error::Invalid(errors)) = checked {
        if errors.at("ids").is_some() {
            return Err(Error::Invalid(errors).into());
        }
        return page(&state, layout, form, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let back = form.return_to("/incidents");
    let typed = target_view::named(&form);
    if !typed.is_empty() {
        match state.db.read(move |conn| target::target(conn, &typed)).await {
            Ok(id) => form.add_id(id),
            Err(Error::Invalid(errors)) => {
                return page(&state, layout, form, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let ids = form.ids("ids");
    if ids.len() == 1 && lacks_target(&form) {
        return page(&state, layout, form, no_target(), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if ids.is_empty() {
        return Ok(see_other(&back, Some("Select at least two incidents first.")));
    }
    let merged = if form.text("act") == "choose" {
        // The form is shown for the first time.
        match state.db.read(move |conn| merge_incidents::candidates(conn, &ids)?.check()).await {
            Ok(()) => return page(&state, layout, form, FieldErrors::default(), StatusCode::OK).await,
            Err(error) => Err(error),
        }
    } else {
        let (actor, merge_request) = (person.actor(), merge_request(&form, ids));
        state.db.write(move |tx| merge_incidents::merge(tx, &actor, &merge_request)).await
    };
    match merged {
        Ok((kept, operation)) => Ok(answer(&form, kept, operation)),
        Err(Error::Invalid(errors)) => page(&state, layout, form, errors, StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(error) => Err(error.into()),
    }
}

/// Of a form with one incident only: whether it has the field for the other one, which names none then.
fn lacks_target(form: &Submitted) -> bool {
    form.text("act") == "choose" && form.get("target").is_some()
}

fn no_target() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.add("target", "Choose an incident, or enter its name or ID.");
    errors
}

fn answer(form: &Submitted, kept: i64, operation: i64) -> HttpResponse {
    let list = list_begun_in(form, kept);
    let into = if list.is_some() { format!("incident {kept}") } else { "this one".to_owned() };
    let back = list.unwrap_or_else(|| paths::incident(kept));
    done(&back, &notice(form, &into), Some(operation))
}

/// The list that the incidents were selected in; `None` for a merge that was begun on the page of one of them. A pane
/// of an incident that is gone becomes that of the kept one.
fn list_begun_in(form: &Submitted, kept: i64) -> Option<String> {
    let back = form.return_to("");
    let (path, pairs) = back.split_once('?').unwrap_or((&back, ""));
    if path.is_empty() || path.contains("/incidents/") {
        return None;
    }
    let ids = form.ids("ids");
    let pairs = form_urlencoded::parse(pairs.as_bytes()).map(|(name, value)| {
        let is_gone = name == "pane" && value.parse().is_ok_and(|id| ids.contains(&id));
        (name, if is_gone { Cow::Owned(kept.to_string()) } else { value })
    });
    let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = pairs.collect();
    Some(query::link(path, pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))))
}

fn notice(form: &Submitted, into: &str) -> String {
    let merged = form.ids("ids").len().saturating_sub(1);
    let verb = if merged == 1 { "was" } else { "were" };
    format!("{} {verb} merged into {into}.", counted(merged, "incident"))
}

fn merge_request(form: &Submitted, ids: Vec<i64>) -> Wanted {
    let merge_request = Wanted {
        ids,
        kept: form.text("kept").parse().ok(),
        owner: form.owned("owner"),
        classification: form.owned("classification"),
        comment: form.text("comment").trim().to_owned(),
        form: String::new(),
    };
    Wanted { form: operation_log::form_key(&form.idempotency_key(), &merge_request), ..merge_request }
}
