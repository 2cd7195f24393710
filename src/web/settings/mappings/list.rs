//! GET /settings/mappings: the list of mappings, and their latest changes.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::ingest::mappings;
use crate::permissions::{Action, allows};
use crate::web::settings::change_view::{CHANGES, ChangeView};
use crate::web::settings::mappings::changes::{ChangedLine, change_view};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

/// A mapping in the list.
struct MappingRow {
    id: i64,
    name: String,
    tokens: String,
    changed: ShownTime,
    changed_by: String,
}

#[derive(Template)]
#[template(path = "settings/mappings.html")]
struct ListPage {
    layout: Layout,
    rows: Vec<MappingRow>,
    changes: Vec<ChangeView<ChangedLine>>,
    can_administer: bool,
}

impl ListPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "mappings"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let (listed, changes) =
        state.db.read(|conn| Ok((mappings::list(conn)?, mappings::changes(conn, None, CHANGES)?))).await?;
    let zone = &layout.zone;
    let rows = listed
        .into_iter()
        .map(|listed| MappingRow {
            id: listed.mapping.id,
            name: listed.mapping.name,
            tokens: listed.tokens.join(", "),
            changed: zone.show(listed.mapping.updated_at),
            changed_by: listed.mapping.updated_by,
        })
        .collect();
    let page = ListPage {
        rows,
        changes: changes.iter().map(|change| change_view(change, zone)).collect(),
        can_administer: allows(layout.user.role, Action::Administer),
        layout: layout.clone(),
    };
    layout.page(StatusCode::OK, &page)
}
