//! POST /alerts/{id} and below: the forms of one alert. A success redirects with a message; a refused form
//! is shown again with what was typed.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::db::Tx;
use crate::history::fold_alerts::redirect_of;
use crate::model::alert::AlertStatus;
use crate::operations::edit_alert::AlertEdit;
use crate::operations::once::once;
use crate::operations::{comment, edit_alert};
use crate::web::alert::page;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{RESOLVE_AND_NEXT, Refused, Submitted, Typed, local_path};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::paths;
use crate::web::shared::resolved_notice::resolved_notice;
use crate::web::shared::state::AppState;

/// POST /alerts/{id}
pub async fn save(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    Typed { mut form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let id = counting(&state, id.into_inner()).await?;
    let resolves = form.text("act") == RESOLVE_AND_NEXT;
    if resolves {
        form.set("status", AlertStatus::Resolved.as_str());
    }
    let (revision, actor) = (form.revision(), person.actor());
    let edit = AlertEdit {
        status: form.owned("status"),
        classification: form.owned("classification"),
        determination: form.owned("determination"),
        assigned_to: form.owned("assigned_to"),
    };
    let saved = match checked {
        Ok(()) => state.db.write(move |tx| edit_alert::edit(tx, &actor, id, revision, &edit)).await,
        Err(error) => Err(error),
    };
    let back = form.return_to(&paths::alert(id));
    match saved {
        Ok(saved) if resolves => {
            let next = form.get("next").and_then(local_path).unwrap_or(&back);
            Ok(done(next, &resolved_notice(&format!("Alert {id}"), &saved.resolved), saved.operation))
        }
        Ok(saved) if !saved.resolved.is_empty() => {
            Ok(done(&back, &resolved_notice("", &saved.resolved), saved.operation))
        }
        Ok(saved) => {
            let notice = if revision == Some(saved.alert.revision) { "Nothing was changed." } else { "Saved." };
            Ok(done(&back, notice, saved.operation))
        }
        Err(error) => {
            let (status, refused) = Refused::new(form, error, false)?;
            page::render(&state, layout, id, page::Shown::default(), status, refused).await
        }
    }
}

/// POST /alerts/{id}/assign-to-me
pub async fn assign_to_me(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let id = counting(&state, id.into_inner()).await?;
    let actor = person.actor();
    let saved = state.db.write(move |tx| edit_alert::assign_to_me(tx, &actor, id)).await?;
    Ok(done(&form.return_to(&paths::alert(id)), "Assigned to you.", saved.operation))
}

/// POST /alerts/{id}/comments
pub async fn comment(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let id = counting(&state, id.into_inner()).await?;
    let (body, key, actor) = (form.text("body").to_owned(), form.idempotency_key(), person.actor());
    let post = move |tx: &mut Tx<'_>| {
        once(tx, &actor, (&key, &("alert", id, &body)), |tx| comment::post_on_alert(tx, &actor, id, &body))
    };
    let posted = match checked {
        Ok(()) => state.db.write(post).await,
        Err(error) => Err(error),
    };
    match posted {
        Ok(_) => Ok(see_other(&form.return_to(&paths::alert(id)), Some("Comment added."))),
        Err(error) => {
            let (status, refused) = Refused::new(form, error, true)?;
            page::render(&state, layout, id, page::Shown::default(), status, refused).await
        }
    }
}

/// The alert that a form is about: what was typed for an alert that has turned out to be a repeat meanwhile is for the
/// one that counts it.
async fn counting(state: &AppState, id: i64) -> Result<i64, Failure> {
    Ok(state.db.read(move |conn| redirect_of(conn, id)).await?.unwrap_or(id))
}
