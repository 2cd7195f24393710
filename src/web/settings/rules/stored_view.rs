//! The use and the state of a stored rule, as its page shows them beside the form.

use crate::clock;
use crate::rules::store::Listed;
use crate::rules::wording::last_day;
use crate::text::thousands;
use crate::web::settings::rules::outcome::in_short;
use crate::web::shared::time_format::{ShownTime, Zone};

/// The use of a stored rule, shown beside the form.
pub struct StoredView {
    pub id: i64,
    pub name: String,
    pub enabled: bool,
    pub expired: bool,
    pub hits: String,
    pub last_hit: Option<ShownTime>,
    /// Bars of the last days: x, y and height.
    pub bars: Vec<(usize, i64, i64)>,
    /// Hits on the day with the most.
    pub max: i64,
    /// Its last day; none for a rule that never expires.
    pub last_day: Option<String>,
    /// It waits for a decision: who proposed it and when, and what its latest trial said.
    pub proposal: Option<ProposalView>,
}

/// A proposal, for whoever decides about it.
pub struct ProposalView {
    pub proposer: String,
    pub at: Option<ShownTime>,
    pub trial: String,
}

/// Height of the chart of hits a day.
const CHART_HEIGHT: i64 = 28;

pub fn stored_view(listed: Listed, days: &[i64], zone: &Zone) -> StoredView {
    let Listed { rule, proposer, trial, .. } = listed;
    let max = days.iter().copied().max().unwrap_or(0);
    let bars = days.iter().enumerate().map(|(index, hits)| {
        let height = if *hits == 0 { 1 } else { (hits * (CHART_HEIGHT - 1) / max.max(1)).max(2) };
        (index * 6, CHART_HEIGHT - height, height)
    });
    StoredView {
        id: rule.id,
        enabled: rule.enabled,
        expired: rule.is_expired(clock::now()),
        hits: thousands(rule.hits),
        last_hit: rule.last_hit.map(|at| zone.show(at)),
        bars: bars.collect(),
        max,
        last_day: rule.expires_at.map(last_day),
        proposal: rule.pending.then(|| ProposalView {
            proposer,
            at: rule.proposed_at.map(|at| zone.show(at)),
            trial: trial.map(|figures| in_short(&figures)).unwrap_or_default(),
        }),
        name: rule.name,
    }
}
