//! An incident as a target of a move or merge.

use crate::queue::target::Candidate;
use crate::text::counted;
use crate::web::shared::choices::owner_name;
use crate::web::shared::form::Submitted;
use crate::web::shared::impacted_assets::{AssetView, assets_of};
use crate::web::shared::time_format::{ShownTime, Zone};

/// Targets that are listed at once: few enough to be seen without scrolling.
const LISTED: usize = 5;

/// A target, with what tells it from others.
#[derive(Debug, Clone)]
pub struct TargetView {
    pub id: i64,
    pub name: String,
    pub status: &'static str,
    pub status_value: &'static str,
    pub owner: String,
    pub assets: Vec<AssetView>,
    pub first: ShownTime,
    pub last: ShownTime,
    /// "2 assets in common"
    pub shared: String,
    pub chosen: bool,
}

/// The value of the choice that is a new incident.
pub const NEW: &str = "new";

/// The target that a form names: a typed one goes before a chosen one.
pub fn named(form: &Submitted) -> String {
    let typed = form.text("target");
    if typed.trim().is_empty() { form.text("related") } else { typed }.to_owned()
}

/// The list of targets to choose from.
#[derive(Debug, Clone)]
pub struct TargetList {
    pub label: &'static str,
    pub views: Vec<TargetView>,
    /// There are more than are listed.
    pub are_cut: bool,
}

impl TargetList {
    /// Those found for what was typed; `chosen` is the ID of the one that was chosen.
    pub fn new(typed: &str, found: &[Candidate], zone: &Zone, chosen: &str) -> Self {
        Self {
            label: if typed.trim().is_empty() { "Related incidents" } else { "Found incidents" },
            views: found.iter().take(LISTED).map(|candidate| view(candidate, zone, chosen)).collect(),
            are_cut: found.len() > LISTED,
        }
    }
}

fn view(Candidate { row, shared }: &Candidate, zone: &Zone, chosen: &str) -> TargetView {
    TargetView {
        id: row.incident.id,
        chosen: chosen == row.incident.id.to_string(),
        name: row.incident.name.clone(),
        status: row.incident.status.label(),
        status_value: row.incident.status.as_str(),
        owner: owner_name(row.owner.as_ref()),
        assets: assets_of(&row.incident),
        first: zone.show(row.incident.first_activity),
        last: zone.show(row.incident.last_activity),
        shared: in_common(*shared),
    }
}

/// "2 assets in common", "No asset in common".
pub fn in_common(assets: i64) -> String {
    match assets {
        0 => "No asset in common".to_owned(),
        count => format!("{} in common", counted(count, "asset")),
    }
}
