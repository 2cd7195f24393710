//! GET /entities/{kind}/{id}/card: the short facts of an entity alone, which a script shows beside links to it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::entities::card::{self, Card};
use crate::entities::kind;
use crate::entities::known_to_us::KnownToUs;
use crate::entities::lookup::named;
use crate::model::importance::Importance;
use crate::model::verdict;
use crate::web::shared::error::Failure;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::query;
use crate::web::shared::shown_value::ShownValue;
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

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

impl CardView {
    fn new(card: Card, zone: &Zone) -> Self {
        let Card { entity, known, counts, first_seen, last_seen, verdict: worst, facts } = card;
        let (open, all) = (counts.open, counts.all());
        Self {
            kind_label: kind::label(kind::in_address(&entity.kind, &entity.name)),
            name: ShownValue::name(&entity.kind, "name", &entity.name),
            kind: entity.kind,
            importance: entity.importance,
            known,
            verdict: verdict::label(&worst),
            verdict_value: worst,
            first: first_seen.map(|at| zone.show(at)),
            last: last_seen.map(|at| zone.show(at)),
            incidents: if all.is_zero() {
                "None".to_owned()
            } else {
                format!("{}, {} open", all.label(), open.label())
            },
            facts: facts.iter().map(|(label, value)| ShownValue::fact(label, value)).collect(),
        }
    }
}

pub async fn show(state: Data<AppState>, layout: Layout, path: Path<(String, i64)>) -> Result<HttpResponse, Failure> {
    let (_, id) = path.into_inner();
    let card = state.db.read(move |conn| card::load(conn, id)).await?;
    layout.page(StatusCode::OK, &CardView::new(card, &layout.zone))
}

/// GET /entities/{kind}/card?name=: of the one entity with a name; leads to a search where it is not one.
pub async fn show_named(
    request: HttpRequest,
    state: Data<AppState>,
    layout: Layout,
    kind_in_address: Path<String>,
) -> Result<HttpResponse, Failure> {
    let name = query::value(&request, "name").unwrap_or_default();
    let wanted = name.clone();
    let read = state.db.read(move |conn| match named(conn, kind::stored(&kind_in_address), &wanted, 2)?.as_slice() {
        [one] => card::load(conn, *one).map(Some),
        _ => Ok(None),
    });
    match read.await? {
        Some(card) => layout.page(StatusCode::OK, &CardView::new(card, &layout.zone)),
        None => Ok(see_other(&query::link("/search", [("q", name.as_str())]), None)),
    }
}
