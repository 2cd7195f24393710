//! GET and POST /settings/start: the checklist, with the list of products that have a page. The form makes the token of
//! the checklist; the answer has it in the command, once.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::tokens::SentIn;
use crate::permissions::{Action, require};
use crate::web::settings::start::checklist::{self, Checklist};
use crate::web::settings::start::guide::Guide;
use crate::web::settings::start::guides::GUIDES;
use crate::web::settings::start::made_token::MadeToken;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::Layout;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "settings/start.html")]
struct StartPage {
    layout: Layout,
    list: Checklist,
    guides: Vec<&'static Guide>,
}

impl StartPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "start"
    }
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    render(&request, &state, layout, None).await
}

pub async fn make_token(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let made = MadeToken::make(&state.db, person.actor(), form.text("name"), SentIn::Header).await?;
    render(&request, &state, layout, Some(made)).await
}

async fn render(
    request: &HttpRequest,
    state: &AppState,
    layout: Layout,
    made: Option<MadeToken>,
) -> Result<HttpResponse, Failure> {
    let data = state.db.read(checklist::load).await?;
    let list = data.view(request, state, &layout, made);
    let page = StartPage { list, guides: GUIDES.to_vec(), layout };
    page.layout.page(page.list.made.status(), &page)
}
