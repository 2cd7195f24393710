//! GET and POST /settings/sign-in: who must have a second factor, whether passwords are taken, and the list of identity
//! providers.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::password_sign_in::{self, PasswordSignIn};
use crate::accounts::second_factor::{self, Required};
use crate::accounts::single_sign_on::providers::{self, Provider};
use crate::db::Tx;
use crate::error::{Error, FieldErrors};
use crate::permissions::{Action, require};
use crate::web::shared::choices::{Choice, choice};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

pub(super) const PATH: &str = "/settings/sign-in";

#[derive(Template)]
#[template(path = "settings/sign_in/page.html")]
struct SignInPage {
    layout: Layout,
    second_factor: Vec<Choice>,
    passwords: Vec<Choice>,
    providers: Vec<Provider>,
    errors: FieldErrors,
}

impl SignInPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "sign-in"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }
}

pub async fn show(state: Data<AppState>, layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    respond(&state, layout, StatusCode::OK, &Submitted::default(), FieldErrors::default()).await
}

async fn respond(
    state: &AppState,
    layout: Layout,
    status: StatusCode,
    form: &Submitted,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let (required, passwords, providers) = state
        .db
        .read(|conn| Ok((second_factor::required(conn)?, password_sign_in::get(conn)?, providers::list(conn)?)))
        .await?;
    let required = form.get("second_factor").unwrap_or(required.as_str());
    let passwords = form.get("passwords").unwrap_or(passwords.as_str());
    let page = SignInPage {
        second_factor: Required::ALL.iter().map(|who| choice(who.as_str(), who.label(), required)).collect(),
        passwords: PasswordSignIn::ALL.iter().map(|is| choice(is.as_str(), is.label(), passwords)).collect(),
        providers,
        errors,
        layout,
    };
    page.layout.page(status, &page)
}

pub async fn save(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let actor = person.actor();
    require(&actor, Action::Administer)?;
    let who = Required::parse(form.text("second_factor"));
    let passwords = form.get("passwords").map(PasswordSignIn::parse);
    let write = move |tx: &mut Tx<'_>| {
        let who = who.ok_or_else(|| Error::at_field("second_factor", "Choose who must have a second factor."))?;
        second_factor::set_required(tx, &actor, who)?;
        match passwords {
            None => Ok(()),
            Some(Some(passwords)) => password_sign_in::set(tx, &actor, passwords),
            Some(None) => Err(Error::at_field("passwords", "Choose whether passwords are taken.")),
        }
    };
    match state.db.write(write).await {
        Ok(()) => Ok(see_other(PATH, Some("Saved. It applies from the next sign-in on."))),
        Err(Error::Invalid(errors)) => respond(&state, layout, StatusCode::UNPROCESSABLE_ENTITY, &form, errors).await,
        Err(error) => Err(error.into()),
    }
}
