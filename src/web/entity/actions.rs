//! POST /entities/{kind}/{id} and below: what people say of an entity. A success redirects with a message; a refused form
//! is shown again with what was typed.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::db::Tx;
use crate::entities::tags::TagEdit;
use crate::entities::{notes, tags};
use crate::error::Error;
use crate::operations::entity_comment;
use crate::operations::once::once;
use crate::web::entity::page;
use crate::web::entity::refused::{Act, Refused};
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

/// POST /entities/{kind}/{id}/note: sets what the entity is known as.
pub async fn set_note(
    state: Data<AppState>,
    person: SignedIn,
    layout: Layout,
    path: Path<(String, i64)>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let (actor, typed) = (person.actor(), form.text("note").to_owned());
    let ended = if typed.trim().is_empty() { "has no note any more" } else { "has a new note" };
    let saved = state.db.write(move |tx| notes::set(tx, &actor, id, &typed)).await;
    let message = saved.map(|name| format!("{name} {ended}."));
    answer(&state, layout, (kind, id), (Act::Note, form), message).await
}

/// POST /entities/{kind}/{id}/tags: adds tags and removes them.
pub async fn set_tags(
    state: Data<AppState>,
    person: SignedIn,
    layout: Layout,
    path: Path<(String, i64)>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let texts = |name: &str| form.all(name).into_iter().map(str::to_owned).collect();
    let (actor, edit) = (person.actor(), TagEdit { shown: texts("shown"), wanted: texts("tags") });
    let saved = match checked {
        Ok(()) => state.db.write(move |tx| tags::edit(tx, &actor, id, &edit)).await,
        Err(error) => Err(error),
    };
    let message = saved.map(|name| format!("Tags of {name} saved."));
    answer(&state, layout, (kind, id), (Act::Tags, form), message).await
}

/// POST /entities/{kind}/{id}/comments
pub async fn comment(
    state: Data<AppState>,
    person: SignedIn,
    layout: Layout,
    path: Path<(String, i64)>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    let (body, key, actor) = (form.text("body").to_owned(), form.idempotency_key(), person.actor());
    let post = move |tx: &mut Tx<'_>| {
        once(tx, &actor, (&key, &("entity", id, &body)), |tx| entity_comment::post(tx, &actor, id, &body))
    };
    let posted = match checked {
        Ok(()) => state.db.write(post).await,
        Err(error) => Err(error),
    };
    answer(&state, layout, (kind, id), (Act::Comment, form), posted.map(|_| "Comment added.".to_owned())).await
}

/// POST /entities/{kind}/{id}/comments/{entry}: the author changes the text of a comment.
pub async fn edit_comment(
    state: Data<AppState>,
    person: SignedIn,
    layout: Layout,
    path: Path<(String, i64, i64)>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let (kind, id, entry) = path.into_inner();
    let (body, actor) = (form.text("body").to_owned(), person.actor());
    let edited = match checked {
        Ok(()) => state.db.write(move |tx| entity_comment::edit(tx, &actor, id, entry, &body)).await,
        Err(error) => Err(error),
    };
    let act = (Act::Edit(entry), form);
    answer(&state, layout, (kind, id), act, edited.map(|()| "Comment saved.".to_owned())).await
}

async fn answer(
    state: &AppState,
    layout: Layout,
    (kind, id): (String, i64),
    (act, form): (Act, Submitted),
    done: Result<String, Error>,
) -> Result<HttpResponse, Failure> {
    match done {
        Ok(message) => Ok(see_other(&form.return_to(&format!("/entities/{kind}/{id}")), Some(&message))),
        Err(Error::Invalid(errors)) => {
            page::refuse(state, layout, id, Refused { act, form, error: errors.to_string() }).await
        }
        Err(error) => Err(error.into()),
    }
}
