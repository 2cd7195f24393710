//! GET /settings/groups: the groups with their members.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::accounts::groups::{self, Group};
use crate::model::user::User;
use crate::permissions::{Action, require};
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::Layout;
use crate::web::shared::state::AppState;

pub(super) const PATH: &str = "/settings/groups";

#[derive(Template)]
#[template(path = "settings/groups.html")]
struct GroupsPage {
    layout: Layout,
    /// Each with the names of its members.
    rows: Vec<(Group, String)>,
}

impl GroupsPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "groups"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let (groups, members) = state.db.read(|conn| Ok((groups::list(conn)?, groups::members(conn)?))).await?;
    let names = |group: &Group| {
        let people = members.get(&group.id).map(Vec::as_slice).unwrap_or_default();
        people.iter().map(User::shown_name).collect::<Vec<_>>().join(", ")
    };
    let rows = groups.into_iter().map(|group| (group.clone(), names(&group))).collect();
    let page = GroupsPage { layout, rows };
    page.layout.page(StatusCode::OK, &page)
}
