//! POST /assets/{id}/importance: sets how important an asset is, which changes the priority of incidents.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::entities::importance::{self, Marked};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::see_other;
use crate::web::shared::state::AppState;

pub async fn set_importance(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor, value) = (id.into_inner(), person.actor(), form.text("importance").to_owned());
    let marked = state.db.write(move |tx| importance::set(tx, &actor, id, &value)).await?;
    Ok(see_other(&form.return_to("/incidents"), Some(&notice(&marked))))
}

fn notice(marked: &Marked) -> String {
    let Marked { name, importance, rescored } = marked;
    let level = importance.label().to_lowercase();
    match rescored {
        0 => format!("{name} now has {level} importance."),
        1 => format!("{name} now has {level} importance. 1 open incident has a new priority."),
        count => format!("{name} now has {level} importance. {count} open incidents have a new priority."),
    }
}
