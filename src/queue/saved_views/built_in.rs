//! The views that everybody has without saving them.

use crate::queue::filter::Filter;

crate::text_enum! {
    /// A built-in view.
    pub enum BuiltInView {
        New = "new" / "New",
        High = "high" / "High severity",
        Unassigned = "unassigned" / "Unassigned",
        HighUnassigned = "highUnassigned" / "High and unassigned",
        Mine = "mine" / "Assigned to me",
        Open = "open" / "All open",
        AllAlertsResolved = "allAlertsResolved" / "All alerts resolved",
        ResolvedToday = "resolvedToday" / "Resolved today",
    }
}

impl BuiltInView {
    /// What it asks of the queue. What is mine and what is open is so however old it is.
    pub fn query(self) -> &'static str {
        match self {
            Self::New => "status=active",
            Self::High => "severity=high",
            Self::Unassigned => "assignedTo=none",
            Self::HighUnassigned => "severity=high&assignedTo=none",
            Self::Mine => "severity=all&assignedTo=me&range=all",
            Self::Open => "severity=all&range=all",
            Self::AllAlertsResolved => "severity=all&allAlertsResolved=yes&range=all",
            Self::ResolvedToday => "status=resolved&severity=all&range=1d",
        }
    }

    pub fn filter(self) -> Filter {
        crate::queue::saved_views::query::filter_of(self.query())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::saved_views::query_of;

    #[test]
    fn ready_made_views_are_written_as_the_queue_writes_them() {
        for view in BuiltInView::ALL {
            assert_eq!(query_of(&view.filter()), view.query(), "{view}");
        }
    }
}
