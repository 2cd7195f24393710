//! The present password, which is asked for again before what would lock somebody out of their account. Guessing it is
//! limited as at sign-in.

use actix_web::HttpRequest;

use crate::accounts::network::Origin;
use crate::accounts::overview;
use crate::accounts::own_account;
use crate::error::Error;
use crate::web::account::sign_in::too_soon;
use crate::web::server::client_address::client_address;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::state::AppState;

/// Checks the present password in the field `field`. Nothing for people who have none.
pub async fn confirm_password(
    request: &HttpRequest,
    state: &AppState,
    person: &SignedIn,
    form: &Submitted,
    field: &'static str,
) -> Result<(), Error> {
    let user = &person.user;
    let id = user.id;
    if !state.db.read(move |conn| overview::find(conn, id)).await?.has_password {
        return Ok(());
    }
    let origin = Origin::from(client_address(request));
    let wait = state.throttle.wait(&user.name, origin.clone());
    if !wait.is_zero() {
        return Err(Error::at_field(field, too_soon(wait)));
    }
    let (db, present) = (state.db.clone(), form.text(field).to_owned());
    let place = state.hashing.queue(origin.address, true)?;
    if place.run(move || db.read_now(|conn| own_account::has_password(conn, id, &present))).await?? {
        return Ok(());
    }
    state.throttle.note_failure(&user.name, origin);
    Err(Error::at_field(field, "This is not your present password."))
}
