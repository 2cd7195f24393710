//! GET and POST /settings/people/invite: the form of an invitation. The answer to it shows the link, once.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::one_time_links::{self, Invitation};
use crate::error::{Error, FieldErrors};
use crate::model::user::Role;
use crate::permissions::{Action, require};
use crate::web::settings::people::list::PATH;
use crate::web::settings::people::one_time_link::{LinkPage, address};
use crate::web::settings::people::role_choices::role_choices;
use crate::web::shared::choices::Choice;
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::Layout;
use crate::web::shared::own_address::own_address;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "settings/people/invite.html")]
struct InvitePage {
    layout: Layout,
    form: Submitted,
    roles: Vec<Choice>,
    errors: FieldErrors,
}

impl InvitePage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "people"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }
}

pub async fn show(layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    form_page(layout, StatusCode::OK, Submitted::default(), FieldErrors::default())
}

fn form_page(
    layout: Layout,
    status: StatusCode,
    form: Submitted,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let roles = role_choices(form.get("role").unwrap_or(Role::Analyst.as_str()));
    let page = InvitePage { layout, form, roles, errors };
    page.layout.page(status, &page)
}

pub async fn create(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let actor = person.actor();
    require(&actor, Action::Administer)?;
    let made = match checked.and_then(|()| invitation(&form)) {
        Ok(invitation) => state.db.write(move |tx| one_time_links::invite(tx, &actor, &invitation)).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(secret) => {
            let name = form.text("name").trim();
            let page = LinkPage {
                title: format!("Invitation for {name}"),
                explanation: format!(
                    "Give this link to {name}, and to nobody else: whoever opens it first chooses the password."
                ),
                address: address(&own_address(&request, &state), &secret),
                lasts: "3 days",
                back: PATH.to_owned(),
                layout,
            };
            page.respond()
        }
        Err(Error::Invalid(errors)) => form_page(layout, StatusCode::UNPROCESSABLE_ENTITY, form, errors),
        Err(error) => Err(error.into()),
    }
}

fn invitation(form: &Submitted) -> Result<Invitation, Error> {
    let role = Role::parse(form.text("role")).ok_or_else(|| Error::at_field("role", "Choose a role."))?;
    Ok(Invitation { name: form.text("name").to_owned(), display_name: form.text("display_name").to_owned(), role })
}
