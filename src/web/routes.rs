//! The table of addresses with their handlers. The server registers it and the tests iterate over it, so
//! that no address can be missing in one of them. An address that is not listed needs a session too.

use actix_web::cookie::Key;
use actix_web::dev::ResourceDef;
use actix_web::guard::{Any, Get, Head};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web;
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::sessions::Lifetimes;
use crate::db::Db;
use crate::error::Error;
use crate::web::account::{join, oidc, own, passkey, second_factor, set_up_second_factor, setup, sign_in};
use crate::web::routes::Access::{Public, SignIn, SignedIn, StaticFile, Token};
use crate::web::shared::{
    below_a_path, csrf, error, error_page, guard, in_turn, session, session_failure, static_files,
};
use crate::web::{
    alert, api, asset, attachment, comments, entity, health, incident, lessons, metrics, operations, queue, search,
    settings,
};

/// Who may use an address. Each is registered in a scope of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody. No session is read, so that it works without the database.
    Public,
    /// Everybody: scripts, styles and images below [`FILES`].
    StaticFile,
    /// Everybody. A session may begin here.
    SignIn,
    /// People who have signed in.
    SignedIn,
    /// Programs with a token: addresses below [`API`].
    Token,
}

/// How much an address reads of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A few rows, found by their ids.
    Little,
    /// What a filter, a search or a form asks for. A person reads two such addresses at a time; further requests
    /// wait ([`crate::web::shared::reader_shares`]).
    Much,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// An address and what handles it.
#[derive(Debug)]
pub struct Route {
    pub method: Method,
    /// A pattern of actix-web: `{id}` stands for a part of the path.
    pub address: &'static str,
    pub access: Access,
    pub reading: Reading,
    answer: Answer,
}

