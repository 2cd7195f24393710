//! POST /account/tokens: a token of one's own, which is shown once. POST /account/tokens/revoke ends one.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::new_token::{self, NewToken};
use crate::accounts::tokens;
use crate::error::Error;
use crate::model::actor::Scope;
use crate::web::account::own::page::{PATH, respond};
use crate::web::settings::tokens::new::read_expiry;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

/// A token that was just made.
#[derive(Template)]
#[template(path = "account/token_made.html")]
struct MadePage {
    layout: Layout,
    name: String,
    token: String,
}

impl MadePage {
    fn active(&self) -> &'static str {
        "account"
    }
}

pub async fn create(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let actor = person.actor();
    let made = match checked.and_then(|()| new_token(&form, &layout)) {
        Ok(new) => state.db.write(move |tx| new_token::make(tx, &actor, &new)).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(token) => {
            let page = MadePage { name: form.text("name").trim().to_owned(), token, layout };
            page.layout.page(StatusCode::OK, &page)
        }
        Err(error) => {
            let error = error.moved("name", "token_name");
            respond(&state, layout, &session, form, Err(error)).await
        }
    }
}

fn new_token(form: &Submitted, layout: &Layout) -> Result<NewToken, Error> {
    let scope = Scope::parse(form.text("scope")).ok_or_else(|| Error::at_field("scope", "Choose what it may do."))?;
    Ok(NewToken {
        purpose: form.text("purpose").trim().to_owned(),
        expires_at: read_expiry(form, &layout.zone)?,
        owner_id: Some(layout.user.id),
        ..NewToken::new(form.text("token_name").trim(), scope)
    })
}

pub async fn revoke(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (name, actor) = (form.text("name").to_owned(), person.actor());
    let notice = format!("The token {name} is revoked.");
    state.db.write(move |tx| tokens::revoke(tx, &actor, &name)).await?;
    Ok(see_other(PATH, Some(&notice)))
}
