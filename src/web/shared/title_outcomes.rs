//! How alerts of one title were classified before, in words with links: "40 resolved alerts with this title: 38 false
//! positive, 2 not set".

use crate::alerts::outcomes::{COUNTED, TitleOutcomes};
use crate::queue::list::List;
use crate::text::{counted, thousands};
use crate::web::shared::queue_links;

/// How alerts of one title were classified before, ready for templates.
#[derive(Debug, Clone, Default)]
pub struct TitleOutcomesView {
    /// "40 resolved alerts"; empty where there are none.
    pub resolved: String,
    pub resolved_href: String,
    /// "38 false positive", with the list of these.
    pub each: Vec<(String, String)>,
}

impl TitleOutcomesView {
    pub fn new(title: &str, outcomes: &TitleOutcomes) -> Self {
        if outcomes.resolved == 0 {
            return Self::default();
        }
        let list = |more: &[(&str, &str)]| {
            let filters = [("title", title), ("status", "resolved"), ("range", "all")];
            let filters: Vec<(&str, &str)> = filters.into_iter().chain(more.iter().copied()).collect();
            queue_links::link(List::Alerts, &filters)
        };
        let each = outcomes.each.iter().map(|(classification, alerts)| {
            let label = classification.label().to_lowercase();
            (format!("{} {label}", thousands(*alerts)), list(&[("classification", classification.as_str())]))
        });
        let resolved = counted(thousands(outcomes.resolved), "resolved alert");
        Self {
            resolved: if outcomes.more {
                format!("The newest {} resolved alerts", thousands(COUNTED))
            } else {
                resolved
            },
            resolved_href: list(&[]),
            each: each.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TitleOutcomesView;
    use crate::alerts::outcomes::TitleOutcomes;
    use crate::model::outcome::Classification;

    #[test]
    fn each_number_leads_to_the_alerts_that_it_counts() {
        let each = vec![(Classification::FalsePositive, 1_038), (Classification::Unknown, 2)];
        let view = TitleOutcomesView::new("Port scan", &TitleOutcomes { resolved: 1_040, each, more: false });
        assert_eq!(view.resolved, "1,040 resolved alerts");
        let (label, href) = &view.each[0];
        assert_eq!(label, "1,038 false positive");
        assert_eq!(href, "/alerts?title=Port+scan&status=resolved&range=all&classification=falsePositive");
        assert!(TitleOutcomesView::new("x", &TitleOutcomes::default()).resolved.is_empty());
    }
}
