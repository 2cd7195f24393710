//! The priority of an incident as pages show it.

use askama::Template;

use crate::error::{Error, Result};
use crate::model::incident::Incident;
use crate::model::priority::{self, Band};

/// The score, its band ("High"), and the reasons for it.
#[derive(Debug, Clone)]
pub struct PriorityView {
    pub score: i64,
    pub band: Band,
    pub reasons: Vec<ReasonView>,
}

/// One part of the score.
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

/// Only the priority, for event streams.
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
