//! Below /settings/sign-in/providers: one identity provider.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::single_sign_on::providers::{self, ProviderForm};
use crate::error::{Error, FieldErrors};
use crate::model::user::Role;
use crate::permissions::{Action, require};
use crate::web::account::oidc::redirect_address;
use crate::web::settings::sign_in::page::PATH;
use crate::web::shared::choices::{Choice, choice};
use crate::web::shared::error::Failure;
use crate::web::shared::form::{Submitted, Typed};
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::own_address::own_address;
use crate::web::shared::state::AppState;

#[derive(Template)]
#[template(path = "settings/sign_in/provider.html")]
struct ProviderPage {
    layout: Layout,
    /// None for a new provider.
    id: Option<i64>,
    form: ProviderForm,
    /// Whether a secret is stored; it is never shown.
    has_secret: bool,
    roles: Vec<Choice>,
    /// What is entered at the provider: where it sends the browser and its messages, and where people come back to after
    /// signing out. None before the provider is saved.
    addresses: Option<[String; 3]>,
    errors: FieldErrors,
}

impl ProviderPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "sign-in"
    }

    fn error(&self, field: &str) -> &str {
        self.errors.at(field).unwrap_or_default()
    }

    fn secret_hint(&self) -> &'static str {
        if self.has_secret { "Stored. Leave it empty to keep it." } else { "Empty for a public client." }
    }

    fn title(&self) -> &str {
        if self.id.is_some() { &self.form.name } else { "New identity provider" }
    }

    fn path(&self) -> String {
        self.id.map_or_else(|| format!("{PATH}/providers/new"), |id| format!("{PATH}/providers/{id}"))
    }
}

pub async fn new(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let form = ProviderForm {
        scopes: "profile email".to_owned(),
        groups_claim: "groups".to_owned(),
        default_role: Role::Viewer.as_str().to_owned(),
        enabled: true,
        ..ProviderForm::default()
    };
    respond(&request, &state, layout, None, form, FieldErrors::default()).await
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let id = id.into_inner();
    let provider = state.db.read(move |conn| providers::find(conn, id)).await?;
    let form = ProviderForm {
        name: provider.name,
        issuer: provider.issuer,
        client_id: provider.client_id,
        client_secret: String::new(),
        scopes: provider.scopes,
        groups_claim: provider.groups_claim,
        default_role: provider.default_role,
        role_rules: provider.role_rules,
        group_rules: provider.group_rules,
        enabled: provider.enabled,
    };
    respond(&request, &state, layout, Some(id), form, FieldErrors::default()).await
}

async fn respond(
    request: &HttpRequest,
    state: &AppState,
    layout: Layout,
    id: Option<i64>,
    form: ProviderForm,
    errors: FieldErrors,
) -> Result<HttpResponse, Failure> {
    let stored = match id {
        Some(id) => Some(state.db.read(move |conn| providers::find(conn, id)).await?),
        None => None,
    };
    let none = choice("", "None: only people whose groups have a role come in", &form.default_role);
    let roles = Role::ALL.iter().map(|role| choice(role.as_str(), role.label(), &form.default_role));
    let addresses = stored.as_ref().map(|provider| {
        let base = own_address(request, state);
        let back_channel = format!("{base}/login/oidc/{}/back-channel", provider.slug);
        [redirect_address(request, state, &provider.slug), back_channel, format!("{base}/login")]
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ProviderPage {
        id,
        has_secret: stored.is_some_and(|provider| !provider.client_secret.is_empty()),
        roles: std::iter::once(none).chain(roles).collect(),
        addresses,
        form: ProviderForm { client_secret: String::new(), ..form },
        errors,
        layout,
    };
    page.layout.page(status, &page)
}

fn typed(form: &Submitted) -> ProviderForm {
    let text = |name: &str| form.text(name).to_owned();
    ProviderForm {
        name: text("name"),
        issuer: text("issuer"),
        client_id: text("client_id"),
        client_secret: text("client_secret"),
        scopes: text("scopes"),
        groups_claim: text("groups_claim"),
        default_role: text("default_role"),
        role_rules: text("role_rules"),
        group_rules: text("group_rules"),
        enabled: form.get("enabled").is_some(),
    }
}

pub async fn create(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    form: Typed,
) -> Result<HttpResponse, Failure> {
    save(&request, &state, layout, person, None, form).await
}

pub async fn change(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    person: SignedIn,
    id: Path<i64>,
    form: Typed,
) -> Result<HttpResponse, Failure> {
    save(&request, &state, layout, person, Some(id.into_inner()), form).await
}

async fn save(
    request: &HttpRequest,
    state: &AppState,
    layout: Layout,
    person: SignedIn,
    id: Option<i64>,
    Typed { form, checked }: Typed,
) -> Result<HttpResponse, Failure> {
    let (actor, form) = (person.actor(), typed(&form));
    require(&actor, Action::Administer)?;
    let written = form.clone();
    let saved = match checked {
        Ok(()) => state.db.write(move |tx| providers::save(tx, &actor, id, &written)).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(saved) => Ok(see_other(&format!("{PATH}/providers/{saved}"), Some("Saved."))),
        Err(Error::Invalid(errors)) => respond(request, state, layout, id, form, errors).await,
        Err(error) => Err(error.into()),
    }
}

pub async fn delete(state: Data<AppState>, person: SignedIn, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let (actor, id) = (person.actor(), id.into_inner());
    let provider = state.db.write(move |tx| providers::delete(tx, &actor, id)).await?;
    Ok(see_other(PATH, Some(&format!("{} was deleted. Sessions that began there have ended.", provider.name))))
}
