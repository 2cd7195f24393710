//! POST /incidents/{id}/attachments and /attachments/{id}/remove.

use actix_session::Session;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::attachments::Received;
use crate::db::Tx;
use crate::error::Error;
use crate::incidents::lookup::find_incident;
use crate::operations::attach;
use crate::operations::once::once;
use crate::permissions::{Action, require};
use crate::text::counted;
use crate::web::attachment::receive;
use crate::web::incident::page;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, has_files, not_a_form};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, session};

/// POST /incidents/{id}/attachments
pub async fn attach(
    request: HttpRequest,
    state: Data<AppState>,
    session: Session,
    (layout, person): (Layout, SignedIn),
    id: Path<i64>,
    payload: Payload,
) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    if !has_files(request.headers()) {
        return Err(not_a_form());
    }
    // Before the files are read, which takes a while.
    require(&actor, Action::Work)?;
    state.db.read_without_snapshot(move |conn| find_incident(conn, id)).await?;
    let sent = receive::read(&request, payload, state.attachment_limit).await?;
    session::refuse_forms_of_others(&session, sent.csrf.as_deref())?;
    if let Some(problem) = sent.problem {
        return page::refuse_files(&state, layout, id, problem).await;
    }
    let (files, key) = (sent.files, sent.once);
    let count = files.len();
    let content: Vec<(String, String)> = files.iter().map(named).collect();
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &actor, (&key, &("attach", id, &content)), |tx| attach::attach(tx, &actor, id, &files))
    };
    match state.db.write(write).await {
        Ok(incident) => {
            let message = format!("{} attached.", counted(count, "file"));
            Ok(see_other(&paths::incident_tab(incident, "attachments"), Some(&message)))
        }
        Err(Error::Invalid(errors)) => page::refuse_files(&state, layout, id, errors.to_string()).await,
        Err(error) => Err(error.into()),
    }
}

fn named(file: &Received) -> (String, String) {
    (file.name.clone(), file.sha256.clone())
}

/// POST /attachments/{id}/remove
pub async fn remove(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    _: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    let incident = state.db.write(move |tx| attach::remove(tx, &actor, id)).await?;
    Ok(see_other(&paths::incident_tab(incident, "attachments"), Some("Attachment removed.")))
}
