//! POST /incidents/{id}/comments/preview, and the same of alerts and entities: how a comment will look. Nothing is stored.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts::users;
use crate::error::Error;
use crate::history::Change;
use crate::operations::comment::commented;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Typed;
use crate::web::shared::layout::Layout;
use crate::web::shared::markup::Markup;
use crate::web::shared::paths;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "comments/preview.html")]
struct PreviewPage {
    layout: Layout,
    /// "Incident", "Alert" or "Entity".
    noun: &'static str,
    id: i64,
    /// The page of the incident, alert or entity.
    address: String,
    /// The comment that is edited; none for a new one.
    entry: Option<i64>,
    return_to: String,
    once: String,
    typed: String,
    shown: Option<Markup>,
    /// Why it cannot be posted; empty for nothing.
    problem: String,
}

impl PreviewPage {
    fn active(&self) -> &'static str {
        match self.noun {
            "Alert" => "alerts",
            "Entity" => "search",
            _ => "incidents",
        }
    }

    fn hint(&self) -> &'static str {
        match self.noun {
            // Nobody is told of comments on entities.
            "Entity" => "Markdown is supported.",
            _ => "Markdown is supported. @ and a user name mentions somebody.",
        }
    }

    /// Where the comment is posted.
    fn action(&self) -> String {
        match self.entry {
            Some(entry) => format!("{}/comments/{entry}", self.address),
            None => format!("{}/comments", self.address),
        }
    }
}

pub async fn of_incident(
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
    typed: Typed,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    show(&state, layout, ("Incident", id, paths::incident(id)), typed).await
}

pub async fn of_alert(
    state: Data<AppState>,
    layout: Layout,
    id: Path<i64>,
    typed: Typed,
) -> Result<HttpResponse, Failure> {
    let id = id.into_inner();
    show(&state, layout, ("Alert", id, paths::alert(id)), typed).await
}

pub async fn of_entity(
    state: Data<AppState>,
    layout: Layout,
    path: Path<(String, i64)>,
    typed: Typed,
) -> Result<HttpResponse, Failure> {
    let (kind, id) = path.into_inner();
    show(&state, layout, ("Entity", id, format!("/entities/{kind}/{id}")), typed).await
}

async fn show(
    state: &AppState,
    layout: Layout,
    (noun, id, address): (&'static str, i64, String),
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let typed = form.text("body").to_owned();
    let (shown, problem) = match checked.and_then(|()| commented(&typed)) {
        Ok(Change::Commented { body, .. }) => {
            let people = if noun == "Entity" { HashMap::new() } else { state.db.read(users::names).await? };
            (Some(Markup::of_comment(&body, &people)), String::new())
        }
        Ok(_) => (None, String::new()),
        Err(Error::Invalid(errors)) => (None, errors.to_string()),
        Err(error) => return Err(error.into()),
    };
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let return_to = form.return_to(&address);
    let entry = form.get("entry").and_then(|entry| entry.parse().ok());
    let once = form.idempotency_key();
    let page = PreviewPage { layout, noun, id, address, entry, return_to, once, typed, shown, problem };
    page.layout.page(status, &page)
}
