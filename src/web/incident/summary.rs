//! The cards of the summary that tell of evidence and of other incidents.

use crate::incidents::summary::Summary;
use crate::model::incident::Incident;
use crate::model::severity::Severity;
use crate::model::verdict;
use crate::text::{counted, thousands};
use crate::web::incident::similar::SimilarView;
use crate::web::shared::paths;
use crate::web::shared::time_format::{ShownTime, Zone};

/// An open incident with assets of the one that is shown.
#[derive(Debug, Clone)]
pub struct OpenView {
    pub id: i64,
    pub name: String,
    pub href: String,
    pub severity: Severity,
    /// "2 assets in common".
    pub shared: String,
    pub last: ShownTime,
}

/// The cards, ready for their template.
#[derive(Debug, Clone, Default)]
pub struct SummaryView {
    /// Label, stored value and number of entities of each verdict; the label of unknown is empty.
    pub verdicts: Vec<(String, String, String)>,
    pub similar: Vec<SimilarView>,
    pub open: Vec<OpenView>,
}

impl SummaryView {
    pub fn new(summary: &Summary, shown: &Incident, zone: &Zone) -> Self {
        let verdict = |(value, count): &(String, usize)| (verdict::label(value), value.clone(), thousands(*count));
        let open = |(incident, shared): &(Incident, i64)| OpenView {
            id: incident.id,
            name: incident.name.clone(),
            href: paths::incident(incident.id),
            severity: incident.severity,
            shared: format!("{} in common", counted(thousands(*shared), "asset")),
            last: zone.show(incident.last_activity),
        };
        Self {
            verdicts: summary.verdicts.iter().map(verdict).collect(),
            similar: summary.similar.iter().map(|one| SimilarView::new(one, shown, zone)).collect(),
            open: summary.open.iter().map(open).collect(),
        }
    }
}
