//! An incident as a target of a move or merge.

use crate::queue::target::Candidate;
use crate::web::shared::choices::owner_name;
use crate::web::shared::form::Submitted;
use crate::web::shared::impacted_assets::{AssetView, assets_of};
use crate::web::shared::time_format::{ShownTime, Zone};

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
    /// "2 assets in common"; empty for none.
    pub shared: String,
    pub chosen: bool,
}

/// The target that a form names: a typed one goes before a chosen one.
pub fn named(form: &Submitted) -> String {
    let typed = form.text("target");
    if typed.trim().is_empty() { form.text("related") } else { typed }.to_owned()
}

/// What a list of targets is called, by what was typed.
pub fn label(typed: &str) -> &'static str {
    if typed.trim().is_empty() { "Related incidents" } else { "Found incidents" }
}

/// The targets; `chosen` is the ID of the one that was chosen.
pub fn views(found: &[Candidate], zone: &Zone, chosen: &str) -> Vec<TargetView> {
    found
        .iter()
        .map(|Candidate { row, shared }| TargetView {
            id: row.incident.id,
            chosen: chosen == row.incident.id.to_string(),
            name: row.incident.name.clone(),
            status: row.incident.status.label(),
            status_value: row.incident.status.as_str(),
            owner: owner_name(row.owner.as_ref()),
            assets: assets_of(&row.incident),
            first: zone.show(row.incident.first_activity),
            last: zone.show(row.incident.last_activity),
            shared: match shared {
                0 => String::new(),
                1 => "1 asset in common".to_owned(),
                count => format!("{count} assets in common"),
            },
        })
        .collect()
}
