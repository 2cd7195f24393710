//! A row of a list of alerts, ready for its template.

use std::sync::Arc;

use crate::queue::alert_rows::AlertRow;
use crate::queue::columns::Column;
use crate::text::{counted, humanise, source_label, thousands};
use crate::web::shared::alert_view::AlertView;
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
    pub fn with_group(self, (count, open): (i64, i64), others: usize, href: String) -> Self {
        let all = counted(thousands(count), "alert");
        let label = if open == count { all } else { format!("{all}, {} open", thousands(open)) };
        Self { group: Some(GroupView { label, has_others: others > 0, href }), ..self }
    }

    /// One of the others.
    pub fn folded_under(self, first: i64, folded: bool) -> Self {
        Self { under: Some(first), folded, ..self }
    }

    pub fn incident_href(&self) -> String {
        paths::incident(self.incident)
    }
}
