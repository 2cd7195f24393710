//! POST /incidents/bulk: the manage form over the rows that were selected.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::users;
use crate::error::{Error, FieldErrors};
use crate::incidents::edit::{self, Edit, Many};
use crate::incidents::{Incident, lookup, tags};
use crate::web::error::Failure;
use crate::web::forms::Submitted;
use crate::web::guard::SignedIn;
use crate::web::incidents::manage::{self, Choice, Group};
use crate::web::layout::{Layout, see_other};
use crate::web::state::AppState;

/// Most incidents one act takes from selected rows.
const LIMIT: usize = 200;

#[derive(Template)]
#[template(path = "incidents/bulk.html")]
struct BulkPage {
    layout: Layout,
    incidents: Vec<Incident>,
    owners: Vec<Choice>,
    classifications: Vec<Group>,
    known_tags: Vec<String>,
    return_to: String,
    form: Submitted,
    errors: FieldErrors,
}

impl BulkPage {
    fn active(&self) -> &'static str {
        "incidents"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn typed(&self, field: &str) -> &str {
        self.form.text(field)
    }

    fn is(&self, field: &str, value: &str) -> bool {
        self.form.text(field) == value
    }
}

pub async fn act(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let ids = form.ids("ids");
    let back = form.return_to("/incidents");
    if ids.is_empty() {
        return Ok(see_other(&back, Some("Select at least one incident first.")));
    }
    if ids.len() > LIMIT {
        return Err(Error::at_field("ids", "At most 200 incidents are managed at once.").into());
    }
    let asked = match form.text("act") {
        "manage" => {
            return show(&state, layout, form, ids, FieldErrors::default(), StatusCode::OK).await;
        }
        "assign-to-me" => Edit { assigned_to: Some(person.0.name.clone()), ..Edit::default() },
        _ => asked(&form),
    };
    let (actor, chosen, add) = (person.actor(), ids.clone(), form.text("add_tags").to_owned());
    match state.db.write(move |tx| edit::edit_many(tx, &actor, &chosen, &asked, &add)).await {
        Ok(many) => Ok(see_other(&back, Some(&said(many, ids.len())))),
        Err(Error::Invalid(errors)) => show(&state, layout, form, ids, errors, StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(error) => Err(error.into()),
    }
}

/// In the bulk form an empty choice leaves a field as each incident has it.
fn asked(form: &Submitted) -> Edit {
    let chosen = |name: &str| form.owned(name).filter(|value| !value.is_empty());
    Edit {
        status: chosen("status"),
        severity: chosen("severity"),
        classification: chosen("classification"),
        resolving_note: chosen("resolving_note"),
        assigned_to: chosen("assigned_to").map(|name| if name == "-" { String::new() } else { name }),
        ..Edit::default()
    }
}

fn said(many: Many, of: usize) -> String {
    let mut said = match many.changed {
        0 => "Nothing was changed.".to_owned(),
        1 => "1 incident changed.".to_owned(),
        changed => format!("{changed} incidents changed."),
    };
    let so_already = of.saturating_sub(many.changed + many.skipped);
    if so_already > 0 && many.changed > 0 {
        let _ = write!(said, " {so_already} were so already.");
    }
    if many.skipped > 0 {
        let _ = write!(said, " {} redirected left alone.", many.skipped);
    }
    said
}

async fn show(
    state: &AppState,
    layout: Layout,
    form: Submitted,
    ids: Vec<i64>,
    errors: FieldErrors,
    status: StatusCode,
) -> Result<HttpResponse, Failure> {
    let (incidents, people, known) = state
        .db
        .read(move |conn| {
            let mut incidents = Vec::with_capacity(ids.len());
            for id in ids {
                incidents.push(lookup::find(conn, id)?);
            }
            Ok((incidents, users::list(conn)?, tags::in_use(conn)?))
        })
        .await?;
    let page = BulkPage {
        incidents,
        owners: manage::owners(people.iter(), "?").into_iter().filter(|choice| !choice.value.is_empty()).collect(),
        classifications: manage::classifications(form.text("classification")),
        known_tags: known.into_iter().filter(|tag| !tag.system).map(|tag| tag.name).collect(),
        return_to: form.return_to("/incidents"),
        form,
        errors,
        layout,
    };
    let layout = page.layout.clone();
    layout.page(status, &page)
}
