//! The views that everybody has without saving them.

use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::saved_views::query::filter_of;

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
    /// What it asks of a list, if the list has it. What is mine and what is open is so however old it is.
    pub fn query(self, list: List) -> Option<&'static str> {
        match list {
            List::Incidents => Some(self.of_incidents()),
            List::Alerts => self.of_alerts(),
            // They are few.
            List::AlertsOf(_) => None,
        }
    }

    fn of_incidents(self) -> &'static str {
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

    fn of_alerts(self) -> Option<&'static str> {
        Some(match self {
            Self::New => "status=new",
            Self::High => "severity=high",
            Self::Unassigned => "assignedTo=none",
            Self::HighUnassigned => "severity=high&assignedTo=none",
            Self::Mine => "assignedTo=me&range=all",
            Self::Open => "range=all",
            Self::ResolvedToday => "status=resolved&range=1d",
            Self::AllAlertsResolved => return None,
        })
    }

    /// The filter of a list, if the list has this view.
    pub fn filter(self, list: List) -> Option<Filter> {
        self.query(list).map(|query| filter_of(list, query))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::saved_views::query_of;

    #[test]
    fn built_in_views_are_written_as_the_lists_write_them() {
        for list in [List::Incidents, List::Alerts] {
            for view in BuiltInView::ALL {
                assert_eq!(view.filter(list).map(|filter| query_of(&filter)).as_deref(), view.query(list), "{view}");
            }
        }
    }
}
