//! POST /incidents/merge: merges the selected incidents, or shows the form for it (R11).

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
use crate::web::shared::paths;
use crate::web::shared::state::AppState;
use crate::web::shared::target_view;

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
        Ok((kept, operation)) => Ok(done(&paths::incident(kept), &notice(&form), Some(operation))),
        Err(Error::Invalid(errors)) => page(&state, layout, form, errors, StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(error) => Err(error.into()),
    }
}

fn notice(form: &Submitted) -> String {
    let merged = form.ids("ids").len().saturating_sub(1);
    let verb = if merged == 1 { "was" } else { "were" };
    format!("{} {verb} merged into this one.", counted(merged, "incident"))
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
