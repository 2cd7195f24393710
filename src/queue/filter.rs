//! From query string to filter and back. What is unknown is named and ignored, never an error.

use crate::model::incident::Status;
use crate::model::outcome::{Classification, Determination};
use crate::model::severity::Severity;
use crate::queue::columns::Column;
use crate::queue::range::{Range, moment};
use crate::queue::sort::{Cursor, Order};

/// Rows a page has unless asked otherwise, and what may be asked.
pub const LIMITS: [i64; 4] = [25, 50, 100, 200];
const DEFAULT_LIMIT: i64 = 50;
/// Values of one parameter that are looked at.
const VALUES: usize = 50;

/// A parameter that meant nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    pub name: String,
    pub value: String,
}

/// What the queue shows. Empty lists mean "any".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub status: Vec<Status>,
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
    /// Parts of names, any of them.
    pub device: Vec<String>,
    pub user: Vec<String>,
    pub entity: Vec<String>,
    pub q: String,
    pub range: Range,
    /// A custom range, in microseconds UTC; it takes the place of `range`.
    pub from: Option<i64>,
    pub to: Option<i64>,
    /// The same as typed, for the URL.
    pub from_text: String,
    pub to_text: String,
    pub sort: Order,
    pub limit: i64,
    /// The columns in their order; none for the person's own.
    pub columns: Vec<Column>,
    /// Where the page starts: the place of the last row before it.
    pub after: Option<Cursor>,
    /// The incident whose pane is open.
    pub pane: Option<i64>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            status: default_status(),
            severity: default_severity(),
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
            device: Vec::new(),
            user: Vec::new(),
            entity: Vec::new(),
            q: String::new(),
            range: Range::Month,
            from: None,
            to: None,
            from_text: String::new(),
            to_text: String::new(),
            sort: Order::default(),
            limit: DEFAULT_LIMIT,
            columns: Vec::new(),
            after: None,
            pane: None,
        }
    }
}

fn default_status() -> Vec<Status> {
    vec![Status::Active, Status::InProgress]
}

fn default_severity() -> Vec<Severity> {
    vec![Severity::High, Severity::Medium, Severity::Low]
}

impl Filter {
    /// Reads decoded name and value pairs. A parameter that is there takes the place of its
    /// default; "all" stands for any value. A range takes the place of dates beside it, since the
    /// form that chooses one still carries them; "custom" leaves them theirs.
    pub fn from_pairs(pairs: &[(String, String)]) -> (Self, Vec<Ignored>) {
        let mut filter = Self::default();
        let mut ignored = Vec::new();
        let mut replaced: Vec<&str> = Vec::new();
        let given = |name: &str| pairs.iter().any(|(known, value)| known == name && !value.trim().is_empty());
        let custom = given("from") || given("to");
        let replaces_dates = pairs.iter().any(|(name, value)| name == "range" && Range::parse(value.trim()).is_some());
        for (name, value) in pairs {
            // A form sends its empty fields too; they ask nothing.
            let value = value.trim();
            let passed = match name.as_str() {
                "from" | "to" => replaces_dates,
                "range" => custom && value == "custom",
                _ => false,
            };
            if value.is_empty() || passed {
                continue;
            }
            if matches!(name.as_str(), "status" | "severity") && !replaced.contains(&name.as_str()) {
                replaced.push(name);
                if name == "status" { filter.status.clear() } else { filter.severity.clear() }
            }
            if !filter.take(name, value) {
                ignored.push(Ignored { name: name.clone(), value: value.to_owned() });
            }
        }
        // "All" beside others is all.
        if asks_all(pairs, "status") {
            filter.status.clear();
        }
        if asks_all(pairs, "severity") {
            filter.severity.clear();
        }
        // A place in another order is no place in this one.
        if let Some(after) = filter.after.take_if(|after| !after.fits(&filter.sort)) {
            ignored.push(Ignored { name: "after".to_owned(), value: after.as_text() });
        }
        if replaced.contains(&"status") && filter.status.is_empty() && !asks_all(pairs, "status") {
            filter.status = default_status();
        }
        if replaced.contains(&"severity") && filter.severity.is_empty() && !asks_all(pairs, "severity") {
            filter.severity = default_severity();
        }
        (filter, ignored)
    }

