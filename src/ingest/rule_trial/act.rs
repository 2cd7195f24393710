//! What a rule would do to alerts other than hiding or grouping them.

use std::collections::{BTreeSet, HashMap};

use crate::ingest::rule_trial::compare::Groups;
use crate::ingest::rule_trial::rebuild::Record;
use crate::ingest::rule_trial::report::Act;
use crate::rules::rule::Effect;

/// Whether an effect changes how alerts are grouped. Hiding does: a hidden alert links no others.
pub fn regroups(effect: &Effect) -> bool {
    !matches!(effect, Effect::Resolve { .. } | Effect::SetSeverity { .. } | Effect::AddTag { .. })
}

/// What an effect does to the matched alerts that are not hidden. Incidents are those of the trial without the rule.
pub fn of(effect: &Effect, matched: &[&Record], without: &Groups, with: &Groups) -> Option<Act> {
    let stored = matched.iter().filter(|record| with.incident_of(record.id).is_some());
    match effect {
        Effect::Resolve { .. } => {
            let mut touched: HashMap<i64, usize> = HashMap::new();
            for incident in stored.clone().filter_map(|record| without.incident_of(record.id)) {
                *touched.entry(incident).or_default() += 1;
            }
            let sizes = without.sizes();
            let incidents = touched.iter().filter(|(incident, alerts)| sizes.get(*incident) == Some(*alerts)).count();
            Some(Act::Resolve { alerts: stored.count(), incidents })
        }
        Effect::SetSeverity { severity } => Some(Act::SetSeverity { to: *severity, alerts: stored.count() }),
        Effect::AddTag { tag } => {
            let incidents: BTreeSet<i64> = stored.filter_map(|record| with.incident_of(record.id)).collect();
            Some(Act::AddTag { tag: tag.clone(), incidents: incidents.len() })
        }
        Effect::Ignore | Effect::NeverCorrelate | Effect::GroupBy { .. } | Effect::Window { .. } => None,
    }
}
