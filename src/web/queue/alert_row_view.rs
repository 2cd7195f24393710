//! A row of a list of alerts, ready for its template.

use std::sync::Arc;

use crate::queue::alert_rows::AlertRow;
use crate::queue::columns::Column;
use crate::queue::groups::Group;
use crate::text::{humanise, source_label};
use crate::web::shared::alert_view::{AlertView, alerts_and_open};
use crate::web::shared::category_label::short_label;
use crate::web::shared::impacted_assets::{AssetView, assets_of_alert};
use crate::web::shared::paths;
use crate::web::shared::time_format::{ShownTime, Zone};

/// Assets that a row has room for.
const ASSETS: usize = 3;

/// A row of a list of alerts.
#[derive(Debug, Clone)]
pub struct AlertRowView {
    /// The columns that are shown, in order.
    pub columns: Arc<[Column]>,
    pub id: i64,
    pub view: AlertView,
    pub pane_href: String,
    pub selected: bool,
    pub incident: i64,
    pub incident_name: String,
    pub category: String,
    pub category_title: String,
    pub assets: Vec<AssetView>,
    pub assets_left: usize,
    pub product: String,
    pub created: ShownTime,
    pub determination: &'static str,
    /// Present on the first alert of a title that several have.
    pub group: Option<GroupView>,
    /// The first alert of its title, which it stands under.
    pub under: Option<i64>,
    pub folded: bool,
}

/// The alerts of one title.
#[derive(Debug, Clone)]
pub struct GroupView {
    /// "60 alerts", "60 alerts, 59 open".
    pub label: String,
    /// Whether the others are on the page.
    pub has_others: bool,
    /// The ids of the others that have no row, which its checkbox selects as well: "4 9 12".
    pub unlisted: String,
    /// Whether they are too many to be selected by one tick.
    pub is_too_large: bool,
    /// The list of all of them.
    pub href: String,
}

impl AlertRowView {
    pub fn new(row: &AlertRow, zone: &Zone, columns: &Arc<[Column]>, pane_href: String, selected: bool) -> Self {
        let alert = &row.alert;
        let people = row.owner.iter().map(|owner| (owner.id, owner.clone())).collect();
        let assets = assets_of_alert(&alert.assets);
        Self {
            columns: Arc::clone(columns),
            id: alert.id,
            pane_href,
            selected,
            incident: alert.incident_id,
            incident_name: row.incident.clone(),
            category: short_label(&alert.category),
            category_title: humanise(&alert.category),
            assets_left: assets.len().saturating_sub(ASSETS),
            assets: assets.into_iter().take(ASSETS).collect(),
            product: source_label(&alert.product),
            created: zone.show(alert.created_at),
            determination: if alert.outcome().is_set() { alert.determination.label() } else { "" },
            view: AlertView::new(alert, zone, &people),
            group: None,
            under: None,
            folded: false,
        }
    }

    /// The first of several alerts with its title.
    pub fn with_group(self, group: &Group, href: String) -> Self {
        let label = alerts_and_open(group.count, group.open);
        let has_others = !group.others.is_empty();
        let unlisted: Vec<String> =
            if has_others { Vec::new() } else { group.other_ids.iter().map(ToString::to_string).collect() };
        let is_too_large = group.other_ids.is_empty();
        Self { group: Some(GroupView { label, has_others, unlisted: unlisted.join(" "), is_too_large, href }), ..self }
    }

    /// One of the others.
    pub fn folded_under(self, first: i64, folded: bool) -> Self {
        Self { under: Some(first), folded, ..self }
    }

    pub fn incident_href(&self) -> String {
        paths::incident(self.incident)
    }
}