    /// Takes one parameter; false when it means nothing.
    fn take(&mut self, name: &str, value: &str) -> bool {
        match name {
            "status" => value == "all" || push(&mut self.status, Status::parse(value)),
            "severity" => value == "all" || push(&mut self.severity, Severity::parse(value)),
            "alertSeverity" => push(&mut self.alert_severity, Severity::parse(value)),
            "assignedTo" => push(&mut self.assigned_to, Some(owner(value))),
            "classification" => push(&mut self.classification, Classification::parse(value)),
            "determination" => push(&mut self.determination, Determination::parse(value)),
            "tag" => push(&mut self.tags, Some(value.to_owned())),
            "tagMatch" => set(&mut self.all_tags, all_or_any(value)),
            "category" => push(&mut self.category, Some(value.to_owned())),
            "serviceSource" => push(&mut self.service_source, Some(value.to_owned())),
            "detectionSource" => push(&mut self.detection_source, Some(value.to_owned())),
            "product" => push(&mut self.product, Some(value.to_owned())),
            "technique" => push(&mut self.technique, Some(value.to_owned())),
            "multipleSources" => set(&mut self.multiple_sources, yes_or_no(value).map(Some)),
            "multipleCategories" => set(&mut self.multiple_categories, yes_or_no(value).map(Some)),
            "device" => push(&mut self.device, Some(text(value))),
            "user" => push(&mut self.user, Some(text(value))),
            "entity" => push(&mut self.entity, Some(text(value))),
            "q" => set(&mut self.q, Some(text(value))),
            "range" => set(&mut self.range, Range::parse(value)),
            "from" => moment(value, false, &mut self.from, &mut self.from_text),
            "to" => moment(value, true, &mut self.to, &mut self.to_text),
            "sort" => {
                let (order, all) = Order::parse(value);
                set(&mut self.sort, order) && all
            }
            "limit" => set(&mut self.limit, value.parse().ok().filter(|limit| LIMITS.contains(limit))),
            "after" => set(&mut self.after, Cursor::parse(value).map(Some)),
            "pane" => set(&mut self.pane, value.parse().ok().map(Some)),
            "columns" => {
                let known: Vec<Column> = value.split(',').filter_map(Column::parse).collect();
                let all_known = known.len() == value.split(',').count();
                for column in known {
                    push(&mut self.columns, Some(column));
                }
                all_known
            }
            _ => false,
        }
    }

