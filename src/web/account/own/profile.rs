//! POST /account: the display name, the time zone, and whether single keys are shortcuts. POST /account/theme: the theme
//! in this browser, for browsers without scripts.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::web::Data;

use crate::accounts::own_account::{self, Profile};
use crate::error::Error;
use crate::web::account::own::page::{PATH, respond};
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;

pub async fn save(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let profile = Profile {
        display_name: form.text("display_name").to_owned(),
        time_zone: form.text("time_zone").to_owned(),
        key_shortcuts: form.get("key_shortcuts").is_some(),
    };
    let actor = person.actor();
    let saved = match checked {
        Ok(()) => state.db.write(move |tx| own_account::set_profile(tx, &actor, &profile)).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => Ok(see_other(PATH, Some("Saved."))),
        error => respond(&state, layout, &session, form, error).await,
    }
}

pub async fn set_theme(form: Submitted) -> Result<HttpResponse, Failure> {
    let theme = form.text("theme");
    if !matches!(theme, "light" | "dark" | "") {
        return Err(Error::at_field("theme", "Choose a theme of the list.").into());
    }
    let mut cookie = Cookie::build("theme", theme.to_owned())
        .path("/")
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish();
    if theme.is_empty() {
        cookie.make_removal();
    }
    let mut response = see_other(PATH, Some("Saved for this browser."));
    response.add_cookie(&cookie).map_err(Error::internal)?;
    Ok(response)
}
