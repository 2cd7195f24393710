//! POST /operations/{id}/undo: takes back what the machine or a person did as a whole.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::operations;
use crate::web::error::Failure;
use crate::web::guard::SignedIn;
use crate::web::layout::see_other;
use crate::web::state::AppState;

pub async fn undo(state: Data<AppState>, person: SignedIn, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let (id, actor) = (id.into_inner(), person.actor());
    let undone = state.db.write(move |tx| operations::undo(tx, &actor, id)).await?;
    let incident = undone.incident;
    let told = match undone.alerts {
        1 => format!("The merge was undone; 1 alert went back to incident {incident}."),
        count => format!("The merge was undone; {count} alerts went back to incident {incident}."),
    };
    Ok(see_other(&format!("/incidents/{incident}"), Some(&told)))
}
