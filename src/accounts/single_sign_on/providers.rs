//! The identity providers, as administrators set them up.

use diesel::prelude::*;
use openidconnect::url::Url;
use serde::Serialize;

use crate::accounts::look_alike::has_invisible;
use crate::accounts::setting_changes::{self, Setting};
use crate::accounts::single_sign_on::group_rules;
use crate::db::{AnyConnection, Tx};
use crate::error::{FieldErrors, Result};
use crate::model::actor::Actor;
use crate::model::user::Role;
use crate::permissions::{Action, require};
use crate::schema::{identity_providers as table, sessions};

/// The kind of providers in the record of changes.
const KIND: &str = "identityProvider";
/// Most providers, so that the sign-in page stays short.
const MOST: i64 = 20;
/// Longest name, in characters.
const NAME: usize = 60;
/// Longest of the other texts, in characters.
const TEXT: usize = 2_000;

/// A provider. Its secret is in no answer and no record.
#[derive(Debug, Clone, Queryable, Selectable, Serialize)]
#[diesel(table_name = table)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    #[serde(skip)]
    pub id: i64,
    /// Part of its addresses, such as /login/oidc/keycloak.
    #[serde(skip)]
    pub slug: String,
    #[serde(skip)]
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    #[serde(skip)]
    pub client_secret: String,
    /// Asked for beside "openid", by blanks.
    pub scopes: String,
    /// The claim that lists groups.
    pub groups_claim: String,
    /// The stored value of a [`Role`]; empty where only those may come in whose groups have a role.
    pub default_role: String,
    pub role_rules: String,
    pub group_rules: String,
    pub enabled: bool,
}

impl Provider {
    pub fn default_role(&self) -> Option<Role> {
        Role::parse(&self.default_role)
    }
}

/// A provider as it is typed.
#[derive(Debug, Clone, Default)]
pub struct ProviderForm {
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// Empty: unchanged.
    pub client_secret: String,
    pub scopes: String,
    pub groups_claim: String,
    pub default_role: String,
    pub role_rules: String,
    pub group_rules: String,
    pub enabled: bool,
}

/// What the record of changes keeps: everything but the secret, and what the record itself names.
fn recorded(provider: &Provider) -> Result<String> {
    Ok(serde_json::to_string(provider)?)
}

/// All providers, by name.
pub fn list(conn: &mut AnyConnection) -> Result<Vec<Provider>> {
    Ok(table::table.order((table::name, table::id)).select(Provider::as_select()).load(conn)?)
}

/// Those that people sign in by.
pub fn enabled(conn: &mut AnyConnection) -> Result<Vec<Provider>> {
    let mut all = list(conn)?;
    all.retain(|provider| provider.enabled);
    Ok(all)
}

pub fn find(conn: &mut AnyConnection, id: i64) -> Result<Provider> {
    Ok(table::table.find(id).select(Provider::as_select()).first(conn)?)
}

/// The provider of an address, if people sign in by it.
pub fn by_slug(conn: &mut AnyConnection, slug: &str) -> Result<Provider> {
    let found = table::table.filter(table::slug.eq(slug)).filter(table::enabled.eq(true));
    Ok(found.select(Provider::as_select()).first(conn)?)
}

/// Adds a provider, or changes one. Returns its id.
pub fn save(tx: &mut Tx<'_>, actor: &Actor, id: Option<i64>, form: &ProviderForm) -> Result<i64> {
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let before = id.map(|id| find(tx.conn, id)).transpose()?;
    check(tx.conn, form, before.as_ref())?;
    let values = (
        table::name.eq(form.name.trim()),
        table::issuer.eq(form.issuer.trim()),
        table::client_id.eq(form.client_id.trim()),
        table::scopes.eq(form.scopes.split_whitespace().collect::<Vec<_>>().join(" ")),
        table::groups_claim.eq(form.groups_claim.trim()),
        table::default_role.eq(&form.default_role),
        table::role_rules.eq(&form.role_rules),
        table::group_rules.eq(&form.group_rules),
        table::enabled.eq(form.enabled),
    );
    let id = if let Some(before) = &before {
        diesel::update(table::table.find(before.id)).set(values).execute(tx.conn)?;
        before.id
    } else {
        let id = tx.take_ids("identity_provider", 1)?;
        let slug = free_slug(tx.conn, &form.name, id)?;
        let first = (table::id.eq(id), table::slug.eq(slug), table::client_secret.eq(""));
        diesel::insert_into(table::table).values((first, values)).execute(tx.conn)?;
        id
    };
    if !form.client_secret.is_empty() {
        let secret = form.client_secret.trim();
        diesel::update(table::table.find(id)).set(table::client_secret.eq(secret)).execute(tx.conn)?;
    }
    let after = find(tx.conn, id)?;
    let bodies = (before.as_ref().map(recorded).transpose()?, Some(recorded(&after)?));
    setting_changes::note(tx, actor, change, Setting { kind: KIND, id, name: &after.name }, bodies)?;
    Ok(id)
}

