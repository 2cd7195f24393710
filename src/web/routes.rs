//! Every address there is, grouped by who may come: everybody, people who signed in, tokens.
//! What is not public stands inside a guarded scope, so an address that nobody lists is guarded too.

use actix_web::cookie::Key;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, ServiceConfig};

use crate::db::Db;
use crate::error::Error;
use crate::web::account::{setup, sign_in};
use crate::web::shared::{csrf, error, event_stream, guard, session, static_files};
use crate::web::{alert, api, health, incident, operations, queue, settings};

/// Who may come to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    SignedIn,
    Token,
}

/// The table that the tests walk: method, address with samples in the place of its parts, access.
pub const TABLE: &[(&str, &str, Access)] = &[
    ("GET", "/healthz", Access::Public),
    ("GET", "/readyz", Access::Public),
    ("GET", "/static/app.css", Access::Public),
    ("GET", "/setup", Access::Public),
    ("POST", "/setup", Access::Public),
    ("GET", "/login", Access::Public),
    ("POST", "/login", Access::Public),
    ("GET", "/login/demo/code", Access::Public),
    ("POST", "/api/v1/alerts", Access::Token),
    ("POST", "/logout", Access::SignedIn),
    ("GET", "/", Access::SignedIn),
    ("GET", "/incidents", Access::SignedIn),
    ("GET", "/incidents.csv", Access::SignedIn),
    ("GET", "/incidents.jsonl", Access::SignedIn),
    ("GET", "/incidents/chart", Access::SignedIn),
    ("GET", "/incidents/suggest", Access::SignedIn),
    ("GET", "/incidents/rows", Access::SignedIn),
    ("GET", "/incidents/updates", Access::SignedIn),
    ("GET", "/incidents/filters", Access::SignedIn),
    ("GET", "/incidents/columns", Access::SignedIn),
    ("POST", "/incidents/columns", Access::SignedIn),
    ("GET", "/incidents/views", Access::SignedIn),
    ("POST", "/incidents/views", Access::SignedIn),
    ("GET", "/incidents/views/counts", Access::SignedIn),
    ("GET", "/incidents/views/new", Access::SignedIn),
    ("POST", "/incidents/views/default", Access::SignedIn),
    ("GET", "/incidents/views/1", Access::SignedIn),
    ("POST", "/incidents/views/1", Access::SignedIn),
    ("POST", "/incidents/views/1/act", Access::SignedIn),
    ("POST", "/incidents/bulk", Access::SignedIn),
    ("POST", "/incidents/merge", Access::SignedIn),
    ("GET", "/incidents/1/merge", Access::SignedIn),
    ("GET", "/incidents/1", Access::SignedIn),
    ("POST", "/incidents/1", Access::SignedIn),
    ("GET", "/incidents/1/pane", Access::SignedIn),
    ("GET", "/incidents/1/inline-alerts", Access::SignedIn),
    ("GET", "/incidents/1/move", Access::SignedIn),
    ("GET", "/incidents/1/stream", Access::SignedIn),
    ("POST", "/incidents/1/assign-to-me", Access::SignedIn),
    ("POST", "/incidents/1/comments", Access::SignedIn),
    ("GET", "/incidents/1/alerts", Access::SignedIn),
    ("GET", "/incidents/1/devices", Access::SignedIn),
    ("GET", "/incidents/1/users", Access::SignedIn),
    ("GET", "/incidents/1/mailboxes", Access::SignedIn),
    ("GET", "/incidents/1/evidence", Access::SignedIn),
    ("GET", "/incidents/1/history", Access::SignedIn),
    ("POST", "/assets/1/importance", Access::SignedIn),
    ("GET", "/alerts", Access::SignedIn),
    ("POST", "/alerts/move", Access::SignedIn),
    ("GET", "/alerts/1", Access::SignedIn),
    ("POST", "/alerts/1", Access::SignedIn),
    ("GET", "/alerts/1/stream", Access::SignedIn),
    ("POST", "/alerts/1/assign-to-me", Access::SignedIn),
    ("POST", "/alerts/1/comments", Access::SignedIn),
    ("GET", "/operations/1", Access::SignedIn),
    ("POST", "/operations/1/undo", Access::SignedIn),
    ("GET", "/settings", Access::SignedIn),
    ("GET", "/settings/sources", Access::SignedIn),
    ("GET", "/settings/mappings", Access::SignedIn),
    ("GET", "/settings/mappings/new", Access::SignedIn),
    ("POST", "/settings/mappings/new", Access::SignedIn),
    ("GET", "/settings/mappings/1", Access::SignedIn),
    ("GET", "/settings/mappings/1.json", Access::SignedIn),
    ("POST", "/settings/mappings/1", Access::SignedIn),
    ("POST", "/settings/mappings/1/delete", Access::SignedIn),
    ("POST", "/settings/sources/forget", Access::SignedIn),
    ("POST", "/settings/sources/repeats", Access::SignedIn),
    ("GET", "/settings/refused", Access::SignedIn),
    ("POST", "/settings/refused", Access::SignedIn),
    ("GET", "/settings/refused/1", Access::SignedIn),
    ("GET", "/settings/rules", Access::SignedIn),
    ("GET", "/settings/rules/new", Access::SignedIn),
    ("POST", "/settings/rules/new", Access::SignedIn),
    ("GET", "/settings/rules/1", Access::SignedIn),
    ("POST", "/settings/rules/1", Access::SignedIn),
    ("POST", "/settings/rules/1/act", Access::SignedIn),
];

