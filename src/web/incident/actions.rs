//! POST /incidents/{id} and below: the forms of one incident. A success redirects with a message; a
//! refused form is shown again with what was typed.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::db::Tx;
use crate::error::Error;
use crate::model::incident::Status;
use crate::operations::edit_incident::Saved;
use crate::operations::once::once;
use crate::operations::{comment, edit_incident};
use crate::web::incident::page;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{RESOLVE_AND_NEXT, Refused, Submitted, Typed, local_path};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, done, see_other};
use crate::web::shared::paths;
use crate::web::shared::resolved_notice::resolved_notice;
use crate::web::shared::state::AppState;

/// POST /incidents/{id}
pub async fn save(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    Typed { mut form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let resolves = form.text("act") == RESOLVE_AND_NEXT;
    if resolves {
        form.set("status", Status::Resolved.as_str());
    }
    let (edit, before, actor) = (form.edit(), form.revision(), person.actor());
    let saved = match checked {
        Ok(()) => state.db.write(move |tx| edit_incident::edit(tx, &actor, id, before, &edit)).await,
        Err(error) => Err(error),
    };
    let back = form.return_to(&paths::incident(id));
    match saved {
        Ok(Saved { operation, resolved, .. }) if resolves => {
            let next = form.get("next").and_then(local_path).unwrap_or(&back);
            Ok(done(next, &resolved_notice(&format!("Incident {id}"), &resolved), operation))
        }
        Ok(Saved { operation, resolved, .. }) if !resolved.is_empty() => {
            Ok(done(&back, &resolved_notice("", &resolved), operation))
        }
        Ok(Saved { revision, operation, .. }) => {
            let notice = if before == Some(revision) { "Nothing was changed." } else { "Saved." };
            Ok(done(&back, notice, operation))
        }
        Err(error) => {
            let (status, refused) = Refused::new(form, error, false)?;
            page::refuse(&state, layout, id, status, refused).await
        }
    }
}

/// POST /incidents/{id}/assign-to-me
pub async fn assign_to_me(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let actor = person.actor();
    let saved = state.db.write(move |tx| edit_incident::assign_to_me(tx, &actor, id)).await?;
    let back = form.return_to(&paths::incident(id));
    Ok(done(&back, "Assigned to you. Its alerts were assigned too.", saved.operation))
}

/// POST /incidents/{id}/comments/{entry}: the author changes the text of a comment.
pub async fn edit_comment(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    path: Path<(i64, i64)>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let (id, entry) = path.into_inner();
    let (body, actor) = (form.text("body").to_owned(), person.actor());
    let edited = match checked {
        Ok(()) => state.db.write(move |tx| comment::edit(tx, &actor, entry, &body)).await,
        Err(error) => Err(error),
    };
    match edited {
        Ok(()) => Ok(see_other(&paths::incident_tab(id, "history"), Some("Comment saved."))),
        Err(Error::Invalid(errors)) => {
            let problem = errors.to_string();
            page::refuse_edit(&state, layout, (id, entry), form.text("body").to_owned(), problem).await
        }
        Err(error) => Err(error.into()),
    }
}

/// POST /incidents/{id}/comments
pub async fn comment(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    let (body, key, actor) = (form.text("body").to_owned(), form.idempotency_key(), person.actor());
    let post = move |tx: &mut Tx<'_>| {
        once(tx, &actor, (&key, &("incident", id, &body)), |tx| comment::post(tx, &actor, id, &body))
    };
    let posted = match checked {
        Ok(()) => state.db.write(post).await,
        Err(error) => Err(error),
    };
    match posted {
        Ok(_) => Ok(see_other(&form.return_to(&paths::incident(id)), Some("Comment added."))),
        Err(error) => {
            let (status, refused) = Refused::new(form, error, true)?;
            page::refuse(&state, layout, id, status, refused).await
        }
    }
}
