//! GET /entities/{kind}/{id}: what is known of an entity.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::setting_changes::SettingChange;
use crate::db::AnyConnection;
use crate::entities::activity::{self, Activity};
use crate::entities::incidents::{After, IncidentOfEntity};
use crate::entities::known_facts::{self, KnownFacts};
use crate::entities::lookup::{Entity, find};
use crate::entities::lookups::Lookup;
use crate::entities::overview::Overview;
use crate::entities::{incidents, kind, lookups, notes, overview, together};
use crate::error::Result;
use crate::model::alert::Alert;
use crate::model::importance::{ASSETS, Importance};
use crate::web::entity::view::{EntityPage, EntityView};
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::{paths, query};

/// What the page shows, as read from the database.
pub(super) struct PageData {
    pub overview: Overview,
    pub incidents: Vec<IncidentOfEntity>,
    pub next: Option<After>,
    pub activity: Activity,
    pub newest: Vec<Alert>,
    pub facts: KnownFacts,
    pub together: Vec<(Entity, i64)>,
    pub note_changes: Vec<SettingChange>,
    pub lookups: Vec<Lookup>,
}

/// A note that was refused, and why.
pub(super) struct Refused {
    pub typed: String,
    pub error: String,
}

fn load(conn: &mut AnyConnection, id: i64, after: Option<After>) -> Result<PageData> {
    let entity = find(conn, id)?;
    let id = entity.id;
    let (incidents, next) = incidents::page(conn, id, after)?;
    Ok(PageData {
        incidents,
        next,
        activity: activity::activity(conn, id)?,
        newest: activity::newest(conn, id)?,
        facts: known_facts::load(conn, id)?,
        together: together::load(conn, id)?,
        note_changes: notes::changes(conn, id)?,
        lookups: lookups::all(conn)?,
        overview: overview::load(conn, entity)?,
    })
}

pub async fn show(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    path: Path<(String, i64)>,
) -> std::result::Result<HttpResponse, Failure> {
    let (asked, id) = path.into_inner();
    let after = query::value(&request, "after").and_then(|text| After::parse(&text));
    let entity = state.db.read_without_snapshot(move |conn| find(conn, id)).await?;
    // The address that its links have, so that there is one.
    if entity.id != id || kind::in_address(&entity.kind, &entity.name) != asked {
        return Ok(see_other(&paths::entity(&entity.kind, &entity.name, entity.id), None));
    }
    respond(&state, layout, id, after, StatusCode::OK, None).await
}

pub(super) async fn respond(
    state: &AppState,
    layout: Layout,
    id: i64,
    after: Option<After>,
    status: StatusCode,
    refused: Option<Refused>,
) -> std::result::Result<HttpResponse, Failure> {
    let data = state.db.read(move |conn| load(conn, id, after)).await?;
    let marks = ASSETS.contains(&data.overview.entity.kind.as_str());
    let entity = EntityView::new(data, after.is_some(), &layout.zone);
    let (typed, error) = refused.map_or_else(|| (entity.note.clone(), String::new()), |one| (one.typed, one.error));
    let levels: &[Importance] = if marks { Importance::ALL } else { &[] };
    let page = EntityPage { layout, entity, levels, note_typed: typed, note_error: error };
    page.layout.page(status, &page)
}
