//! From the query string of an address to a filter, and back. What is unknown is named and ignored; it
//! is never an error here.

use crate::queue::columns::Column;
use crate::queue::dimension::{Dimension, Kind};
use crate::queue::filter::{DEFAULT_LIMIT, Filter, Ignored, LIMITS, Why};
use crate::queue::list::List;
use crate::queue::range::Range;
use crate::queue::sort::Cursor;
use crate::queue::values::{
    LONGEST_TITLE, LONGEST_VALUE, MOST_CHARACTERS, MOST_PARTS_OF_NAMES, MOST_VALUES, push, set, yes_or_no,
};

impl Dimension {
    /// The order of parameters in an address.
    pub(super) const ADDRESS_ORDER: [Self; Self::ALL.len()] = [
        Self::Status,
        Self::Severity,
        Self::AlertSeverity,
        Self::Classification,
        Self::Determination,
        Self::AssignedTo,
        Self::FollowUp,
        Self::Tag,
        Self::Category,
        Self::ServiceSource,
        Self::DetectionSource,
        Self::Product,
        Self::Technique,
        Self::TagMatch,
        Self::MultipleSources,
        Self::MultipleCategories,
        Self::AllAlertsResolved,
        Self::Device,
        Self::User,
        Self::Entity,
        Self::Title,
        Self::Source,
        Self::Asset,
        Self::Handled,
        Self::CreatedFrom,
        Self::CreatedTo,
        Self::Search,
        Self::UpdatedFrom,
        Self::UpdatedTo,
        Self::Updated,
    ];
}

impl Filter {
    /// Reads decoded name and value pairs of a list's address. A parameter that is there takes the place of its
    /// default; "all" stands for any value. A range takes the place of dates beside it, since the
    /// form that chooses one still carries them; with "custom" the dates stay.
    pub fn from_pairs(list: List, pairs: &[(String, String)]) -> (Self, Vec<Ignored>) {
        let mut filter = Self::of(list);
        let mut ignored = Vec::new();
        let mut characters = 0;
        let given = |name: &str| pairs.iter().any(|(known, value)| known == name && !value.trim().is_empty());
        let has_dates = given("from") || given("to");
        let replaces_dates = pairs.iter().any(|(name, value)| name == "range" && Range::parse(value.trim()).is_some());
        for dimension in Dimension::WITH_ALL {
            if given(dimension.as_str()) {
                dimension.clear(&mut filter);
            }
        }
        for (name, value) in pairs {
            // A form sends its empty fields too; they ask nothing.
            let value = value.trim();
            let skipped = match name.as_str() {
                "from" | "to" => replaces_dates,
                "range" => has_dates && value == "custom",
                _ => false,
            };
            if value.is_empty() || skipped {
                continue;
            }
            let with_it = characters + value.chars().count();
            match filter.read_pair(name, value, with_it) {
                Ok(()) => characters = with_it,
                Err(why) => ignored.push(Ignored::new(name, value, why)),
            }
        }
        for dimension in Dimension::WITH_ALL {
            if pairs.iter().any(|(name, value)| name == dimension.as_str() && value == "all") {
                dimension.clear(&mut filter);
            } else if dimension.values(&filter).is_empty() {
                dimension.set_default(&mut filter);
            }
        }
        // A position belongs to one order.
        if let Some(after) = filter.after.take_if(|after| !after.fits(&filter.sort)) {
            ignored.push(Ignored::new("after", &after.as_text(), Why::Unknown));
        }
        (filter, ignored)
    }

    /// Reads one pair; `characters` is how many the values have that were read, this one included.
    fn read_pair(&mut self, name: &str, value: &str, characters: usize) -> Result<(), Why> {
        let dimension = Dimension::of_parameter(name).filter(|dimension| dimension.is_of(self.list));
        if characters > MOST_CHARACTERS || (dimension.is_some() && value.chars().nth(longest(dimension)).is_some()) {
            return Err(Why::OverLimit);
        }
        let known = match dimension {
            Some(dimension) => dimension.read(self, value),
            None => self.read_presentation(name, value),
        };
        match dimension {
            _ if known => Ok(()),
            Some(dimension) if self.is_full(dimension) => Err(Why::OverLimit),
            _ => Err(Why::Unknown),
        }
    }

