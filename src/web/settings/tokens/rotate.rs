//! POST /settings/tokens/rotate: a new secret for a token, which is shown once.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::tokens;
use crate::clock;
use crate::error::Error;
use crate::permissions::{Action, require};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::Layout;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

#[derive(Template)]
#[template(path = "settings/token_rotated.html")]
struct RotatedPage {
    layout: Layout,
    name: String,
    token: String,
    /// Until when the secret before works too.
    earlier_until: Option<ShownTime>,
}

impl RotatedPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "tokens"
    }
}

pub async fn rotate(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let actor = person.actor();
    require(&actor, Action::Administer)?;
    let hours: i64 = form
        .text("overlap_hours")
        .parse()
        .map_err(|_| Error::at_field("overlap", "Choose for how long the secret before works."))?;
    let (name, overlap) = (form.text("name").to_owned(), hours.saturating_mul(clock::HOUR));
    let rotated = name.clone();
    let token = state.db.write(move |tx| tokens::rotate(tx, &actor, &rotated, overlap)).await?;
    let earlier_until = (overlap > 0).then(|| layout.zone.show(clock::now() + overlap));
    let page = RotatedPage { layout, name, token, earlier_until };
    page.layout.page(StatusCode::OK, &page)
}
