//! GET /settings/tokens: the tokens with what each may do, and their latest changes. POST /settings/tokens/revoke ends
//! one.

use std::collections::{BTreeMap, HashMap};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::setting_changes::SettingChange;
use crate::accounts::token_sources::{self, Binding};
use crate::accounts::tokens::{self, ApiToken, SentIn, State};
use crate::accounts::users;
use crate::clock;
use crate::ingest::senders::{self, Sending};
use crate::model::user::User;
use crate::permissions::{Action, require};
use crate::text::source_label;
use crate::web::settings::change_view::CHANGES;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

const PATH: &str = "/settings/tokens";

/// A token in the list.
struct TokenRow {
    name: String,
    scope: &'static str,
    /// What else is special about it: "in the address, signed".
    details: String,
    /// What it may send, if it is bound.
    binding: Option<String>,
    /// The products that it has sent.
    products: String,
    purpose: String,
    /// The person who made it for themselves.
    owner: Option<String>,
    created: ShownTime,
    used: Option<ShownTime>,
    used_from: String,
    expires: Option<ShownTime>,
    /// Until when the secret before the last rotation works.
    earlier_until: Option<ShownTime>,
    state: State,
    revoked: Option<ShownTime>,
}

/// A change of a token.
struct ChangeView {
    who: String,
    sentence: String,
    when: ShownTime,
}

#[derive(Template)]
#[template(path = "settings/tokens.html")]
struct TokensPage {
    layout: Layout,
    rows: Vec<TokenRow>,
    changes: Vec<ChangeView>,
}

impl TokensPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "tokens"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let (tokens, bindings, sending, changes, people) = state
        .db
        .read(|conn| {
            let tokens = (tokens::list(conn)?, token_sources::all(conn)?);
            let lists = (senders::list(conn)?, tokens::changes(conn, CHANGES)?);
            Ok((tokens.0, tokens.1, lists.0, lists.1, users::names(conn)?))
        })
        .await?;
    let mut sending: BTreeMap<i64, Sending> = sending.into_iter().map(|one| (one.token.id, one)).collect();
    let zone = &layout.zone;
    let mut rows: Vec<TokenRow> = tokens
        .into_iter()
        .map(|token| {
            let binding = bindings.get(&token.id).and_then(Binding::label);
            let sources = sending.remove(&token.id).map(|one| one.sources).unwrap_or_default();
            token_row(token, binding, &sources, &people, zone)
        })
        .collect();
    // Those that work come first; the newest of both first.
    rows.reverse();
    rows.sort_by_key(|row| row.state != State::Active);
    let changes = changes.into_iter().map(|change| change_view(change, zone)).collect();
    let page = TokensPage { layout, rows, changes };
    page.layout.page(StatusCode::OK, &page)
}

fn token_row(
    token: ApiToken,
    binding: Option<String>,
    sources: &[String],
    people: &HashMap<i64, User>,
    zone: &Zone,
) -> TokenRow {
    let mut details = Vec::new();
    if token.sent_in == SentIn::Address {
        details.push("in the address");
    }
    if token.is_signed {
        details.push("signed");
    }
    TokenRow {
        scope: token.scope.label(),
        details: details.join(", "),
        binding,
        products: sources.iter().map(|source| source_label(source)).collect::<Vec<_>>().join(", "),
        purpose: token.purpose.clone(),
        owner: token.owner_id.and_then(|owner| people.get(&owner)).map(User::shown_name),
        created: zone.show(token.created_at),
        used_from: token.last_used_from.clone(),
        expires: token.expires_at.map(|at| zone.show(at)),
        earlier_until: token.earlier_until.filter(|at| *at > clock::now()).map(|at| zone.show(at)),
        state: token.state(),
        used: token.last_used_at.map(|at| zone.show(at)),
        revoked: token.revoked_at.map(|at| zone.show(at)),
        name: token.name,
    }
}

fn change_view(change: SettingChange, zone: &Zone) -> ChangeView {
    let sentence = match &change.new_body {
        Some(made) => format!("made the token {} ({made})", change.name),
        None => format!("revoked the token {}", change.name),
    };
    ChangeView { who: change.actor_name, sentence, when: zone.show(change.at) }
}

/// POST /settings/tokens/revoke: ends a token.
pub async fn revoke(state: Data<AppState>, person: SignedIn, form: Submitted) -> Result<HttpResponse, Failure> {
    let (name, actor) = (form.text("name").to_owned(), person.actor());
    let notice = format!("The token {name} is revoked. What it sends from now on is rejected.");
    state.db.write(move |tx| tokens::revoke(tx, &actor, &name)).await?;
    Ok(see_other(PATH, Some(&notice)))
}
