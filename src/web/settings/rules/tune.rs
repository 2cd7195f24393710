//! What a new rule is filled in from: an alert, some alerts, or an incident, whose detections can be chosen from.

use actix_web::HttpRequest;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::rules::draft::Draft;
use crate::rules::tuned::{self, Detection};
use crate::text::{counted, source_label};
use crate::web::shared::choices::Choice;
use crate::web::shared::query;

/// What the address of a new rule names.
#[derive(Debug, Default)]
pub struct Origin {
    alert: Option<i64>,
    alerts: Vec<i64>,
    incident: Option<i64>,
}

/// The detections to choose from, ready for the template.
#[derive(Default)]
pub struct TuneView {
    /// Empty where there is nothing to choose.
    pub detections: Vec<Choice>,
    /// That a rule is for one detection; empty where there is nothing to choose.
    pub hint: String,
    /// What the choice keeps of the address.
    pub kept: Vec<(&'static str, i64)>,
}

impl Origin {
    pub fn of(request: &HttpRequest) -> Self {
        let mut origin = Self::default();
        for (name, value) in query::pairs(request) {
            let Ok(id) = value.parse::<i64>() else { continue };
            match name.as_str() {
                "alert" => origin.alert = Some(id),
                "alerts" => origin.alerts.push(id),
                "incident" => origin.incident = Some(id),
                _ => {}
            }
        }
        origin
    }

    /// The rule as filled in, and the detections to choose from.
    pub fn load(&self, conn: &mut AnyConnection) -> Result<(Draft, TuneView)> {
        let detections = match self.incident {
            _ if !self.alerts.is_empty() => tuned::detections_among(conn, &self.alerts)?,
            Some(incident) => tuned::detections_of(conn, incident)?,
            None => Vec::new(),
        };
        let chosen = self.alert.or(detections.first().map(|detection| detection.alert));
        let draft = match chosen {
            Some(alert) => tuned::for_alert(conn, alert)?,
            None => Draft::default(),
        };
        Ok((draft, self.view(&detections, chosen)))
    }

    fn view(&self, detections: &[Detection], chosen: Option<i64>) -> TuneView {
        if detections.len() < 2 {
            return TuneView::default();
        }
        let choice = |detection: &Detection| Choice {
            value: detection.alert.to_string(),
            label: format!(
                "{} ({}, {})",
                detection.title,
                source_label(&detection.source),
                counted(detection.alerts, "alert")
            ),
            selected: Some(detection.alert) == chosen,
        };
        let incident = self.incident.filter(|_| self.alerts.is_empty());
        let kept = self.alerts.iter().map(|id| ("alerts", *id)).chain(incident.map(|id| ("incident", id)));
        let what = if incident.is_some() { "This incident has alerts" } else { "You selected alerts" };
        let hint = format!(
            "{what} of {} detections. This rule is for the one chosen here; the others need rules of their own.",
            detections.len()
        );
        TuneView { detections: detections.iter().map(choice).collect(), hint, kept: kept.collect() }
    }
}
