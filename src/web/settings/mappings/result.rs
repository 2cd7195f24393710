//! The alerts that a mapping makes of the sample, as the alert page would show them.

use crate::alerts::overview::Evidence;
use crate::formats::mapping::compile::Mapping;
use crate::formats::mapping_trial::{self, Trial};
use crate::formats::not_taken::NotTaken;
use crate::model::alert::AlertStatus;
use crate::model::entity::EvidenceKind;
use crate::model::incoming::IncomingAlert;
use crate::model::linking::links;
use crate::model::severity::Severity;
use crate::text::{humanise, source_label};
use crate::web::shared::evidence_view::{EvidenceView, evidence_view};
use crate::web::shared::technique_view::TechniqueView;
use crate::web::shared::time_format::{ShownTime, Zone};

/// The records of the sample.
#[derive(Debug)]
pub struct ResultView {
    pub records: Vec<RecordView>,
    /// How many more records there are than are shown.
    pub more: usize,
    pub alerts: usize,
}

/// One record.
#[derive(Debug)]
pub struct RecordView {
    pub place: String,
    pub alert: Option<AlertShown>,
    /// Why there is no alert; empty when there is one.
    pub error: String,
    /// The conditions of the mapping exclude it.
    pub skipped: bool,
    pub notes: Vec<String>,
}

/// The alert of a record.
#[derive(Debug)]
pub struct AlertShown {
    pub title: String,
    pub severity: Severity,
    /// Whether the source gave it.
    pub severity_given: bool,
    pub status: AlertStatus,
    pub description: String,
    pub recommended_actions: String,
    pub category: String,
    pub techniques: Vec<TechniqueView>,
    pub source: String,
    pub detection: String,
    pub product: String,
    pub assigned_to: String,
    pub first: ShownTime,
    pub last: ShownTime,
    pub created: ShownTime,
    pub id: String,
    pub facts: Vec<(String, String)>,
    /// Kind and name of the impacted assets; a placeholder is none (R17).
    pub assets: Vec<(&'static str, String)>,
    pub evidence: Vec<EvidenceView>,
}

impl ResultView {
    pub fn new(mapping: Mapping, sample: &str, zone: &Zone) -> Self {
        let (trials, count) = mapping_trial::run(mapping, sample);
        let records: Vec<RecordView> =
            trials.into_iter().enumerate().map(|(index, trial)| RecordView::new(index, trial, zone)).collect();
        Self {
            more: count.saturating_sub(records.len()),
            alerts: records.iter().filter(|record| record.alert.is_some()).count(),
            records,
        }
    }
}

impl RecordView {
    fn new(index: usize, trial: Trial, zone: &Zone) -> Self {
        let place = trial.line.map_or_else(|| format!("Record {}", index + 1), |line| format!("Line {line}"));
        let (alert, error, skipped) = match trial.outcome {
            Ok(alert) => (Some(AlertShown::new(*alert, zone)), String::new(), false),
            Err(NotTaken::Skipped(why)) => (None, why, true),
            Err(NotTaken::Refused(why)) => (None, sentence(&why), false),
        };
        Self { place, alert, error, skipped, notes: trial.notes }
    }
}

/// Makes a sentence of a reason, which is written to be part of one.
fn sentence(why: &str) -> String {
    let mut chars = why.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let text: String = first.chain(chars).collect();
    if text.ends_with('.') { text } else { format!("{text}.") }
}

impl AlertShown {
    fn new(alert: IncomingAlert, zone: &Zone) -> Self {
        let mut evidence: Vec<_> = alert.evidence.iter().collect();
        let rank = |kind: EvidenceKind| match kind {
            EvidenceKind::Device => 0,
            EvidenceKind::User => 1,
            EvidenceKind::Mailbox => 2,
            _ => 3,
        };
        evidence.sort_by_key(|item| rank(item.kind));
        let assets = evidence.iter().filter(|item| rank(item.kind) < 3 && links(item));
        Self {
            severity: alert.severity_or_medium(),
            severity_given: alert.severity.is_some(),
            status: AlertStatus::parse(&alert.status).unwrap_or(AlertStatus::New),
            category: humanise(&alert.category),
            techniques: alert.techniques.iter().map(|id| TechniqueView::new(id)).collect(),
            source: source_label(&alert.service_source),
            detection: source_label(&alert.detection_source),
            first: zone.show(alert.first_activity),
            last: zone.show(alert.last_activity),
            created: zone.show(alert.created_at),
            id: alert.provider_alert_id,
            assets: assets.map(|item| (item.kind.as_str(), item.name.clone())).collect(),
            evidence: evidence
                .into_iter()
                .map(|item| {
                    evidence_view(Evidence {
                        kind: item.kind.as_str().to_owned(),
                        name: item.name.clone(),
                        roles: item.roles.clone(),
                        verdict: item.verdict.clone(),
                        remediation: item.remediation.clone(),
                        facts: item.facts.clone(),
                        ..Evidence::default()
                    })
                })
                .collect(),
            title: alert.title,
            description: alert.description,
            recommended_actions: alert.recommended_actions,
            product: alert.product,
            assigned_to: alert.assigned_to,
            facts: alert.facts,
        }
    }
}
