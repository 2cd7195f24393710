//! GET and POST /settings/look-ups: links to what others know of an entity. POST /settings/look-ups/delete deletes one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::entities::kind;
use crate::entities::links_outside::{self, KINDS, OutsideLink};
use crate::error::{Error, FieldErrors};
use crate::web::settings::change_view::ChangeView;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

const PATH: &str = "/settings/look-ups";

/// A link in the list.
struct Row {
    id: i64,
    name: String,
    kinds: String,
    template: String,
}

#[derive(Template)]
#[template(path = "settings/lookups.html")]
struct LookupsPage {
    layout: Layout,
    rows: Vec<Row>,
    /// With the address that was added or deleted.
    changes: Vec<ChangeView<String>>,
    /// What was typed into the form.
    name: String,
    template: String,
    kinds: Vec<(&'static str, String, bool)>,
    errors: FieldErrors,
}

impl LookupsPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "look-ups"
    }

    fn example(&self) -> &'static str {
        "https://wiki.example/search?q={value}"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }
}

pub async fn show(state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    respond(&state, layout, StatusCode::OK, &Submitted::default(), FieldErrors::default()).await
}

pub async fn add(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (actor, name, template) = (person.actor(), form.text("name").to_owned(), form.text("template").to_owned());
    let kinds: Vec<String> = form.all("kinds").into_iter().map(str::to_owned).collect();
    let added = state.db.write(move |tx| links_outside::add(tx, &actor, &name, &kinds, &template)).await;
    match added {
        Ok(()) => Ok(see_other(PATH, Some(&format!("{} was added.", form.text("name").trim())))),
        Err(Error::Invalid(errors)) => respond(&state, layout, StatusCode::UNPROCESSABLE_ENTITY, &form, errors).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn delete(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (actor, id) = (person.actor(), form.text("id").parse().unwrap_or(0));
    let name = state.db.write(move |tx| links_outside::delete(tx, &actor, id)).await?;
    Ok(see_other(PATH, Some(&format!("{name} was deleted."))))
}

async fn respond(
    state: &AppState,
    layout: Layout,
    status: StatusCode,
    form: &Submitted,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let chosen = form.all("kinds");
    let row = |lookup: OutsideLink| Row {
        id: lookup.id,
        kinds: lookup.kinds.iter().map(|kind| kind::label(kind)).collect::<Vec<_>>().join(", "),
        name: lookup.name,
        template: lookup.template,
    };
    let (all, changes) = state.db.read(|conn| Ok((links_outside::all(conn)?, links_outside::changes(conn)?))).await?;
    let changes = changes.into_iter().map(|change| {
        let address = change.new_body.clone().or_else(|| change.old_body.clone()).unwrap_or_default();
        ChangeView::new(&change, &layout.zone, vec![address])
    });
    let page = LookupsPage {
        rows: all.into_iter().map(row).collect(),
        changes: changes.collect(),
        name: form.text("name").to_owned(),
        template: form.text("template").to_owned(),
        kinds: KINDS.iter().map(|kind| (*kind, kind::label(kind), chosen.contains(kind))).collect(),
        errors,
        layout,
    };
    page.layout.page(status, &page)
}
