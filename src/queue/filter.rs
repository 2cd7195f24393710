//! What the queue shows: the values of each [dimension](crate::queue::dimension), the order, the columns
//! and the place in the list.

use crate::model::follow_up::FollowUpState;
use crate::model::lesson::Handled;
use crate::model::outcome::{Classification, Determination};
use crate::model::severity::Severity;
use crate::queue::columns::Column;
use crate::queue::list::{List, ListedStatus};
use crate::queue::range::Range;
use crate::queue::sort::{Cursor, Order};

/// How many rows a page can have.
pub const LIMITS: [i64; 4] = [25, 50, 100, 200];
/// Rows of a page when the address does not say how many.
pub(super) const DEFAULT_LIMIT: i64 = 50;

/// Characters of an ignored parameter that are kept.
const IGNORED_SHOWN: usize = 60;

/// A parameter of the address that is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// The beginning of its name and of its value.
    pub name: String,
    pub value: String,
    pub why: Why,
}

/// Why a parameter is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It has no meaning.
    Unknown,
    /// It is longer, or one more, than a filter may have: [`OVER_LIMIT`].
    OverLimit,
}

/// The limits of a filter, in words.
pub const OVER_LIMIT: &str = "a filter can have at most 50 values and 20 searched names per field, each of at \
                              most 200 characters, and 6,000 characters in total";

impl Ignored {
    pub fn new(name: &str, value: &str, why: Why) -> Self {
        Self { name: beginning(name), value: beginning(value), why }
    }
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(IGNORED_SHOWN) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What a list shows. Empty lists mean "any".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub list: List,
    pub status: Vec<ListedStatus>,
    pub severity: Vec<Severity>,
    pub alert_severity: Vec<Severity>,
    /// `me`, `none`, or user names.
    pub assigned_to: Vec<String>,
    pub classification: Vec<Classification>,
    pub determination: Vec<Determination>,
    pub tags: Vec<String>,
    /// All of the tags instead of any of them.
    pub all_tags: bool,
    pub category: Vec<String>,
    pub service_source: Vec<String>,
    pub detection_source: Vec<String>,
    pub product: Vec<String>,
    pub technique: Vec<String>,
    pub multiple_sources: Option<bool>,
    pub multiple_categories: Option<bool>,
    pub all_alerts_resolved: Option<bool>,
    /// Parts of names, any of them.
    pub device: Vec<String>,
    pub user: Vec<String>,
    pub entity: Vec<String>,
    /// The whole title of an alert.
    pub title: String,
    /// The whole name of the source that sent an alert.
    pub source: String,
    /// The id of an asset, and the same with its name, as links give it: "17 web-01".
    pub asset: Option<i64>,
    pub asset_text: String,
    /// What people have done, any of it.
    pub handled: Vec<Handled>,
    /// When it was created, in microseconds UTC, and the same as typed, for the URL.
    pub created_from: Option<i64>,
    pub created_to: Option<i64>,
    pub created_from_text: String,
    pub created_to_text: String,
    pub q: String,
    pub follow_up: Vec<FollowUpState>,
    pub range: Range,
    /// A custom range, in microseconds UTC; it takes the place of `range`.
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// The same as typed, for the URL.
    pub from_text: String,
    pub to_text: String,
    pub sort: Order,
    pub limit: i64,
    /// Alerts of one title are one row, where the list groups them.
    pub grouped: bool,
    /// The columns in their order; none for the person's own.
    pub columns: Vec<Column>,
    /// The position of the last row before the page.
    pub after: Option<Cursor>,
    /// The incident or alert whose pane is open.
    pub pane: Option<i64>,
}

impl Default for Filter {
    fn default() -> Self {
        Self::of(List::Incidents)
    }
}

impl Filter {
    /// What a list shows when nothing is asked.
    pub fn of(list: List) -> Self {
        Self {
            list,
            status: list.default_statuses(),
            severity: list.default_severities(),
            alert_severity: Vec::new(),
            assigned_to: Vec::new(),
            classification: Vec::new(),
            determination: Vec::new(),
            tags: Vec::new(),
            all_tags: false,
            category: Vec::new(),
            service_source: Vec::new(),
            detection_source: Vec::new(),
            product: Vec::new(),
            technique: Vec::new(),
            multiple_sources: None,
            multiple_categories: None,
            all_alerts_resolved: None,
            device: Vec::new(),
            user: Vec::new(),
            entity: Vec::new(),
            title: String::new(),
            source: String::new(),
            asset: None,
            asset_text: String::new(),
            handled: Vec::new(),
            created_from: None,
            created_to: None,
            created_from_text: String::new(),
            created_to_text: String::new(),
            q: String::new(),
            follow_up: Vec::new(),
            range: list.default_range(),
            from: None,
            to: None,
            from_text: String::new(),
            to_text: String::new(),
            sort: list.default_order(),
            limit: DEFAULT_LIMIT,
            grouped: list.incident().is_some(),
            columns: Vec::new(),
            after: None,
            pane: None,
        }
    }

    /// Takes out the owners that are no user's name, as anything unknown is ignored; `is_known` says
    /// whether a name is a user's.
    pub fn ignore_unknown_owners(&mut self, is_known: impl Fn(&str) -> bool) -> Vec<Ignored> {
        let asked = std::mem::take(&mut self.assigned_to);
        let known = |name: &String| matches!(name.as_str(), "me" | "none") || is_known(name);
        let (known, unknown): (Vec<String>, Vec<String>) = asked.into_iter().partition(known);
        self.assigned_to = known;
        unknown.into_iter().map(|value| Ignored::new("assignedTo", &value, Why::Unknown)).collect()
    }

    /// Whether alerts of one title are one row: not where a title is asked for.
    pub fn is_grouped(&self) -> bool {
        self.grouped && self.list.incident().is_some() && self.title.is_empty()
    }

    /// Whether dates take the place of the range.
    pub fn has_dates(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// The same without `from` and `to`.
    #[must_use]
    pub fn without_custom_range(&self) -> Self {
        Self { from: None, to: None, from_text: String::new(), to_text: String::new(), ..self.clone() }
    }

    /// Whether this is what its list shows when the address asks for nothing.
    pub fn is_default(&self) -> bool {
        let narrowed = Self {
            after: None,
            pane: None,
            limit: DEFAULT_LIMIT,
            grouped: self.list.incident().is_some(),
            sort: self.list.default_order(),
            columns: Vec::new(),
            ..self.clone()
        };
        narrowed == Self::of(self.list)
    }
}
