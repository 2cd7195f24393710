//! What the index of each order of a list begins with: of incidents whether they are open, of alerts the status. Its
//! values cut the table into parts, each in the order of the index; a list of several parts merges them.

use crate::queue::list::{List, ListedStatus};
use crate::queue::sql::Sql;

/// The parts of its table that a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexStart {
    column: &'static str,
    /// Values as SQL writes them.
    wanted: Vec<&'static str>,
    all: Vec<&'static str>,
    /// Whether only open incidents are wanted: these are few, however much is stored.
    pub is_open: bool,
}

impl IndexStart {
    pub fn new(list: List, status: &[ListedStatus]) -> Self {
        let any = |status: &[ListedStatus]| {
            let mut values: Vec<&'static str> = status.iter().map(|status| value(list, *status)).collect();
            values.sort_unstable();
            values.dedup();
            values
        };
        let all = any(list.statuses());
        let is_closed = |status: &ListedStatus| matches!(status, ListedStatus::Resolved | ListedStatus::Redirected);
        Self {
            column: if list.is_of_alerts() { "status" } else { "is_open" },
            wanted: if status.is_empty() { all.clone() } else { any(status) },
            all,
            is_open: !list.is_of_alerts() && !status.is_empty() && !status.iter().any(is_closed),
        }
    }

    /// A condition on `i` for each part.
    pub fn parts(&self) -> Vec<Sql> {
        self.wanted.iter().map(|value| Sql::new(format!("i.{} = {value}", self.column))).collect()
    }

    /// The condition on `i` that it is in any of these parts; none where it always is.
    pub fn condition(&self) -> Option<Sql> {
        (self.wanted.len() < self.all.len()).then(|| self.named())
    }

    /// The same, written out in any case: an index that begins with the column is used only where it is named.
    pub fn named(&self) -> Sql {
        Sql::new(self.is_any("i."))
    }

    /// Replaces `{start}` in a statement that finds rows: by nothing where all parts are wanted, unless the statement
    /// says `{named start}`.
    pub fn put_into(&self, text: &str) -> String {
        let any = format!(" AND {}", self.is_any(""));
        let narrowed = if self.wanted.len() < self.all.len() { any.as_str() } else { "" };
        text.replace("{start}", narrowed).replace("{named start}", &any)
    }

    fn is_any(&self, of: &str) -> String {
        match self.wanted.as_slice() {
            [one] => format!("{of}{} = {one}", self.column),
            several => format!("{of}{} IN ({})", self.column, several.join(", ")),
        }
    }
}

/// The value of the column that a status goes with.
fn value(list: List, status: ListedStatus) -> &'static str {
    match status {
        ListedStatus::New => "'new'",
        ListedStatus::InProgress if list.is_of_alerts() => "'inProgress'",
        ListedStatus::Active | ListedStatus::InProgress => "true",
        ListedStatus::Resolved if list.is_of_alerts() => "'resolved'",
        ListedStatus::Resolved | ListedStatus::Redirected => "false",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_into_the_parts_that_its_statuses_are_in() {
        let parts = |list, status: &[ListedStatus]| -> Vec<String> {
            IndexStart::new(list, status).parts().into_iter().map(|part| part.text).collect()
        };
        let open = [ListedStatus::Active, ListedStatus::InProgress];
        assert_eq!(parts(List::Incidents, &open), ["i.is_open = true"]);
        assert_eq!(parts(List::Incidents, &[]).len(), 2);
        assert_eq!(parts(List::Alerts, &[ListedStatus::InProgress]), ["i.status = 'inProgress'"]);
        assert_eq!(parts(List::Alerts, &[]).len(), 3);
        assert_eq!(IndexStart::new(List::Alerts, &[]).condition(), None);
        assert_eq!(IndexStart::new(List::Incidents, &open).put_into("x{start}"), "x AND is_open = true");
        assert_eq!(
            IndexStart::new(List::Incidents, &[]).put_into("x{start}{named start}"),
            "x AND is_open IN (false, true)"
        );
    }
}
