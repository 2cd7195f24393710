//! POST /account/password: a new password. The present one is asked for.

use actix_session::Session;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{own_account, passwords};
use crate::error::{Error, FieldErrors};
use crate::web::account::own::confirm::confirm_password;
use crate::web::account::own::page::{PATH, respond};
use crate::web::account::small_form::SmallForm;
use crate::web::server::client_address::client_address;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::session::HANDLE;
use crate::web::shared::state::AppState;

pub async fn change(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    SmallForm(form): SmallForm,
) -> Result<HttpResponse, Failure> {
    match store(&request, &state, &person, &session, &form).await {
        Ok(()) => Ok(see_other(PATH, Some("The password was changed. Your other sessions have ended."))),
        // Nothing of this form is shown again.
        error => respond(&state, layout, &session, Submitted::default(), error).await,
    }
}

async fn store(
    request: &HttpRequest,
    state: &AppState,
    person: &SignedIn,
    session: &Session,
    form: &Submitted,
) -> Result<(), Error> {
    let user = &person.user;
    check(form, &[&user.name, &user.display_name])?;
    confirm_password(request, state, person, form, "current_password").await?;
    let address = client_address(request);
    let new = form.text("new_password").to_owned();
    let hash = state.hashing.queue(address, true)?.run(move || passwords::hash(&new)).await??;
    let kept = session.get::<String>(HANDLE).ok().flatten().unwrap_or_default();
    let actor = person.actor();
    state.db.write(move |tx| own_account::change_password(tx, &actor, &hash, &kept)).await
}

fn check(form: &Submitted, names: &[&str]) -> Result<(), Error> {
    let mut errors = FieldErrors::default();
    let new = form.text("new_password");
    if let Err(message) = passwords::check(new, names) {
        errors.add("new_password", message);
    } else if new == form.text("current_password") {
        errors.add("new_password", "This is your present password. Choose another one.");
    }
    if new != form.text("new_password_again") {
        errors.add("new_password_again", "The passwords do not match.");
    }
    errors.into_result()
}
