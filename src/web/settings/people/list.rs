//! GET /settings/people: everybody, and the invitations that are open. POST /settings/people/withdraw ends one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::one_time_links::{self, OneTimeLink};
use crate::accounts::overview::{self, Person};
use crate::permissions::{Action, require};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

pub(super) const PATH: &str = "/settings/people";

/// A person in the list.
struct Row {
    id: i64,
    name: String,
    display_name: String,
    role: &'static str,
    state: &'static str,
    signed_in: Option<ShownTime>,
    sessions: i64,
}

impl Row {
    fn new(person: Person, zone: &Zone) -> Self {
        Self {
            id: person.user.id,
            state: state(&person),
            role: person.user.role.label(),
            name: person.user.name,
            display_name: person.user.display_name,
            signed_in: person.last_signed_in.map(|at| zone.show(at)),
            sessions: person.open_sessions,
        }
    }
}

/// Whether a person can sign in.
pub(super) fn state(person: &Person) -> &'static str {
    match (person.user.disabled, person.has_password) {
        (true, _) => "Disabled",
        (false, true) => "Active",
        (false, false) => "No password",
    }
}

/// A link that was not used yet.
struct LinkRow {
    id: i64,
    purpose: &'static str,
    name: String,
    role: &'static str,
    made_by: String,
    made: ShownTime,
    expires: ShownTime,
}

impl LinkRow {
    fn new(link: OneTimeLink, zone: &Zone) -> Self {
        Self {
            id: link.id,
            purpose: link.purpose.label(),
            name: link.name,
            role: link.role.label(),
            made_by: link.made_by,
            made: zone.show(link.made_at),
            expires: zone.show(link.expires_at),
        }
    }
}

#[derive(Template)]
#[template(path = "settings/people/list.html")]
struct PeoplePage {
    layout: Layout,
    rows: Vec<Row>,
    links: Vec<LinkRow>,
}

impl PeoplePage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "people"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let (people, links) = state.db.read(|conn| Ok((overview::list(conn)?, one_time_links::list(conn)?))).await?;
    let mut rows: Vec<Row> = people.into_iter().map(|person| Row::new(person, &layout.zone)).collect();
    rows.sort_by_key(|row| row.state == "Disabled");
    let links = links.into_iter().map(|link| LinkRow::new(link, &layout.zone)).collect();
    let page = PeoplePage { layout, rows, links };
    page.layout.page(StatusCode::OK, &page)
}

pub async fn withdraw(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (actor, id) = (person.actor(), form.text("id").parse().unwrap_or(0));
    let name = state.db.write(move |tx| one_time_links::withdraw(tx, &actor, id)).await?;
    Ok(see_other(PATH, Some(&format!("The link for {name} no longer works."))))
}
