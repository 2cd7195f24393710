//! A row of the queue, ready for its template.

use std::sync::Arc;

use crate::clock;
use crate::model::follow_up::date_label;
use crate::model::outcome::Determination;
use crate::model::priority::Band;
use crate::model::severity::Severity;
use crate::model::tag::Tag;
use crate::queue::columns::Column;
use crate::queue::page::QueueRow;
use crate::text::{humanise, source_label};
use crate::web::shared::category_label::short_label;
use crate::web::shared::choices::owner_name;
use crate::web::shared::impacted_assets::{AssetView, assets_of};
use crate::web::shared::paths;
use crate::web::shared::time_format::{ShownTime, Zone};

/// Categories and tags that a row has room for.
const CATEGORIES: usize = 3;
const TAGS: usize = 3;

/// A row of the queue.
#[derive(Debug, Clone)]
pub struct RowView {
    /// The columns that are shown, in order.
    pub columns: Arc<[Column]>,
    pub id: i64,
    pub name: String,
    pub page_href: String,
    pub pane_href: String,
    pub selected: bool,
    pub severity: Severity,
    pub priority: i64,
    pub band: Band,
    pub status: &'static str,
    pub status_value: &'static str,
    /// The first few in short, and how many more there are; the title has all of them in full.
    pub categories: Vec<String>,
    pub categories_more: usize,
    pub categories_title: String,
    pub assets: Vec<AssetView>,
    pub tags: Vec<Tag>,
    pub active: String,
    pub sources: String,
    pub sources_more: usize,
    pub detections: String,
    pub detections_more: usize,
    pub products: String,
    pub products_more: usize,
    pub first: ShownTime,
    pub last: ShownTime,
    pub created: ShownTime,
    pub updated: ShownTime,
    pub owner: String,
    pub classification: String,
    pub determination: &'static str,
    /// Its sources have resolved all its alerts.
    pub all_alerts_resolved: bool,
    /// The date of following up, and whether it has come.
    pub follow_up: Option<(String, bool)>,
}

impl RowView {
    pub fn new(row: &QueueRow, zone: &Zone, columns: &Arc<[Column]>, pane_href: String, selected: bool) -> Self {
        let incident = &row.incident;
        let categories = &incident.scope.categories;
        let (sources, sources_more) = first_two(&incident.scope.service_sources, source_label);
        let (detections, detections_more) = first_two(&incident.scope.detection_sources, source_label);
        let (products, products_more) = first_two(&incident.scope.products, source_label);
        Self {
            columns: Arc::clone(columns),
            id: incident.id,
            name: incident.name.clone(),
            page_href: paths::incident(incident.id),
            pane_href,
            selected,
            severity: incident.severity,
            priority: incident.priority,
            band: Band::of(incident.priority),
            status: incident.status.label(),
            status_value: incident.status.as_str(),
            categories: categories.iter().take(CATEGORIES).map(|category| short_label(category)).collect(),
            categories_more: categories.len().saturating_sub(CATEGORIES),
            categories_title: categories.iter().map(|category| humanise(category)).collect::<Vec<_>>().join(", "),
            assets: assets_of(incident),
            tags: row.tags.clone(),
            active: if incident.all_alerts_resolved {
                format!("{} resolved", incident.alert_count)
            } else {
                format!("{}/{}", incident.open_alert_count, incident.alert_count)
            },
            sources,
            sources_more,
            detections,
            detections_more,
            products,
            products_more,
            first: zone.show(incident.first_activity),
            last: zone.show(incident.last_activity),
            created: zone.show(incident.created_at),
            updated: zone.show(incident.updated_at),
            owner: owner_name(row.owner.as_ref()),
            classification: incident.outcome().label(),
            determination: if incident.determination == Determination::Unknown {
                ""
            } else {
                incident.determination.label()
            },
            all_alerts_resolved: incident.all_alerts_resolved,
            follow_up: incident.follow_up_at.map(|at| (date_label(at), at <= clock::now())),
        }
    }
}

impl RowView {
    /// The assets under the name, unless they have a column.
    pub fn assets_inline(&self) -> &[AssetView] {
        if self.columns.contains(&Column::Assets) { &[] } else { &self.assets }
    }

    /// The first tags, unless all have a column.
    pub fn tags_inline(&self) -> &[Tag] {
        if self.columns.contains(&Column::Tags) { &[] } else { self.tags.get(..TAGS).unwrap_or(&self.tags) }
    }

    pub fn tags_left(&self) -> usize {
        if self.columns.contains(&Column::Tags) { 0 } else { self.tags.len().saturating_sub(TAGS) }
    }

    /// Whether there is a line under the name.
    pub fn has_scope(&self) -> bool {
        self.all_alerts_resolved || !self.assets_inline().is_empty() || !self.tags_inline().is_empty()
    }
}

fn first_two(values: &[String], label: fn(&str) -> String) -> (String, usize) {
    let shown: Vec<String> = values.iter().take(2).map(|value| label(value)).collect();
    (shown.join(", "), values.len().saturating_sub(2))
}
