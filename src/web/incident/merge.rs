//! GET /incidents/{id}/merge, and the form that asks which incident survives and what it keeps
//! where they differ (R11).

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::error::{Error, FieldErrors};
use crate::model::incident::Incident;
use crate::operations::merge_incidents::{self, Candidates};
use crate::secrets::random_hex;
use crate::web::shared::choices::Choice;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::layout::Layout;
use crate::web::shared::paths;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "incident/merge.html")]
struct MergePage {
    layout: Layout,
    incidents: Vec<Incident>,
    /// Empty where they do not differ.
    owners: Vec<Choice>,
    classifications: Vec<Choice>,
    kept: i64,
    return_to: String,
    /// The idempotency key: a form that is sent twice is acted on once.
    once: String,
    form: Submitted,
    errors: FieldErrors,
}

impl MergePage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn typed(&self, field: &str) -> &str {
        self.form.text(field)
    }
}

/// GET /incidents/{id}/merge
pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    if !layout.can_edit() {
        return Err(Error::Forbidden("Only analysts and administrators can merge incidents.").into());
    }
    let mut form = Submitted::parse(request.query_string().as_bytes());
    form.set("ids", &id.to_string());
    form.set("return_to", &paths::incident(id));
    page(&state, layout, form, FieldErrors::default(), StatusCode::OK).await
}

/// The form, with what was typed and what is wrong with it.
pub async fn page(
    state: &AppState,
    layout: Layout,
    form: Submitted,
    errors: FieldErrors,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let mut ids = form.ids("ids");
    ids.truncate(merge_incidents::LIMIT);
    let Candidates { incidents, owners, outcomes } =
        state.db.read(move |conn| merge_incidents::candidates(conn, &ids)).await?;
    // The oldest that a person has put work into is what most will choose.
    let worked = |one: &&Incident| one.assigned_to.is_some() || one.outcome().is_set();
    let offered = incidents.iter().find(worked).or(incidents.first()).map_or(0, |one| one.id);
    let kept = form.text("kept").parse().unwrap_or(offered);
    let survivor = incidents.iter().find(|one| one.id == kept);
    let (owner, outcome) =
        (survivor.and_then(|one| one.assigned_to), survivor.map(Incident::outcome).unwrap_or_default());
    let differ = |count: usize| count > 1;
    let first_set = owners.iter().flatten().next().map(|user| user.id);
    let owners = owners.iter().filter(|_| differ(owners.len())).map(|user| {
        let value = user.as_ref().map(|user| user.name.clone()).unwrap_or_default();
        let chosen = match form.get("owner") {
            Some(typed) => typed == value,
            None => user.as_ref().map(|user| user.id) == owner.or(first_set),
        };
        let label = user.as_ref().map_or_else(|| "Unassigned".to_owned(), |user| user.display_name.clone());
        Choice { value, label, selected: chosen }
    });
    let owners = owners.collect();
    let set = Some(outcome).filter(|outcome| outcome.is_set()).or(outcomes.iter().copied().find(|one| one.is_set()));
    let classifications = outcomes.iter().filter(|_| differ(outcomes.len())).map(|one| Choice {
        value: one.form_value(),
        label: one.label(),
        selected: form.get("classification").map_or(Some(*one) == set, |typed| typed == one.form_value()),
    });
    let classifications = classifications.collect();
    let page = MergePage {
        incidents,
        owners,
        classifications,
        kept,
        return_to: form.return_to("/incidents"),
        once: random_hex(16)?,
        form,
        errors,
        layout,
    };
    page.layout.page(status, &page)
}
