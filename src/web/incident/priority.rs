//! The priority as pages show it, and marking assets by their importance.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::entities::importance::{self, Marked};
use crate::error::{Error, Result};
use crate::model::incident::Incident;
use crate::model::priority::{self, Band};
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::see_other;
use crate::web::shared::state::AppState;

/// A score, how it reads, and what it is made of.
#[derive(Debug, Clone)]
pub struct PriorityView {
    pub score: i64,
    pub band: Band,
    pub reasons: Vec<ReasonView>,
}

/// One part of a score.
#[derive(Debug, Clone)]
pub struct ReasonView {
    /// With its sign: "+30".
    pub points: String,
    pub about: &'static str,
    pub sentence: String,
}

impl PriorityView {
    pub fn of(incident: &Incident) -> Self {
        let priority = priority::of(incident);
        let band = priority.band();
        let reasons = priority.reasons.into_iter().map(|reason| ReasonView {
            points: if reason.points < 0 {
                format!("\u{2212}{}", -reason.points)
            } else {
                format!("+{}", reason.points)
            },
            about: reason.about,
            sentence: reason.sentence,
        });
        Self { score: priority.score, band, reasons: reasons.collect() }
    }
}

/// The same alone, for streams.
#[derive(Template)]
#[template(path = "incident/_priority.html")]
pub struct PriorityFragment {
    priority: PriorityView,
}

impl PriorityFragment {
    pub fn text(incident: &Incident) -> Result<String> {
        Self { priority: PriorityView::of(incident) }.render().map_err(Error::internal)
    }
}

/// POST /assets/{id}/importance
pub async fn mark(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> std::result::Result<HttpResponse, Failure> {
    let (id, actor, value) = (id.into_inner(), person.actor(), form.text("importance").to_owned());
    let marked = state.db.write(move |tx| importance::set(tx, &actor, id, &value)).await?;
    Ok(see_other(&form.return_to("/incidents"), Some(&told(&marked))))
}

fn told(marked: &Marked) -> String {
    let Marked { name, importance, rescored } = marked;
    let level = importance.label().to_lowercase();
    match rescored {
        0 => format!("{name} is of {level} importance."),
        1 => format!("{name} is of {level} importance; 1 open incident has a new priority."),
        count => format!("{name} is of {level} importance; {count} open incidents have new priorities."),
    }
}