#[derive(Debug)]
enum Answer {
    Handler(fn(actix_web::Route) -> actix_web::Route),
    /// Redirects to another address, for every method.
    Redirect(&'static str),
}

const FILES: &str = "/static";
const API: &str = "/api";

/// In the order of registration. The first one that matches is used, so "/incidents/{id}" comes after
/// "/incidents/chart".
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    get("/healthz", Public, |route| route.to(health::healthz)),
    get("/metrics", Public, |route| route.to(metrics::show)),
    get("/readyz", Public, |route| route.to(health::readyz)),
    get("/static/{path:.*}", StaticFile, |route| route.to(static_files::serve)),
    post("/api/v1/alerts", Token, |route| route.to(api::ingest::receive)),
    post("/api/v1/alerts/in/{token}", Token, |route| route.to(api::ingest::receive)),
    get("/setup", SignIn, |route| route.to(setup::show)),
    post("/setup", SignIn, |route| route.to(setup::create)),
    get("/login", SignIn, |route| route.to(sign_in::show)),
    post("/login", SignIn, |route| route.to(sign_in::sign_in)),
    get("/login/second-factor", SignIn, |route| route.to(second_factor::show)),
    post("/login/second-factor", SignIn, |route| route.to(second_factor::verify)),
    get("/login/second-factor/set-up", SignIn, |route| route.to(set_up_second_factor::show)),
    post("/login/second-factor/set-up", SignIn, |route| route.to(set_up_second_factor::set_up)),
    get("/login/second-factor/code.svg", SignIn, |route| route.to(set_up_second_factor::picture)),
    post("/login/passkey/options", SignIn, |route| route.to(passkey::options)),
    post("/login/passkey", SignIn, |route| route.to(passkey::sign_in)),
    get("/login/oidc/{provider}", SignIn, |route| route.to(oidc::begin)),
    get("/login/oidc/{provider}/callback", SignIn, |route| route.to(oidc::callback)),
    post("/login/oidc/{provider}/back-channel", SignIn, |route| route.to(oidc::back_channel)),
    get("/login/demo/{code}", SignIn, |route| route.to(sign_in::demo)),
    get("/join/{secret}", SignIn, |route| route.to(join::show)),
    post("/join/{secret}", SignIn, |route| route.to(join::accept)),
    post("/logout", SignedIn, |route| route.to(sign_in::sign_out)),
    redirect("/", "/incidents"),
    much(get("/incidents", SignedIn, |route| route.to(queue::page::show))),
    much(get("/incidents.csv", SignedIn, |route| route.to(queue::export::csv))),
    much(get("/incidents.jsonl", SignedIn, |route| route.to(queue::export::json_lines))),
    much(get("/incidents/chart", SignedIn, |route| route.to(queue::chart::show))),
    much(get("/incidents/targets", SignedIn, |route| route.to(queue::targets::show))),
    much(get("/incidents/rows", SignedIn, |route| route.to(queue::rows::show))),
    much(get("/incidents/updates", SignedIn, |route| route.to(queue::updates::show))),
    much(post("/incidents/bulk", SignedIn, |route| route.to(queue::bulk::submit))),
    much(get("/incidents/filters", SignedIn, |route| route.to(queue::filters::show))),
    get("/incidents/columns", SignedIn, |route| route.to(queue::columns::show)),
    post("/incidents/columns", SignedIn, |route| route.to(queue::columns::save)),
    get("/incidents/pane-layout", SignedIn, |route| route.to(incident::pane_layout::show)),
    post("/incidents/pane-layout", SignedIn, |route| route.to(incident::pane_layout::save)),
    much(get("/incidents/views", SignedIn, |route| route.to(queue::saved_views::list))),
    post("/incidents/views", SignedIn, |route| route.to(queue::saved_view_form::create)),
    much(get("/incidents/views/counts", SignedIn, |route| route.to(queue::saved_views::counts))),
    get("/incidents/views/new", SignedIn, |route| route.to(queue::saved_view_form::new)),
    post("/incidents/views/default", SignedIn, |route| route.to(queue::saved_views::set_default)),
    get("/incidents/views/{id}", SignedIn, |route| route.to(queue::saved_view_form::show)),
    post("/incidents/views/{id}", SignedIn, |route| route.to(queue::saved_view_form::change)),
    post("/incidents/views/{id}/act", SignedIn, |route| route.to(queue::saved_views::act)),
    much(post("/incidents/merge", SignedIn, |route| route.to(queue::merge::submit))),
    get("/incidents/{id}/merge", SignedIn, |route| route.to(incident::merge::show)),
    much(get("/incidents/{id}", SignedIn, |route| route.to(incident::page::story))),
    post("/incidents/{id}", SignedIn, |route| route.to(incident::actions::save)),
    get("/incidents/{id}/pane", SignedIn, |route| route.to(incident::pane::show)),
    get("/incidents/{id}/inline-alerts", SignedIn, |route| route.to(incident::inline_alerts::show)),
    much(get("/incidents/{id}/report", SignedIn, |route| route.to(incident::report::page::show))),
    much(get("/incidents/{id}/report.{ending:html|md|json}", SignedIn, |route| route.to(incident::report::page::download))),
    get("/incidents/{id}/move", SignedIn, |route| route.to(incident::move_alerts::show)),
    get("/incidents/{id}/stream", SignedIn, |route| route.to(incident::stream::show)),
    post("/incidents/{id}/assign-to-me", SignedIn, |route| route.to(incident::actions::assign_to_me)),
    post("/incidents/{id}/comments/preview", SignedIn, |route| route.to(comments::preview::of_incident)),
    post("/incidents/{id}/editing", SignedIn, |route| route.to(comments::editing::of_incident)),
    post("/incidents/{id}/comments/{entry}", SignedIn, |route| route.to(incident::actions::edit_comment)),
    post("/incidents/{id}/attachments", SignedIn, |route| route.to(attachment::form::attach)),
    post("/incidents/{id}/comments", SignedIn, |route| route.to(incident::actions::comment)),
    much(get("/incidents/{id}/alerts.csv", SignedIn, |route| route.to(queue::export::csv))),
    much(get("/incidents/{id}/alerts.jsonl", SignedIn, |route| route.to(queue::export::json_lines))),
    much(get("/incidents/{id}/alerts/rows", SignedIn, |route| route.to(queue::rows::show))),
    much(get("/incidents/{id}/alerts/updates", SignedIn, |route| route.to(queue::updates::show))),
    much(get("/incidents/{id}/alerts/filters", SignedIn, |route| route.to(queue::filters::show))),
    get("/incidents/{id}/alerts/columns", SignedIn, |route| route.to(queue::columns::show)),
    post("/incidents/{id}/alerts/columns", SignedIn, |route| route.to(queue::columns::save)),
    much(get("/incidents/{id}/{tab:story|summary|alerts|devices|users|mailboxes|evidence|similar|attachments|history}", SignedIn, |route| route.to(incident::page::tab))),
    much(get("/attachments/{id}.zip", SignedIn, |route| route.to(attachment::download::zip))),
    get("/attachments/{id}", SignedIn, |route| route.to(attachment::download::file)),
    get("/attachments/{id}/preview", SignedIn, |route| route.to(attachment::download::preview)),
    post("/attachments/{id}/remove", SignedIn, |route| route.to(attachment::form::remove)),
    post("/assets/{id}/importance", SignedIn, |route| route.to(asset::set_importance)),
    much(get("/search", SignedIn, |route| route.to(search::page::show))),
    get("/entities/{kind}", SignedIn, |route| route.to(entity::named::show)),
    get("/entities/{kind}/card", SignedIn, |route| route.to(entity::card::show_named)),
    much(get("/entities/{kind}/{id}", SignedIn, |route| route.to(entity::page::show))),
    get("/entities/{kind}/{id}/card", SignedIn, |route| route.to(entity::card::show)),
    post("/entities/{kind}/{id}/note", SignedIn, |route| route.to(entity::actions::set_note)),
    post("/entities/{kind}/{id}/tags", SignedIn, |route| route.to(entity::actions::set_tags)),
    post("/entities/{kind}/{id}/comments", SignedIn, |route| route.to(entity::actions::comment)),
    post("/entities/{kind}/{id}/comments/preview", SignedIn, |route| route.to(comments::preview::of_entity)),
    post("/entities/{kind}/{id}/comments/{entry}", SignedIn, |route| route.to(entity::actions::edit_comment)),
    much(get("/alerts", SignedIn, |route| route.to(queue::page::show))),
    much(get("/alerts.csv", SignedIn, |route| route.to(queue::export::csv))),
    much(get("/alerts.jsonl", SignedIn, |route| route.to(queue::export::json_lines))),
    much(get("/alerts/rows", SignedIn, |route| route.to(queue::rows::show))),
    much(get("/alerts/updates", SignedIn, |route| route.to(queue::updates::show))),
    much(get("/alerts/filters", SignedIn, |route| route.to(queue::filters::show))),
    get("/alerts/columns", SignedIn, |route| route.to(queue::columns::show)),
    post("/alerts/columns", SignedIn, |route| route.to(queue::columns::save)),
    much(get("/alerts/views", SignedIn, |route| route.to(queue::saved_views::list))),
    post("/alerts/views", SignedIn, |route| route.to(queue::saved_view_form::create)),
    much(get("/alerts/views/counts", SignedIn, |route| route.to(queue::saved_views::counts))),
    get("/alerts/views/new", SignedIn, |route| route.to(queue::saved_view_form::new)),
    post("/alerts/views/default", SignedIn, |route| route.to(queue::saved_views::set_default)),
    get("/alerts/views/{id}", SignedIn, |route| route.to(queue::saved_view_form::show)),
    post("/alerts/views/{id}", SignedIn, |route| route.to(queue::saved_view_form::change)),
    post("/alerts/views/{id}/act", SignedIn, |route| route.to(queue::saved_views::act)),
    much(post("/alerts/bulk", SignedIn, |route| route.to(alert::bulk::submit))),
    much(get("/alerts/move", SignedIn, |route| route.to(alert::move_form::show))),
    much(post("/alerts/move", SignedIn, |route| route.to(alert::move_form::submit))),
    get("/alerts/{id}", SignedIn, |route| route.to(alert::page::show)),
    get("/alerts/{id}/evidence", SignedIn, |route| route.to(alert::evidence::show)),
    get("/alerts/{id}/pane", SignedIn, |route| route.to(alert::pane::show)),
    get("/alerts/{id}/payloads", SignedIn, |route| route.to(alert::payloads::show)),
    post("/alerts/{id}", SignedIn, |route| route.to(alert::actions::save)),
    get("/alerts/{id}/payload", SignedIn, |route| route.to(alert::payload::download)),
    get("/alerts/{id}/stream", SignedIn, |route| route.to(alert::stream::show)),
    post("/alerts/{id}/assign-to-me", SignedIn, |route| route.to(alert::actions::assign_to_me)),
    post("/alerts/{id}/comments/preview", SignedIn, |route| route.to(comments::preview::of_alert)),
    post("/alerts/{id}/editing", SignedIn, |route| route.to(comments::editing::of_alert)),
    post("/alerts/{id}/comments", SignedIn, |route| route.to(alert::actions::comment)),
    get("/mentions", SignedIn, |route| route.to(comments::mentions::show)),
    post("/mentions", SignedIn, |route| route.to(comments::mentions::read)),
    get("/people.json", SignedIn, |route| route.to(comments::people::list)),
    much(get("/lessons", SignedIn, |route| route.to(lessons::page::show))),
    much(get("/lessons.csv", SignedIn, |route| route.to(lessons::files::csv))),
    much(get("/lessons.json", SignedIn, |route| route.to(lessons::files::json))),
    much(get("/lessons/note", SignedIn, |route| route.to(lessons::note::show))),
    get("/lessons/how", SignedIn, |route| route.to(lessons::how::show)),
    get("/account", SignedIn, |route| route.to(own::page::show)),
    post("/account", SignedIn, |route| route.to(own::profile::save)),
    post("/account/theme", SignedIn, |route| route.to(own::profile::set_theme)),
    post("/account/password", SignedIn, |route| route.to(own::password::change)),
    post("/account/sessions", SignedIn, |route| route.to(own::sessions::end)),
    get("/account/authenticator", SignedIn, |route| route.to(own::authenticator::show)),
    post("/account/authenticator", SignedIn, |route| route.to(own::authenticator::begin)),
    post("/account/authenticator/verify", SignedIn, |route| route.to(own::authenticator::verify)),
    post("/account/authenticator/remove", SignedIn, |route| route.to(own::authenticator::remove)),
    get("/account/authenticator/code.svg", SignedIn, |route| route.to(own::authenticator::picture)),
    post("/account/recovery-codes", SignedIn, |route| route.to(own::authenticator::new_codes)),
    post("/account/passkeys/options", SignedIn, |route| route.to(own::passkeys::options)),
    post("/account/passkeys", SignedIn, |route| route.to(own::passkeys::add)),
    post("/account/passkeys/remove", SignedIn, |route| route.to(own::passkeys::remove)),
    post("/account/tokens", SignedIn, |route| route.to(own::tokens::create)),
    post("/account/tokens/revoke", SignedIn, |route| route.to(own::tokens::revoke)),
    get("/operations/{id}", SignedIn, |route| route.to(operations::page::show)),
    post("/operations/{id}/undo", SignedIn, |route| route.to(operations::page::undo)),
    redirect("/settings", "/settings/sources"),
    much(get("/settings/sources", SignedIn, |route| route.to(settings::sources::show))),
    get("/settings/mappings", SignedIn, |route| route.to(settings::mappings::list::show)),
    get("/settings/mappings/new", SignedIn, |route| route.to(settings::mappings::page::new)),
    much(post("/settings/mappings/new", SignedIn, |route| route.to(settings::mappings::page::create))),
    get("/settings/mappings/{id}.json", SignedIn, |route| route.to(settings::mappings::page::download)),
    get("/settings/mappings/{id}", SignedIn, |route| route.to(settings::mappings::page::show)),
    much(post("/settings/mappings/{id}", SignedIn, |route| route.to(settings::mappings::page::change))),
    post("/settings/mappings/{id}/delete", SignedIn, |route| route.to(settings::mappings::page::delete)),
    post("/settings/sources/forget", SignedIn, |route| route.to(settings::sources::forget)),
    post("/settings/sources/resolving", SignedIn, |route| route.to(settings::sources::set_resolving)),
    post("/settings/sources/repeats", SignedIn, |route| route.to(settings::sources::set_repeats)),
    get("/settings/start", SignedIn, |route| route.to(settings::start::page::show)),
    post("/settings/start", SignedIn, |route| route.to(settings::start::page::make_token)),
    get("/settings/start/{source}", SignedIn, |route| route.to(settings::start::source::show)),
    post("/settings/start/{source}", SignedIn, |route| route.to(settings::start::source::make_token)),
    get("/settings/look-ups", SignedIn, |route| route.to(settings::lookups::show)),
    post("/settings/look-ups", SignedIn, |route| route.to(settings::lookups::add)),
    post("/settings/look-ups/delete", SignedIn, |route| route.to(settings::lookups::delete)),
    get("/settings/people", SignedIn, |route| route.to(settings::people::list::show)),
    get("/settings/people/roles", SignedIn, |route| route.to(settings::people::roles::show)),
    get("/settings/people/invite", SignedIn, |route| route.to(settings::people::invite::show)),
    post("/settings/people/invite", SignedIn, |route| route.to(settings::people::invite::create)),
    post("/settings/people/withdraw", SignedIn, |route| route.to(settings::people::list::withdraw)),
    get("/settings/people/{id}", SignedIn, |route| route.to(settings::people::person::show)),
    post("/settings/people/{id}/role", SignedIn, |route| route.to(settings::people::acts::set_role)),
    post("/settings/people/{id}/disabled", SignedIn, |route| route.to(settings::people::acts::set_disabled)),
    post("/settings/people/{id}/reset", SignedIn, |route| route.to(settings::people::acts::reset)),
    post("/settings/people/{id}/second-factor", SignedIn, |route| route.to(settings::people::acts::reset_second_factor)),
    post("/settings/people/{id}/sessions", SignedIn, |route| route.to(settings::people::acts::end_sessions)),
    post("/settings/people/{id}/hand-over", SignedIn, |route| route.to(settings::people::acts::hand_over)),
    get("/settings/sign-in", SignedIn, |route| route.to(settings::sign_in::page::show)),
    post("/settings/sign-in", SignedIn, |route| route.to(settings::sign_in::page::save)),
    get("/settings/sign-in/providers/new", SignedIn, |route| route.to(settings::sign_in::provider::new)),
    post("/settings/sign-in/providers/new", SignedIn, |route| route.to(settings::sign_in::provider::create)),
    get("/settings/sign-in/providers/{id}", SignedIn, |route| route.to(settings::sign_in::provider::show)),
    post("/settings/sign-in/providers/{id}", SignedIn, |route| route.to(settings::sign_in::provider::change)),
    post("/settings/sign-in/providers/{id}/delete", SignedIn, |route| route.to(settings::sign_in::provider::delete)),
    get("/settings/groups", SignedIn, |route| route.to(settings::groups::list::show)),
    get("/settings/groups/new", SignedIn, |route| route.to(settings::groups::group::new)),
    post("/settings/groups/new", SignedIn, |route| route.to(settings::groups::group::create)),
    get("/settings/groups/{id}", SignedIn, |route| route.to(settings::groups::group::show)),
    post("/settings/groups/{id}", SignedIn, |route| route.to(settings::groups::group::change)),
    post("/settings/groups/{id}/delete", SignedIn, |route| route.to(settings::groups::group::delete)),
    much(get("/settings/audit", SignedIn, |route| route.to(settings::audit::page::show))),
    much(get("/settings/audit.jsonl", SignedIn, |route| route.to(settings::audit::export::json_lines))),
    get("/settings/tokens", SignedIn, |route| route.to(settings::tokens::list::show)),
    get("/settings/tokens/new", SignedIn, |route| route.to(settings::tokens::new::show)),
    post("/settings/tokens/new", SignedIn, |route| route.to(settings::tokens::new::create)),
    post("/settings/tokens/rotate", SignedIn, |route| route.to(settings::tokens::rotate::rotate)),
    post("/settings/tokens/revoke", SignedIn, |route| route.to(settings::tokens::list::revoke)),
    get("/settings/storage", SignedIn, |route| route.to(settings::storage::show)),
    post("/settings/storage/back-up", SignedIn, |route| route.to(settings::storage::back_up)),
    much(get("/settings/refused", SignedIn, |route| route.to(settings::rejected::list))),
    post("/settings/refused", SignedIn, |route| route.to(settings::rejected::submit)),
    get("/settings/refused/{id}", SignedIn, |route| route.to(settings::rejected::show)),
    get("/settings/rules", SignedIn, |route| route.to(settings::rules::list::show)),
    get("/settings/rules/new", SignedIn, |route| route.to(settings::rules::page::new)),
    post("/settings/rules/new", SignedIn, |route| route.to(settings::rules::page::create)),
    get("/settings/rules/trial", SignedIn, |route| route.to(settings::rules::trial::progress)),
    get("/settings/rules/hidden", SignedIn, |route| route.to(settings::rules::hidden::list)),
    post("/settings/rules/hidden", SignedIn, |route| route.to(settings::rules::hidden::act)),
    get("/settings/rules/hidden/{id}", SignedIn, |route| route.to(settings::rules::hidden::show)),
    get("/settings/rules/{id}", SignedIn, |route| route.to(settings::rules::page::show)),
    post("/settings/rules/{id}", SignedIn, |route| route.to(settings::rules::page::change)),
    post("/settings/rules/{id}/act", SignedIn, |route| route.to(settings::rules::list::act)),
];

