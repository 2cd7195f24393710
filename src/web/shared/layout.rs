//! What every page shows around its content: navigation, the signed-in person, the message about the last
//! action. Handlers take it as an argument; they must not build it.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_session::SessionExt as _;
use actix_web::dev::Payload;
use actix_web::http::header::ContentType;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use crate::error::Error;
use crate::model::actor::Actor;
use crate::model::user::User;
use crate::permissions::{Action, allows};
use crate::text::counted;
use crate::web::server::client_address::client_address;
use crate::web::shared::attention::Needs;
use crate::web::shared::error::Failure;
use crate::web::shared::flash::{self, Flash};
use crate::web::shared::guard::UnreadMentions;
use crate::web::shared::incident_links::{self, LinkedText};
use crate::web::shared::session::CSRF;
use crate::web::shared::state::AppState;
use crate::web::shared::static_files;
use crate::web::shared::time_format::Zone;

/// The frame of a signed-in page.
#[derive(Debug, Clone)]
pub struct Layout {
    pub user: User,
    /// The CSRF token, which every form contains.
    pub csrf: String,
    pub flash: Option<Flash>,
    /// The address of this page, for coming back to it.
    pub here: String,
    pub zone: Zone,
    /// What needs attention; proposed rules are only counted for people who decide on them.
    pub attention: Needs,
    /// Comments that mention the person and are unread.
    pub unread_mentions: i64,
    /// "light", "dark", or empty for the system's.
    pub theme: String,
    /// Where the request came from.
    pub address: IpAddr,
}

impl Layout {
    /// The person as the author of changes.
    pub fn actor(&self) -> Actor {
        Actor::Person { user: self.user.clone(), address: Some(self.address) }
    }

    /// Whether to show forms that change incidents and alerts. Operations check the permission again.
    pub fn can_edit(&self) -> bool {
        allows(self.user.role, Action::Work)
    }

    /// The operation that the Undo button beside the message undoes.
    pub fn flash_undo(&self) -> Option<i64> {
        self.flash.as_ref().and_then(|flash| flash.operation).filter(|_| self.can_edit())
    }

    /// The message with links to the incidents that it names.
    pub fn flash_parts(&self, flash: &Flash) -> Vec<LinkedText> {
        incident_links::named_in(&flash.message)
    }

    /// The CSRF token of Undo buttons; none for people who may not change anything.
    pub fn undo_token(&self) -> Option<&str> {
        self.can_edit().then_some(self.csrf.as_str())
    }

    pub fn asset(&self, path: &str) -> String {
        static_files::url(path)
    }

    /// What needs attention in the settings; empty for nothing.
    pub fn settings_need(&self) -> String {
        let Needs { sources, proposals } = self.attention;
        let sources = sources.then(|| "sources need attention".to_owned());
        let proposals = (proposals > 0).then(|| counted(proposals, "proposed rule"));
        sources.into_iter().chain(proposals).collect::<Vec<_>>().join(", ")
    }

    /// Whether to show what people who may only propose rules may do.
    pub fn proposes_rules(&self) -> bool {
        allows(self.user.role, Action::ProposeRule)
    }

    /// Whether to show what only those who decide on rules may do.
    pub fn approves_rules(&self) -> bool {
        allows(self.user.role, Action::ApproveRule)
    }

    /// Whether to show what only administrators may do.
    pub fn administers(&self) -> bool {
        allows(self.user.role, Action::Administer)
    }

    /// Responds with a page.
    pub fn page(&self, status: StatusCode, template: &impl Template) -> Result<HttpResponse, Failure> {
        let mut response = HttpResponse::build(status);
        response.insert_header(ContentType::html()).insert_header(("Cache-Control", "no-store"));
        if self.flash.is_some() {
            response.cookie(flash::clear());
        }
        Ok(response.body(template.render()?))
    }
}

impl FromRequest for Layout {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(user) = request.extensions().get::<User>().cloned() else {
            return ready(Err(Error::Forbidden("Sign in first.").into()));
        };
        let unread_mentions = request.extensions().get::<UnreadMentions>().map_or(0, |unread| unread.0);
        let csrf = request.get_session().get::<String>(CSRF).ok().flatten().unwrap_or_default();
        let mut attention =
            request.app_data::<Data<AppState>>().map(|state| state.attention.needs()).unwrap_or_default();
        if !allows(user.role, Action::ApproveRule) {
            attention.proposals = 0;
        }
        let (flash, zone, theme) = (flash::read(request), Zone::of(request), theme(request));
        let here = match *request.method() {
            Method::GET => request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
            _ => String::new(),
        };
        ready(Ok(Self {
            user,
            csrf,
            flash,
            here,
            zone,
            attention,
            unread_mentions,
            theme,
            address: client_address(request),
        }))
    }
}

/// A page for people who have not signed in.
pub fn bare_page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Failure> {
    let mut response = HttpResponse::build(status);
    response.insert_header(ContentType::html()).insert_header(("Cache-Control", "no-store"));
    Ok(response.body(template.render()?))
}

/// The theme that was chosen, from a cookie.
pub fn theme(request: &HttpRequest) -> String {
    request
        .cookie("theme")
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| matches!(value.as_str(), "light" | "dark"))
        .unwrap_or_default()
}

/// Redirects (303) to a path on this server, with a message for the next page.
pub fn see_other(path: &str, message: Option<&str>) -> HttpResponse {
    match message {
        Some(message) => done(path, message, None),
        None => redirect(path).finish(),
    }
}

/// Redirects after an action, with the operation that the Undo button beside the message undoes.
pub fn done(path: &str, message: &str, operation: Option<i64>) -> HttpResponse {
    redirect(path).cookie(flash::set(message, operation)).finish()
}

fn redirect(path: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::SeeOther();
    response.insert_header(("Location", path)).insert_header(("Cache-Control", "no-store"));
    response
}