    /// Whether a dimension has as many values as are read of it.
    fn is_full(&self, dimension: Dimension) -> bool {
        let most = if dimension.kind(self.list) == Kind::PartOfName { MOST_PARTS_OF_NAMES } else { MOST_VALUES };
        dimension.values(self).len() >= most
    }

    /// Reads a parameter that says how the list is shown; false when it has no meaning.
    fn read_presentation(&mut self, name: &str, value: &str) -> bool {
        match name {
            "sort" => {
                let (order, all) = self.list.read_order(value);
                set(&mut self.sort, order) && all
            }
            "limit" => set(&mut self.limit, value.parse().ok().filter(|limit| LIMITS.contains(limit))),
            "after" => set(&mut self.after, Cursor::parse(value).map(Some)),
            "pane" => set(&mut self.pane, value.parse().ok().map(Some)),
            "grouped" if self.list.incident().is_some() => set(&mut self.grouped, yes_or_no(value)),
            "columns" => {
                let known: Vec<Column> = value.split(',').filter_map(|name| Column::of(self.list, name)).collect();
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
        let default = Self::of(self.list);
        let mut pairs = Vec::new();
        for dimension in Dimension::ADDRESS_ORDER {
            let values = dimension.values(self);
            if values == dimension.values(&default) {
                continue;
            }
            if values.is_empty() {
                pairs.push((dimension.as_str(), "all".to_owned()));
            }
            pairs.extend(values.into_iter().map(|value| (dimension.as_str(), value)));
        }
        self.write_presentation(&mut pairs);
        pairs
    }

    fn write_presentation(&self, pairs: &mut Vec<(&'static str, String)>) {
        if self.sort != self.list.default_order() {
            pairs.push(("sort", self.sort.as_text()));
        }
        if self.limit != DEFAULT_LIMIT {
            pairs.push(("limit", self.limit.to_string()));
        }
        if !self.grouped && self.list.incident().is_some() {
            pairs.push(("grouped", "no".to_owned()));
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
    }
}

/// Longest value of a dimension, in characters.
fn longest(dimension: Option<Dimension>) -> usize {
    // Links give whole titles.
    if dimension == Some(Dimension::Title) { LONGEST_TITLE } else { LONGEST_VALUE }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn read(query: &[(&str, &str)]) -> (Filter, Vec<Ignored>) {
        let pairs: Vec<_> = query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Filter::from_pairs(List::Incidents, &pairs)
    }

    #[test]
    fn an_address_has_a_place_for_every_dimension() {
        assert_eq!(Dimension::ADDRESS_ORDER.iter().collect::<HashSet<_>>(), Dimension::ALL.iter().collect());
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
        assert_eq!(Filter::from_pairs(List::Incidents, &pairs), (filter, Vec::new()));
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
        assert_eq!(Filter::from_pairs(List::Incidents, &pairs).0, custom);
    }

    #[test]
    fn what_means_nothing_is_named_and_ignored() {
        let (filter, ignored) = read(&[("status", "bogus"), ("colour", "red"), ("limit", "7")]);
        let names: Vec<_> = ignored.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["status", "colour", "limit"]);
        assert!(filter.is_default());
    }

    #[test]
    fn what_is_over_a_limit_is_named_shortened_and_ignored() {
        let over = |query: &[(&str, &str)]| {
            let (filter, ignored) = read(query);
            assert!(ignored.iter().all(|one| one.why == Why::OverLimit && one.value.chars().count() <= 63));
            (filter, ignored.len())
        };
        let numbers: Vec<String> = (0..8_000).map(|n| format!("x{n}")).collect();
        let many = |name: &'static str| numbers.iter().map(|value| (name, value.as_str())).collect::<Vec<_>>();
        let (filter, ignored) = over(&many("device"));
        assert_eq!((filter.device.len(), ignored), (20, 7_980));
        let (filter, ignored) = over(&[many("category"), many("serviceSource")].concat());
        assert_eq!((filter.category.len(), filter.service_source.len(), ignored), (50, 50, 15_900));
        let long = "%".repeat(5_000);
        for name in ["q", "device", "tag", "product", "assignedTo"] {
            assert_eq!(over(&[(name, &long)]), (Filter::default(), 1), "{name}");
        }
        let value = |n: usize| format!("{n:0>200}");
        let values: Vec<String> = (0..40).map(value).collect();
        let (filter, ignored) = over(&values.iter().map(|value| ("tag", value.as_str())).collect::<Vec<_>>());
        assert_eq!((filter.tags.len(), ignored), (30, 10));
    }
}
