//! GET /account: the profile, the password, the open sessions and the own tokens of whoever looks.

use actix_session::Session;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::groups::{self, Group};
use crate::accounts::open_sessions::{self, OpenSession};
use crate::accounts::overview::{self, Person};
use crate::accounts::second_factor::passkeys::{self, Passkey};
use crate::accounts::second_factor::{self, Held};
use crate::accounts::tokens::{self, ApiToken, State};
use crate::db::AnyConnection;
use crate::error::{Error, FieldErrors};
use crate::model::actor::Scope;
use crate::model::user::Role;
use crate::web::settings::people::SessionView;
use crate::web::shared::choices::{Choice, choice};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::layout::Layout;
use crate::web::shared::session::HANDLE;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone, zone_names};

pub(super) const PATH: &str = "/account";

/// A token that the person made for themselves.
struct TokenRow {
    name: String,
    scope: &'static str,
    purpose: String,
    expires: Option<ShownTime>,
    used: Option<ShownTime>,
    used_from: String,
    state: &'static str,
    is_active: bool,
}

/// A passkey in the list.
struct PasskeyRow {
    id: String,
    name: String,
    added: ShownTime,
    used: Option<ShownTime>,
}

impl PasskeyRow {
    fn new(key: Passkey, zone: &Zone) -> Self {
        let used = key.last_used_at.map(|at| zone.show(at));
        Self { id: key.credential_id, name: key.name, added: zone.show(key.added_at), used }
    }
}

#[derive(Template)]
#[template(path = "account/own.html")]
struct AccountPage {
    layout: Layout,
    has_password: bool,
    groups: Vec<Group>,
    sessions: Vec<SessionView>,
    held: Held,
    passkeys: Vec<PasskeyRow>,
    tokens: Vec<TokenRow>,
    scopes: Vec<Choice>,
    zones: Vec<String>,
    /// What was typed into the form that was refused.
    form: Submitted,
    errors: FieldErrors,
}

impl AccountPage {
    fn active(&self) -> &'static str {
        "account"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn typed(&self, field: &str, stored: &str) -> String {
        self.form.get(field).unwrap_or(stored).to_owned()
    }

    /// A refused form has the box only where it was checked.
    fn key_shortcuts(&self) -> bool {
        if self.form.get("display_name").is_some() {
            self.form.get("key_shortcuts").is_some()
        } else {
            self.layout.user.key_shortcuts
        }
    }
}

/// What the page tells.
struct Facts {
    person: Person,
    groups: Vec<Group>,
    sessions: Vec<OpenSession>,
    held: Held,
    passkeys: Vec<Passkey>,
    tokens: Vec<ApiToken>,
}

fn facts(conn: &mut AnyConnection, id: i64) -> Result<Facts, Error> {
    Ok(Facts {
        person: overview::find(conn, id)?,
        groups: groups::of_person(conn, id)?,
        sessions: open_sessions::list(conn, id)?,
        held: second_factor::held(conn, id)?,
        passkeys: passkeys::list(conn, id)?,
        tokens: tokens::of_person(conn, id)?,
    })
}

pub async fn show(state: Data<AppState>, layout: Layout, session: Session) -> Result<HttpResponse, Failure> {
    respond(&state, layout, &session, Submitted::default(), Ok(())).await
}

/// The page; with what is wrong with a form of it, or another error instead.
pub(super) async fn respond(
    state: &AppState,
    layout: Layout,
    session: &Session,
    form: Submitted,
    done: Result<(), Error>,
) -> Result<HttpResponse, Failure> {
    let (status, errors) = match done {
        Ok(()) => (StatusCode::OK, FieldErrors::default()),
        Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
        Err(error) => return Err(error.into()),
    };
    let id = layout.user.id;
    let Facts { person, groups, sessions, held, passkeys, tokens } = state.db.read(move |conn| facts(conn, id)).await?;
    let this = session.get::<String>(HANDLE).ok().flatten().unwrap_or_default();
    let page = AccountPage {
        has_password: person.has_password,
        groups,
        sessions: sessions.into_iter().map(|session| SessionView::new(session, &this, &layout.zone)).collect(),
        held,
        passkeys: passkeys.into_iter().map(|key| PasskeyRow::new(key, &layout.zone)).collect(),
        tokens: tokens.into_iter().map(|token| token_row(token, &layout)).collect(),
        scopes: scopes(layout.user.role, form.text("scope")),
        zones: zone_names(),
        form,
        errors,
        layout,
    };
    page.layout.page(status, &page)
}

/// What a token of the person could do.
fn scopes(role: Role, selected: &str) -> Vec<Choice> {
    let read = choice(Scope::Read.as_str(), "Read: read what I may read", selected);
    let write = choice(Scope::Write.as_str(), "Write: change what I may change", selected);
    if role >= Role::Analyst { vec![read, write] } else { vec![read] }
}

fn token_row(token: ApiToken, layout: &Layout) -> TokenRow {
    let state = token.state();
    TokenRow {
        scope: token.scope.label(),
        expires: token.expires_at.map(|at| layout.zone.show(at)),
        used: token.last_used_at.map(|at| layout.zone.show(at)),
        used_from: token.last_used_from,
        state: state.label(),
        is_active: state == State::Active,
        name: token.name,
        purpose: token.purpose,
    }
}
