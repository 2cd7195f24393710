//! GET and POST /settings/tokens/new: the form of a new token. The answer to it shows the token, once: it stands in no
//! address, no cookie and no log. A second sending of the same form is refused, since the name is taken.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::new_token::{self, NewToken};
use crate::accounts::signing_secret::SigningSecret;
use crate::accounts::token_sources::Binding;
use crate::accounts::tokens::SentIn;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, FieldErrors};
use crate::ingest::mappings;
use crate::model::actor::Scope;
use crate::permissions::{Action, require};
use crate::web::shared::choices::{Choice, choice};
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::Layout;
use crate::web::shared::own_address::own_address;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::Zone;

#[derive(Template)]
#[template(path = "settings/token_new.html")]
struct FormPage {
    layout: Layout,
    form: Submitted,
    scopes: Vec<Choice>,
    ways: Vec<Choice>,
    /// "None" and every mapping; empty where there is none.
    mappings: Vec<Choice>,
    errors: FieldErrors,
}

impl FormPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "tokens"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }
}

/// A token that was just made.
#[derive(Template)]
#[template(path = "settings/token_made.html")]
struct MadePage {
    layout: Layout,
    name: String,
    token: String,
    signing_secret: Option<String>,
    /// Where alerts are sent; none for a token that sends none.
    address: Option<String>,
    /// Whether the address contains the token.
    in_address: bool,
}

impl MadePage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "tokens"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let names = state.db.read(mapping_names).await?;
    form_page(layout, StatusCode::OK, Submitted::default(), names, FieldErrors::default())
}

fn mapping_names(conn: &mut AnyConnection) -> Result<Vec<String>, Error> {
    Ok(mappings::list(conn)?.into_iter().map(|listed| listed.mapping.name).collect())
}

fn form_page(
    layout: Layout,
    status: StatusCode,
    form: Submitted,
    names: Vec<String>,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let scopes = [
        (Scope::Ingest, "Ingest: send alerts"),
        (Scope::Read, "Read: read incidents and alerts"),
        (Scope::Write, "Write: read and change incidents and alerts"),
    ];
    let chosen = form.get("scope").unwrap_or(Scope::Ingest.as_str());
    let way = form.get("sent_in").unwrap_or(SentIn::Header.as_str());
    let ways =
        [(SentIn::Header, "In a header"), (SentIn::Address, "In the address, for senders that cannot set a header")];
    let mapping = form.text("mapping");
    let none = (!names.is_empty()).then(|| choice("", "None: the format is detected", mapping));
    let page = FormPage {
        scopes: scopes.map(|(scope, label)| choice(scope.as_str(), label, chosen)).to_vec(),
        ways: ways.map(|(sent_in, label)| choice(sent_in.as_str(), label, way)).to_vec(),
        mappings: none.into_iter().chain(names.iter().map(|name| choice(name, name.as_str(), mapping))).collect(),
        errors,
        form,
        layout,
    };
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
    let (typed, mapping) =
        (checked.and_then(|()| new_token(&form, &layout.zone)), form.text("mapping").trim().to_owned());
    let made = match typed {
        Ok(mut new) => {
            let write = move |tx: &mut Tx<'_>| {
                new.mapping = mapping_of(tx.conn, &mapping, new.scope)?;
                let secret = new_token::make(tx, &actor, &new)?;
                Ok((secret, new.clone()))
            };
            state.db.write(write).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok((token, new)) => made_page(layout, own_address(&request, &state), token, new),
        Err(Error::Invalid(errors)) => {
            let names = state.db.read(mapping_names).await?;
            form_page(layout, StatusCode::UNPROCESSABLE_ENTITY, form, names, errors)
        }
        Err(error) => Err(error.into()),
    }
}

/// The end of the day until which a token works; none where nothing is chosen.
pub fn read_expiry(form: &Submitted, zone: &Zone) -> Result<Option<i64>, Error> {
    let typed = form.text("expires").trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::at_field("expires", "Enter a date, such as 2027-03-31.");
    zone.read(typed, true).map(Some).ok_or_else(wrong)
}

/// The token that a form asks for, without its mapping.
fn new_token(form: &Submitted, zone: &Zone) -> Result<NewToken, Error> {
    let unknown = |field, what: &str| Error::at_field(field, format!("Choose {what}."));
    let scope = Scope::parse(form.text("scope")).ok_or_else(|| unknown("scope", "what the token may do"))?;
    let sent_in = SentIn::parse(form.text("sent_in")).ok_or_else(|| unknown("sent_in", "where the token is sent"))?;
    let sources = form.text("source").split([',', '\n']).map(str::trim).filter(|name| !name.is_empty());
    let binding = Binding::parse(&sources.map(str::to_owned).collect::<Vec<_>>())?;
    let signing = match form.get("signed") {
        Some(_) => Some(SigningSecret::generate()?),
        None => None,
    };
    let purpose = form.text("purpose").trim().to_owned();
    let expires_at = read_expiry(form, zone)?;
    Ok(NewToken { sent_in, purpose, expires_at, binding, signing, ..NewToken::new(form.text("name").trim(), scope) })
}

fn mapping_of(conn: &mut AnyConnection, name: &str, scope: Scope) -> Result<Option<(i64, String)>, Error> {
    if name.is_empty() {
        return Ok(None);
    }
    if scope != Scope::Ingest {
        return Err(Error::at_field("mapping", "Only a token that sends alerts has a mapping."));
    }
    let found = mappings::by_name(conn, name)?;
    let found = found.ok_or_else(|| Error::at_field("mapping", "There is no such mapping any more."))?;
    Ok(Some((found.id, found.name)))
}

fn made_page(layout: Layout, base: String, token: String, new: NewToken) -> Result<HttpResponse, Failure> {
    let in_address = new.sent_in == SentIn::Address;
    let address = match (new.scope, in_address) {
        (Scope::Ingest, true) => Some(format!("{base}/api/v1/alerts/in/{token}")),
        (Scope::Ingest, false) => Some(format!("{base}/api/v1/alerts")),
        _ => None,
    };
    let signing_secret = new.signing.map(|secret| secret.as_str().to_owned());
    let page = MadePage { layout, name: new.name, token, signing_secret, address, in_address };
    page.layout.page(StatusCode::OK, &page)
}
