//! The columns that a list's table can show.

use crate::queue::list::List;
use crate::queue::sort::SortKey;

crate::text_enum! {
    /// A column of a list. Its value is what `columns=` and, where it has an order, `sort=` call it.
    pub enum Column {
        Name = "name" / "Incident name",
        Id = "id" / "ID",
        Priority = "priority" / "Priority",
        Incident = "incident" / "Incident",
        Tags = "tags" / "Tags",
        Severity = "severity" / "Severity",
        Status = "status" / "Status",
        Alerts = "alerts" / "Active alerts",
        AssignedTo = "assignedTo" / "Assigned to",
        LastUpdate = "lastUpdate" / "Last update",
        Created = "created" / "Created",
        Categories = "categories" / "Categories",
        Techniques = "techniques" / "Techniques",
        Assets = "assets" / "Impacted assets",
        LinkedBy = "linkedBy" / "Linked by",
        ServiceSources = "serviceSources" / "Service sources",
        DetectionSources = "detectionSources" / "Detection sources",
        Products = "products" / "Product names",
        FirstActivity = "firstActivity" / "First activity",
        LastActivity = "lastActivity" / "Last activity",
        Classification = "classification" / "Classification",
        Determination = "determination" / "Determination",
        FollowUp = "followUp" / "Follow up",
        Times = "times" / "Times seen",
    }
}

impl Column {
    /// Reads the name of a column that a list has.
    pub fn of(list: List, name: &str) -> Option<Self> {
        Self::parse(name).filter(|column| column.is_in(list))
    }

    /// Whether a list has it.
    pub fn is_in(self, list: List) -> bool {
        match self {
            Self::Priority | Self::Tags | Self::Alerts | Self::FollowUp => !list.is_of_alerts(),
            Self::Incident => list == List::Alerts,
            Self::Techniques | Self::LinkedBy | Self::Times => list.is_of_alerts(),
            Self::Name
            | Self::Id
            | Self::Severity
            | Self::Status
            | Self::AssignedTo
            | Self::LastUpdate
            | Self::Created
            | Self::Categories
            | Self::Assets
            | Self::ServiceSources
            | Self::DetectionSources
            | Self::Products
            | Self::FirstActivity
            | Self::LastActivity
            | Self::Classification
            | Self::Determination => true,
        }
    }

    /// All columns of a list.
    pub fn all_of(list: List) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |column| column.is_in(list))
    }

    /// Its heading in a list. An alert has one category and one source.
    pub fn label_in(self, list: List) -> &'static str {
        match self {
            Self::Name if list.is_of_alerts() => "Title",
            Self::Categories if list.is_of_alerts() => "Category",
            Self::ServiceSources if list.is_of_alerts() => "Service source",
            Self::DetectionSources if list.is_of_alerts() => "Detection source",
            Self::Products if list.is_of_alerts() => "Product",
            column => column.label(),
        }
    }

    /// Whether it is always there: the name leads to the page, the ID to the pane.
    pub fn is_fixed(self) -> bool {
        matches!(self, Self::Name | Self::Id)
    }

    /// What orders a list by this column, if it has an order there.
    pub fn sort_key(self, list: List) -> Option<SortKey> {
        SortKey::parse(self.as_str()).filter(|key| list.sort_keys().contains(key))
    }
}

/// The columns of a list that somebody sees who has chosen none.
pub fn default_columns(list: List) -> Vec<Column> {
    match list {
        // The name's own cell shows tags and assets.
        List::Incidents => vec![
            Column::Name,
            Column::Id,
            Column::Priority,
            Column::Severity,
            Column::Status,
            Column::Alerts,
            Column::AssignedTo,
            Column::LastUpdate,
            Column::Categories,
            Column::ServiceSources,
            Column::Classification,
        ],
        List::Alerts => vec![
            Column::Name,
            Column::Id,
            Column::Incident,
            Column::Severity,
            Column::Status,
            Column::AssignedTo,
            Column::LastUpdate,
            Column::Categories,
            Column::Assets,
            Column::ServiceSources,
            Column::LastActivity,
        ],
        List::AlertsOf(_) => vec![
            Column::Name,
            Column::Id,
            Column::Severity,
            Column::Status,
            Column::FirstActivity,
            Column::LastActivity,
            Column::Assets,
            Column::Categories,
            Column::LinkedBy,
            Column::ServiceSources,
            Column::AssignedTo,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: [List; 3] = [List::Incidents, List::Alerts, List::AlertsOf(1)];

    #[test]
    fn columns_and_orders_share_their_names() {
        assert_eq!(Column::LastUpdate.sort_key(List::Incidents), Some(SortKey::LastUpdate));
        assert_eq!(Column::Categories.sort_key(List::Incidents), None);
        assert_eq!(Column::Name.sort_key(List::Alerts), None, "no index has the titles of a status in order");
        for list in LISTS {
            for key in list.sort_keys() {
                assert!(Column::of(list, key.as_str()).is_some(), "{key} has a column of {list:?} to order by");
            }
        }
    }

    #[test]
    fn what_leads_further_is_among_the_default_columns() {
        for list in LISTS {
            let default = default_columns(list);
            assert!(Column::all_of(list).filter(|column| column.is_fixed()).all(|column| default.contains(&column)));
            assert!(default.iter().all(|column| column.is_in(list)), "{list:?}");
        }
    }
}
