//! The lists that the queue shows: incidents, all alerts, and the alerts of one incident. Filters, orders, pages,
//! columns and exports are the same code for all of them; what differs is said here.

use crate::model::severity::Severity;
use crate::queue::range::Range;
use crate::queue::sort::{Order, SortKey};

crate::text_enum! {
    /// A status by which a list is filtered: of incidents, or of alerts.
    pub enum ListedStatus {
        New = "new" / "New",
        Active = "active" / "Active",
        InProgress = "inProgress" / "In progress",
        Resolved = "resolved" / "Resolved",
        Redirected = "redirected" / "Redirected",
    }
}

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum List {
    #[default]
    Incidents,
    /// All alerts.
    Alerts,
    /// The alerts of the incident with this ID.
    AlertsOf(i64),
}

impl List {
    pub fn is_of_alerts(self) -> bool {
        self != Self::Incidents
    }

    /// The incident whose alerts are listed.
    pub fn incident(self) -> Option<i64> {
        match self {
            Self::AlertsOf(incident) => Some(incident),
            Self::Incidents | Self::Alerts => None,
        }
    }

    /// What one row is: "incident" or "alert".
    pub fn noun(self) -> &'static str {
        if self.is_of_alerts() { "alert" } else { "incident" }
    }

    /// The statuses that its rows can have.
    pub fn statuses(self) -> &'static [ListedStatus] {
        use ListedStatus::{Active, InProgress, New, Redirected, Resolved};
        if self.is_of_alerts() { &[New, InProgress, Resolved] } else { &[Active, InProgress, Resolved, Redirected] }
    }

    /// The statuses that it shows when nothing is asked; none: any.
    pub(super) fn default_statuses(self) -> Vec<ListedStatus> {
        match self {
            Self::Incidents => vec![ListedStatus::Active, ListedStatus::InProgress],
            Self::Alerts => vec![ListedStatus::New, ListedStatus::InProgress],
            Self::AlertsOf(_) => Vec::new(),
        }
    }

    /// The severities that it shows when nothing is asked; none: any.
    pub(super) fn default_severities(self) -> Vec<Severity> {
        match self {
            Self::Incidents => crate::model::incident::QUEUE_SEVERITIES.to_vec(),
            Self::Alerts | Self::AlertsOf(_) => Vec::new(),
        }
    }

    /// How far back it looks when nothing is asked.
    pub fn default_range(self) -> Range {
        match self {
            Self::Incidents | Self::Alerts => Range::DEFAULT,
            Self::AlertsOf(_) => Range::All,
        }
    }

    /// Its order when nothing is asked.
    pub fn default_order(self) -> Order {
        match self {
            Self::Incidents | Self::Alerts => Order::by(SortKey::LastUpdate, true),
            Self::AlertsOf(_) => Order::by(SortKey::LastActivity, true),
        }
    }

    /// What it can be ordered by. All alerts are ordered by what has an index; the alerts of one incident are few
    /// enough to be sorted.
    pub fn sort_keys(self) -> &'static [SortKey] {
        match self {
            Self::Incidents => SortKey::ALL,
            Self::Alerts => &[SortKey::LastUpdate, SortKey::LastActivity, SortKey::Severity],
            Self::AlertsOf(_) => &[
                SortKey::Severity,
                SortKey::LastActivity,
                SortKey::FirstActivity,
                SortKey::LastUpdate,
                SortKey::Name,
                SortKey::Status,
                SortKey::AssignedTo,
                SortKey::Id,
            ],
        }
    }

    /// The label of a key as a heading.
    pub fn label_of(self, key: SortKey) -> &'static str {
        if key == SortKey::Name && self.is_of_alerts() { "Title" } else { key.label() }
    }

    /// Reads an order ([`Order::parse`]).
    pub fn read_order(self, text: &str) -> (Option<Order>, bool) {
        Order::parse((self.sort_keys(), self.most_sort_keys()), text)
    }

    /// Most keys of one order.
    pub fn most_sort_keys(self) -> usize {
        // No index has several keys in different directions.
        if self == Self::Alerts { 1 } else { 5 }
    }

    pub(super) fn table(self) -> &'static str {
        if self.is_of_alerts() { "alerts" } else { "incidents" }
    }
}