const fn get(address: &'static str, access: Access, handler: fn(actix_web::Route) -> actix_web::Route) -> Route {
    Route { method: Method::Get, address, access, reading: Reading::Little, answer: Answer::Handler(handler) }
}

const fn post(address: &'static str, access: Access, handler: fn(actix_web::Route) -> actix_web::Route) -> Route {
    Route { method: Method::Post, address, access, reading: Reading::Little, answer: Answer::Handler(handler) }
}

const fn redirect(address: &'static str, to: &'static str) -> Route {
    Route { method: Method::Get, address, access: SignedIn, reading: Reading::Little, answer: Answer::Redirect(to) }
}

/// The same address, which reads much.
const fn much(route: Route) -> Route {
    Route { reading: Reading::Much, ..route }
}

/// Registers all routes, each in the scope of its access.
pub fn configure(config: &mut ServiceConfig, db: &Db, key: &Key, session_cookie: &str, lifetimes: Lifetimes) {
    register(config, Public, "");
    config
        .service(web::scope(FILES).wrap(Compress::default()).configure(|scope| register(scope, StaticFile, FILES)))
        .service(
            web::scope(API).configure(|scope| register(scope, Token, API)).default_service(web::to(unknown_to_api)),
        )
        .service(
            web::scope("")
                .wrap(from_fn(csrf::protect))
                .wrap(session::middleware(db.clone(), key.clone(), session_cookie, lifetimes))
                .wrap(from_fn(session_failure::explain))
                .wrap(from_fn(below_a_path::add_to_response))
                .wrap(Compress::default())
                .configure(|scope| register(scope, SignIn, ""))
                .service(
                    web::scope("")
                        .wrap(from_fn(error_page::with_navigation))
                        .wrap(from_fn(guard::signed_in))
                        .configure(signed_in),
                ),
        );
}