/// Registers all of them.
pub fn configure(config: &mut ServiceConfig, db: &Db, key: &Key, secure_cookies: bool) {
    config
        .route("/healthz", web::get().to(health::healthz))
        .route("/readyz", web::get().to(health::readyz))
        .service(
            web::scope("/static").wrap(Compress::default()).route("/{path:.*}", web::get().to(static_files::serve)),
        )
        .service(
            web::scope("/api")
                .route("/v1/alerts", web::post().to(api::ingest::take))
                .default_service(web::to(api::error::not_found)),
        )
        .service(
            web::scope("")
                .wrap(from_fn(csrf::protect))
                .wrap(session::middleware(db.clone(), key.clone(), secure_cookies))
                .wrap(Compress::default())
                .route("/setup", web::get().to(setup::show))
                .route("/setup", web::post().to(setup::create))
                .route("/login", web::get().to(sign_in::show))
                .route("/login", web::post().to(sign_in::sign_in))
                .route("/login/demo/{code}", web::get().to(sign_in::demo))
                .service(web::scope("").wrap(from_fn(guard::signed_in)).configure(signed_in)),
        );
}

fn signed_in(config: &mut ServiceConfig) {
    // "/incidents/abc" is no address of ours, like any other.
    let no_number = web::PathConfig::default().error_handler(|_, _| error::Failure::from(Error::NotFound).into());
    config
        .app_data(no_number)
        .route("/logout", web::post().to(sign_in::sign_out))
        .service(web::redirect("/", "/incidents").see_other())
        .route("/incidents", web::get().to(queue::page::show))
        .route("/incidents.csv", web::get().to(queue::export::csv))
        .route("/incidents.jsonl", web::get().to(queue::export::json_lines))
        .route("/incidents/chart", web::get().to(queue::chart::show))
        .route("/incidents/suggest", web::get().to(queue::suggest::targets))
        .route("/incidents/rows", web::get().to(queue::rows::show))
        .route("/incidents/updates", web::get().to(queue::updates::show))
        .route("/incidents/bulk", web::post().to(queue::bulk::act))
        .route("/incidents/filters", web::get().to(queue::filters::show))
        .route("/incidents/columns", web::get().to(queue::columns::show))
        .route("/incidents/columns", web::post().to(queue::columns::save))
        .route("/incidents/views", web::get().to(queue::saved_views::list))
        .route("/incidents/views", web::post().to(queue::saved_views::create))
        .route("/incidents/views/counts", web::get().to(queue::saved_views::counts))
        .route("/incidents/views/new", web::get().to(queue::saved_views::new))
        .route("/incidents/views/default", web::post().to(queue::saved_views::begin_with))
        .route("/incidents/views/{id}", web::get().to(queue::saved_views::show))
        .route("/incidents/views/{id}", web::post().to(queue::saved_views::change))
        .route("/incidents/views/{id}/act", web::post().to(queue::saved_views::act))
        .route("/incidents/merge", web::post().to(incident::merge::act))
        .route("/incidents/{id}/merge", web::get().to(incident::merge::show))
        .route("/incidents/{id}", web::get().to(incident::page::summary))
        .route("/incidents/{id}", web::post().to(incident::acts::save))
        .route("/incidents/{id}/pane", web::get().to(incident::pane::show))
        .route("/incidents/{id}/inline-alerts", web::get().to(incident::inline_alerts::show))
        .route("/incidents/{id}/move", web::get().to(alert::move_form::show))
        .route("/incidents/{id}/stream", web::get().to(event_stream::incident))
        .route("/incidents/{id}/assign-to-me", web::post().to(incident::acts::assign_to_me))
        .route("/incidents/{id}/comments", web::post().to(incident::acts::comment))
        .route("/incidents/{id}/{tab}", web::get().to(incident::page::tab))
        .route("/assets/{id}/importance", web::post().to(incident::priority::mark))
        .route("/alerts", web::get().to(alert::list::show))
        .route("/alerts/move", web::post().to(alert::move_form::act))
        .route("/alerts/{id}", web::get().to(alert::page::show))
        .route("/alerts/{id}", web::post().to(alert::acts::save))
        .route("/alerts/{id}/stream", web::get().to(event_stream::alert))
        .route("/alerts/{id}/assign-to-me", web::post().to(alert::acts::assign_to_me))
        .route("/alerts/{id}/comments", web::post().to(alert::acts::comment))
        .route("/operations/{id}", web::get().to(operations::show))
        .route("/operations/{id}/undo", web::post().to(operations::undo))
        .service(web::redirect("/settings", "/settings/sources").see_other())
        .route("/settings/sources", web::get().to(settings::sources::show))
        .route("/settings/mappings", web::get().to(settings::mappings::list))
        .route("/settings/mappings/new", web::get().to(settings::mappings::new))
        .route("/settings/mappings/new", web::post().to(settings::mappings::create))
        .route("/settings/mappings/{id}.json", web::get().to(settings::mappings::download))
        .route("/settings/mappings/{id}", web::get().to(settings::mappings::show))
        .route("/settings/mappings/{id}", web::post().to(settings::mappings::change))
        .route("/settings/mappings/{id}/delete", web::post().to(settings::mappings::delete))
        .route("/settings/sources/forget", web::post().to(settings::sources::forget))
        .route("/settings/sources/repeats", web::post().to(settings::sources::set_repeats))
        .route("/settings/refused", web::get().to(settings::rejected::list))
        .route("/settings/refused", web::post().to(settings::rejected::act))
        .route("/settings/refused/{id}", web::get().to(settings::rejected::show))
        .route("/settings/rules", web::get().to(settings::rules::list))
        .route("/settings/rules/new", web::get().to(settings::rules::new))
        .route("/settings/rules/new", web::post().to(settings::rules::create))
        .route("/settings/rules/{id}", web::get().to(settings::rules::show))
        .route("/settings/rules/{id}", web::post().to(settings::rules::change))
        .route("/settings/rules/{id}/act", web::post().to(settings::rules::act))
        .default_service(web::to(error::not_found));
}
