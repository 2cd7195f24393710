//! The Alerts tab of an incident: the list of its alerts, and the alert that is open beside it.

use crate::queue::filter::{Filter, Ignored};
use crate::web::alert::pane::AlertPane;
use crate::web::incident::page_data::AlertsData;
use crate::web::queue::list_view::ListView;
use crate::web::shared::layout::Layout;
use crate::web::shared::pane_links::PaneLinks;

/// What the tab shows; nothing on other tabs.
#[derive(Default)]
pub(crate) struct AlertsTab {
    pub(crate) list: Option<ListView>,
    pub(crate) pane: Option<AlertPane>,
    /// The alert that is to be open does not exist.
    pub(crate) is_missing: bool,
}

impl AlertsTab {
    pub(crate) fn new(layout: &Layout, (filter, ignored): (Filter, Vec<Ignored>), data: AlertsData) -> Self {
        let links = PaneLinks::new(&filter, data.neighbours);
        let is_missing = filter.pane.is_some() && data.pane.is_none();
        let pane = data.pane.map(|pane| AlertPane::new(pane, layout, links));
        Self { list: Some(ListView::new(layout, filter, ignored, data.list)), pane, is_missing }
    }
}
