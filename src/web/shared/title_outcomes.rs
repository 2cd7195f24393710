//! How alerts of one title were classified, in words with links: "Resolved alerts with this title: 40 (38 false positive,
//! 2 not set)".

use crate::alerts::outcomes::{COUNTED, TitleOutcomes};
use crate::queue::list::List;
use crate::text::thousands;
use crate::web::shared::queue_links;

/// How alerts of one title were classified, ready for templates.
#[derive(Debug, Clone, Default)]
pub struct TitleOutcomesView {
    pub label: String,
    /// How many; empty for none.
    pub resolved: String,
    pub resolved_href: String,
    /// "38 false positive", with the list of these.
    pub each: Vec<(String, Option<String>)>,
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
            // The list has all of them, not only those that are counted.
            let href = (!outcomes.more).then(|| list(&[("classification", classification.as_str())]));
            (format!("{} {label}", thousands(*alerts)), href)
        });
        Self {
            label: if outcomes.more {
                format!("Newest {} resolved alerts with this title", thousands(COUNTED))
            } else {
                "Resolved alerts with this title".to_owned()
            },
            resolved: thousands(outcomes.resolved),
            resolved_href: list(&[]),
            each: each.collect(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::TitleOutcomesView;
    use crate::alerts::outcomes::TitleOutcomes;
    use crate::model::outcome::Classification;

    #[test]
    fn each_number_leads_to_the_alerts_that_it_counts() {
        let each = vec![(Classification::FalsePositive, 1_038), (Classification::Unknown, 2)];
        let view = TitleOutcomesView::new("Port scan", &TitleOutcomes { resolved: 1_040, each, more: false });
        assert_eq!(view.resolved, "1,040");
        let (label, href) = &view.each[0];
        assert_eq!(label, "1,038 false positive");
        let href = href.as_deref().unwrap();
        assert_eq!(href, "/alerts?title=Port+scan&status=resolved&range=all&classification=falsePositive");
        assert!(TitleOutcomesView::new("x", &TitleOutcomes::default()).resolved.is_empty());
    }
}
