//! GET /settings/people/roles: what each role may do, as `permissions` decides it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::model::user::Role;
use crate::permissions::{Action, allows};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;

#[derive(Template)]
#[template(path = "settings/people/roles.html")]
struct RolesPage {
    layout: Layout,
    roles: Vec<&'static str>,
    /// Each action with whether each role may do it.
    rows: Vec<(&'static str, Vec<bool>)>,
}

impl RolesPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "people"
    }
}

pub async fn show(layout: Layout) -> Result<HttpResponse, Failure> {
    let row = |action: Action| (action.label(), Role::ALL.iter().map(|&role| allows(role, action)).collect());
    let page = RolesPage {
        roles: Role::ALL.iter().map(|role| role.label()).collect(),
        rows: Action::ALL.iter().copied().map(row).collect(),
        layout,
    };
    page.layout.page(StatusCode::OK, &page)
}
