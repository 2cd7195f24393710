//! GET /entities/{kind}/{id}/card: the short facts of an entity alone, which a script shows beside links to it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::entities::card;
use crate::entities::kind;
use crate::entities::known_to_us::KnownToUs;
use crate::model::importance::Importance;
use crate::model::verdict;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::Layout;
use crate::web::shared::shown_value::ShownValue;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

#[derive(Template)]
#[template(path = "entity/card.html")]
struct CardView {
    /// The kind as stored, for its icon, and in words.
    kind: String,
    kind_label: String,
    name: ShownValue,
    importance: Importance,
    known: KnownToUs,
    /// In words, and as stored, for its style; empty for none.
    verdict: String,
    verdict_value: String,
    first: Option<ShownTime>,
    last: Option<ShownTime>,
    /// "2 open of 12 incidents".
    incidents: String,
    facts: Vec<ShownValue>,
}

pub async fn show(
    state: Data<AppState>,
    layout: Layout,
    path: Path<(String, i64)>,
) -> Result<HttpResponse, Failure> {
    let (_, id) = path.into_inner();
    let card = state.db.read(move |conn| card::load(conn, id)).await?;
    let entity = card.entity;
    let (open, all) = (card.counts.open, card.counts.all());
    let view = CardView {
        kind_label: kind::label(kind::in_address(&entity.kind, &entity.name)),
        name: ShownValue::name(&entity.kind, "name", &entity.name),
        kind: entity.kind,
        importance: entity.importance,
        known: card.known,
        verdict: verdict::label(&card.verdict),
        verdict_value: card.verdict,
        first: card.first_seen.map(|at| layout.zone.show(at)),
        last: card.last_seen.map(|at| layout.zone.show(at)),
        incidents: if all.is_zero() { "None".to_owned() } else { format!("{}, {} open", all.label(), open.label()) },
        facts: card.facts.iter().map(|(label, value)| ShownValue::fact(label, value)).collect(),
    };
    layout.page(StatusCode::OK, &view)
}