    /// Back to name and value pairs; what equals the default is left out.
    pub fn to_pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if self.status != default_status() {
            all_or(&mut pairs, "status", self.status.iter().map(|word| word.as_str().to_owned()));
        }
        if self.severity != default_severity() {
            all_or(&mut pairs, "severity", self.severity.iter().map(|word| word.as_str().to_owned()));
        }
        pairs.extend(self.alert_severity.iter().map(|word| ("alertSeverity", word.as_str().to_owned())));
        pairs.extend(self.classification.iter().map(|word| ("classification", word.as_str().to_owned())));
        pairs.extend(self.determination.iter().map(|word| ("determination", word.as_str().to_owned())));
        for (name, values) in self.lists() {
            pairs.extend(values.iter().map(|value| (name, value.clone())));
        }
        if self.all_tags {
            pairs.push(("tagMatch", "all".to_owned()));
        }
        for (name, value) in
            [("multipleSources", self.multiple_sources), ("multipleCategories", self.multiple_categories)]
        {
            if let Some(yes) = value {
                pairs.push((name, if yes { "yes" } else { "no" }.to_owned()));
            }
        }
        for (name, values) in self.parts() {
            pairs.extend(values.iter().map(|value| (name, value.clone())));
        }
        for (name, value) in [("q", &self.q), ("from", &self.from_text), ("to", &self.to_text)] {
            if !value.is_empty() {
                pairs.push((name, value.clone()));
            }
        }
        if self.range != Range::Month && self.from_text.is_empty() && self.to_text.is_empty() {
            pairs.push(("range", self.range.as_str().to_owned()));
        }
        if self.sort != Order::default() {
            pairs.push(("sort", self.sort.as_text()));
        }
        if self.limit != DEFAULT_LIMIT {
            pairs.push(("limit", self.limit.to_string()));
        }
        if !self.columns.is_empty() {
            let names: Vec<&str> = self.columns.iter().map(|column| column.as_str()).collect();
            pairs.push(("columns", names.join(",")));
        }
        if let Some(after) = &self.after {
            pairs.push(("after", after.as_text()));
        }
        if let Some(pane) = self.pane {
            pairs.push(("pane", pane.to_string()));
        }
        pairs
    }

    /// The filters whose values are free texts, by parameter name.
    pub fn lists(&self) -> [(&'static str, &Vec<String>); 7] {
        [
            ("assignedTo", &self.assigned_to),
            ("tag", &self.tags),
            ("category", &self.category),
            ("serviceSource", &self.service_source),
            ("detectionSource", &self.detection_source),
            ("product", &self.product),
            ("technique", &self.technique),
        ]
    }

    /// The filters whose values are parts of names.
    pub fn parts(&self) -> [(&'static str, &Vec<String>); 3] {
        [("device", &self.device), ("user", &self.user), ("entity", &self.entity)]
    }

    /// Takes out the owners that are nobody's name; `is_known` says whose it is. They ask nothing, as
    /// anything unknown does.
    pub fn ignore_unknown_owners(&mut self, is_known: impl Fn(&str) -> bool) -> Vec<Ignored> {
        let asked = std::mem::take(&mut self.assigned_to);
        let known = |name: &String| matches!(name.as_str(), "me" | "none") || is_known(name);
        let (known, unknown): (Vec<String>, Vec<String>) = asked.into_iter().partition(known);
        self.assigned_to = known;
        unknown.into_iter().map(|value| Ignored { name: "assignedTo".to_owned(), value }).collect()
    }

    /// The same without `from` and `to`.
    #[must_use]
    pub fn without_custom_range(&self) -> Self {
        Self { from: None, to: None, from_text: String::new(), to_text: String::new(), ..self.clone() }
    }

    /// Whether this is what the queue shows when nothing is asked.
    pub fn is_default(&self) -> bool {
        let narrowed = Self {
            after: None,
            pane: None,
            limit: DEFAULT_LIMIT,
            sort: Order::default(),
            columns: Vec::new(),
            ..self.clone()
        };
        narrowed == Self::default()
    }
}

fn asks_all(pairs: &[(String, String)], name: &str) -> bool {
    pairs.iter().any(|(pair, value)| pair == name && value == "all")
}

fn all_or(pairs: &mut Vec<(&'static str, String)>, name: &'static str, values: impl ExactSizeIterator<Item = String>) {
    if values.len() == 0 {
        pairs.push((name, "all".to_owned()));
    }
    pairs.extend(values.map(|value| (name, value)));
}

fn push<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    if list.contains(&value) {
        return true;
    }
    let fits = list.len() < VALUES;
    if fits {
        list.push(value);
    }
    fits
}

fn set<T>(slot: &mut T, value: Option<T>) -> bool {
    match value {
        Some(value) => {
            *slot = value;
            true
        }
        None => false,
    }
}

/// "me" and "none" in any case, or a user name.
fn owner(value: &str) -> String {
    let word = ["me", "none"].into_iter().find(|word| word.eq_ignore_ascii_case(value));
    word.unwrap_or(value).to_owned()
}

fn text(value: &str) -> String {
    value.chars().take(200).collect()
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn all_or_any(value: &str) -> Option<bool> {
    match value {
        "all" => Some(true),
        "any" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> (Filter, Vec<Ignored>) {
        let pairs: Vec<_> = query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Filter::from_pairs(&pairs)
    }

    #[test]
    fn nothing_asked_is_the_default_and_the_default_asks_nothing() {
        let (filter, ignored) = read(&[]);
        assert!(filter.is_default() && ignored.is_empty());
        assert!(filter.to_pairs().is_empty());
    }

    #[test]
    fn every_filter_survives_the_way_through_the_url() {
        let (filter, ignored) = read(&[
            ("status", "resolved"),
            ("severity", "all"),
            ("assignedTo", "me"),
            ("tag", "VIP"),
            ("tag", "Q4"),
            ("tagMatch", "all"),
            ("category", "Execution"),
            ("device", "web"),
            ("q", "multi"),
            ("range", "7d"),
            ("sort", "-severity,name"),
            ("limit", "100"),
            ("columns", "id,name,severity"),
            ("after", "17.t61.42"),
            ("pane", "9"),
            ("multipleSources", "yes"),
        ]);
        assert!(ignored.is_empty());
        let pairs: Vec<_> = filter.to_pairs().into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        assert_eq!(Filter::from_pairs(&pairs), (filter, Vec::new()));
    }

    #[test]
    fn a_range_takes_the_place_of_dates_and_custom_leaves_them() {
        let dates = [("from", "2026-11-01"), ("to", "2026-11-05")];
        let (custom, ignored) = read(&[dates[0], dates[1], ("range", "custom")]);
        assert!(custom == read(&dates).0 && custom.from.is_some() && ignored.is_empty());
        for range in ["7d", "30d", "all"] {
            let (filter, ignored) = read(&[dates[0], ("range", range), dates[1]]);
            assert!(filter == read(&[("range", range)]).0 && ignored.is_empty(), "{range}");
        }
        let (filter, ignored) = read(&[("range", "custom")]);
        assert_eq!((filter, ignored.len()), (Filter::default(), 1), "there is no range without dates");
        let pairs: Vec<_> = custom.to_pairs().into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
        assert_eq!(Filter::from_pairs(&pairs).0, custom);
    }

    #[test]
    fn what_means_nothing_is_named_and_ignored() {
        let (filter, ignored) = read(&[("status", "bogus"), ("colour", "red"), ("limit", "7")]);
        let names: Vec<_> = ignored.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["status", "colour", "limit"]);
        assert!(filter.is_default());
    }
}