/// Answers what no handler of the API takes: a wrong method, or an unknown address.
async fn unknown_to_api(request: HttpRequest) -> HttpResponse {
    let is_here = |route: &Route| ResourceDef::new(route.address).is_match(request.path());
    if ROUTES.iter().any(|route| route.access == Token && is_here(route)) {
        api::error::method_not_allowed()
    } else {
        api::error::not_found()
    }
}

fn signed_in(scope: &mut ServiceConfig) {
    // "/incidents/abc" is answered as not found, like any unknown address.
    let not_a_number = web::PathConfig::default().error_handler(|_, _| error::Failure::from(Error::NotFound).into());
    scope.app_data(not_a_number);
    register(scope, SignedIn, "");
    scope.default_service(web::to(error::not_found));
}

/// Registers the routes with this access in a scope below `prefix`.
fn register(scope: &mut ServiceConfig, access: Access, prefix: &str) {
    for route in ROUTES.iter().filter(|route| route.access == access) {
        let path = route.address.strip_prefix(prefix).unwrap_or(route.address);
        match route.answer {
            Answer::Redirect(to) => scope.service(web::redirect(path, to).see_other()),
            Answer::Handler(handler) => {
                let handled = handler(route.method.guard());
                match route.reading {
                    Reading::Little => scope.route(path, handled),
                    Reading::Much => scope.route(path, handled.wrap(from_fn(in_turn::wait))),
                }
            }
        };
    }
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }

    fn guard(self) -> actix_web::Route {
        match self {
            // What HEAD asks for is the head of the same answer.
            Self::Get => web::route().guard(Any(Get()).or(Head())),
            Self::Post => web::post(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ROUTES;
    use crate::config::OWN_ADDRESSES;

    #[test]
    fn the_public_url_may_not_begin_with_any_of_these_addresses() {
        let mut first: Vec<&str> = ROUTES.iter().filter_map(|route| route.address.split('/').nth(1)).collect();
        first.retain(|part| !part.is_empty());
        first.sort_unstable();
        first.dedup();
        assert_eq!(first, OWN_ADDRESSES);
    }
}