/// Deletes a provider and ends the sessions that began there. Accounts stay; their people sign in otherwise.
pub fn delete(tx: &mut Tx<'_>, actor: &Actor, id: i64) -> Result<Provider> {
    require(actor, Action::Administer)?;
    let change = setting_changes::next(tx)?;
    let provider = find(tx.conn, id)?;
    diesel::delete(sessions::table.filter(sessions::provider_id.eq(id))).execute(tx.conn)?;
    diesel::delete(table::table.find(id)).execute(tx.conn)?;
    let setting = Setting { kind: KIND, id, name: &provider.name };
    setting_changes::note(tx, actor, change, setting, (Some(recorded(&provider)?), None))?;
    Ok(provider)
}

fn check(conn: &mut AnyConnection, form: &ProviderForm, before: Option<&Provider>) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = form.name.trim();
    let others = list(conn)?;
    if before.is_none() && i64::try_from(others.len()).unwrap_or(i64::MAX) >= MOST {
        errors.add("name", "There are 20 providers. Delete one first.");
    } else if name.is_empty() || name.chars().count() > NAME || has_invisible(name) {
        errors.add("name", "A name must have 1 to 60 visible characters.");
    } else if others.iter().any(|other| other.name == name && before.is_none_or(|before| before.id != other.id)) {
        errors.add("name", "A provider with this name already exists.");
    }
    if let Err(message) = check_issuer(form.issuer.trim()) {
        errors.add("issuer", message);
    }
    if form.client_id.trim().is_empty() {
        errors.add("client_id", "Enter the client ID that the provider shows.");
    }
    let texts = [
        ("client_id", &form.client_id),
        ("client_secret", &form.client_secret),
        ("scopes", &form.scopes),
        ("groups_claim", &form.groups_claim),
    ];
    for (field, text) in texts {
        if text.chars().count() > TEXT {
            errors.add(field, "At most 2,000 characters.");
        }
    }
    if !form.default_role.is_empty() && Role::parse(&form.default_role).is_none() {
        errors.add("default_role", "Choose a role of the list.");
    }
    if let Err(message) = group_rules::parse_roles(&form.role_rules) {
        errors.add("role_rules", message);
    }
    if let Err(message) = group_rules::parse(&form.group_rules) {
        errors.add("group_rules", message);
    }
    if form.default_role.is_empty() && form.role_rules.trim().is_empty() {
        errors.add("default_role", "Choose a default role, or enter which groups have which role.");
    }
    errors.into_result()
}

/// An issuer is an https address; on this machine http is enough.
fn check_issuer(issuer: &str) -> std::result::Result<(), &'static str> {
    let wrong = "Enter the issuer's address, such as https://login.example/realms/soc.";
    let url = Url::parse(issuer).map_err(|_| wrong)?;
    let is_local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        _ if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() => Err(wrong),
        "https" => Ok(()),
        "http" if is_local => Ok(()),
        "http" => Err("The issuer's address must begin with https://."),
        _ => Err(wrong),
    }
}

/// The part of the addresses of a new provider: its name in small letters, with the id where that is taken.
fn free_slug(conn: &mut AnyConnection, name: &str, id: i64) -> Result<String> {
    let letters = name.to_lowercase();
    let parts: Vec<&str> =
        letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let slug = if parts.is_empty() { "provider".to_owned() } else { parts.join("-") };
    let taken: i64 = table::table.filter(table::slug.eq(&slug)).count().get_result(conn)?;
    Ok(if taken == 0 { slug } else { format!("{slug}-{id}") })
}
