//! The columns that the queue's table can show.

use crate::queue::sort::SortKey;

crate::text_enum! {
    /// A column of the queue. Its value is what `columns=` and, where it has an order, `sort=` call it.
    pub enum Column {
        Name = "name" / "Incident name",
        Id = "id" / "ID",
        Priority = "priority" / "Priority",
        Tags = "tags" / "Tags",
        Severity = "severity" / "Severity",
        Status = "status" / "Status",
        Alerts = "alerts" / "Active alerts",
        AssignedTo = "assignedTo" / "Assigned to",
        LastUpdate = "lastUpdate" / "Last update",
        Created = "created" / "Created",
        Categories = "categories" / "Categories",
        Assets = "assets" / "Impacted assets",
        ServiceSources = "serviceSources" / "Service sources",
        DetectionSources = "detectionSources" / "Detection sources",
        Products = "products" / "Product names",
        FirstActivity = "firstActivity" / "First activity",
        LastActivity = "lastActivity" / "Last activity",
        Classification = "classification" / "Classification",
        Determination = "determination" / "Determination",
        FollowUp = "followUp" / "Follow up",
    }
}

impl Column {
    /// Whether it is always there: the name leads to the page, the ID to the pane.
    pub fn is_fixed(self) -> bool {
        matches!(self, Self::Name | Self::Id)
    }

    /// What orders the list by this column, if it has an order.
    pub fn sort_key(self) -> Option<SortKey> {
        SortKey::parse(self.as_str())
    }
}

/// The columns that somebody sees who has chosen none.
pub fn default_columns() -> Vec<Column> {
    // The name's own cell shows tags and assets.
    let left_out = [
        Column::Tags,
        Column::Assets,
        Column::Created,
        Column::DetectionSources,
        Column::Products,
        Column::FirstActivity,
        Column::LastActivity,
        Column::Determination,
        Column::FollowUp,
    ];
    Column::ALL.iter().copied().filter(|column| !left_out.contains(column)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_orders_share_their_names() {
        assert_eq!(Column::LastUpdate.sort_key(), Some(SortKey::LastUpdate));
        assert_eq!(Column::Categories.sort_key(), None);
        for key in SortKey::ALL {
            assert!(Column::parse(key.as_str()).is_some(), "{key} has a column to order by");
        }
    }

    #[test]
    fn what_leads_further_is_among_the_default_columns() {
        let default = default_columns();
        assert!(Column::ALL.iter().filter(|column| column.is_fixed()).all(|column| default.contains(column)));
    }
}
