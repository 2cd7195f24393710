//! GET /settings/people/{id}: one person, with everything that can be done to the account.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts::groups::{self, Group};
use crate::accounts::open_sessions::{self, OpenSession};
use crate::accounts::overview::{self, Person};
use crate::accounts::second_factor::{self, Held};
use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::{Error, FieldErrors};
use crate::model::user::{Role, User};
use crate::operations::hand_over::{self, Owned};
use crate::permissions::{Action, require};
use crate::text::counted;
use crate::web::settings::people::SessionView;
use crate::web::settings::people::list::{PATH, state as state_of};
use crate::web::shared::choices::{Choice, choice};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::Layout;
use crate::web::shared::session::HANDLE;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

#[derive(Template)]
#[template(path = "settings/people/person.html")]
struct PersonPage {
    layout: Layout,
    person: User,
    state: &'static str,
    created: ShownTime,
    signed_in: Option<ShownTime>,
    roles: Vec<Choice>,
    groups: Vec<Group>,
    sessions: Vec<SessionView>,
    held: Held,
    owned: Owned,
    /// Who could take over.
    heirs: Vec<Choice>,
    errors: FieldErrors,
}

impl PersonPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "people"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    /// What the person has: "authenticator app, 2 passkeys".
    fn second_factor(&self) -> String {
        let app = self.held.authenticator.then(|| "authenticator app".to_owned());
        let keys = (self.held.passkeys > 0).then(|| counted(self.held.passkeys, "passkey"));
        app.into_iter().chain(keys).collect::<Vec<_>>().join(", ")
    }

    /// Where everything below the page is posted to.
    fn base(&self) -> String {
        path(self.person.id)
    }

    fn sessions_path(&self) -> String {
        format!("{}/sessions", self.base())
    }

    /// The queue with the open incidents of the person.
    fn owned_path(&self) -> String {
        let name: String = form_urlencoded::byte_serialize(self.person.name.as_bytes()).collect();
        format!("/incidents?status=active&status=inProgress&severity=all&range=all&assignedTo={name}")
    }
}

/// What the page tells.
struct Facts {
    person: Person,
    groups: Vec<Group>,
    sessions: Vec<OpenSession>,
    held: Held,
    owned: Owned,
    people: Vec<User>,
}

fn facts(conn: &mut AnyConnection, id: i64) -> Result<Facts, Error> {
    Ok(Facts {
        person: overview::find(conn, id)?,
        groups: groups::of_person(conn, id)?,
        sessions: open_sessions::list(conn, id)?,
        held: second_factor::held(conn, id)?,
        owned: hand_over::owned_by(conn, id)?,
        people: users::list(conn)?,
    })
}

fn roles(selected: &str) -> Vec<Choice> {
    Role::ALL.iter().map(|role| choice(role.as_str(), role.label(), selected)).collect()
}

pub(super) fn path(id: i64) -> String {
    format!("{PATH}/{id}")
}

pub async fn show(
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    session: Session,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    respond(&state, layout, &session, *id, &Submitted::default(), StatusCode::OK, FieldErrors::default()).await
}

/// The page, with what is wrong with a form of it.
pub(super) async fn respond(
    state: &AppState,
    layout: Layout,
    session: &Session,
    id: i64,
    form: &Submitted,
    status: StatusCode,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let Facts { person, groups, sessions, held, owned, people } = state.db.read(move |conn| facts(conn, id)).await?;
    let this = session.get::<String>(HANDLE).ok().flatten().unwrap_or_default();
    let zone = &layout.zone;
    let others = people.iter().filter(|user| user.id != id && user.can_own());
    let to = form.text("to");
    let heirs = std::iter::once(choice("", "Choose a person", to))
        .chain(others.map(|user| choice(&user.name, format!("{} ({})", user.display_name, user.name), to)))
        .collect();
    let page = PersonPage {
        state: state_of(&person),
        created: zone.show(person.created_at),
        signed_in: person.last_signed_in.map(|at| zone.show(at)),
        roles: roles(form.get("role").unwrap_or(person.user.role.as_str())),
        sessions: sessions.into_iter().map(|session| SessionView::new(session, &this, zone)).collect(),
        person: person.user,
        groups,
        held,
        owned,
        heirs,
        errors,
        layout,
    };
    page.layout.page(status, &page)
}
