//! The table of what a list can be filtered by. The address, the chips, the conditions on the
//! database and the filters page follow from it: each matches every dimension or every [`Kind`], so that
//! the compiler names what a new dimension still needs.

use crate::model::follow_up::FollowUpState;
use crate::model::lesson::Handled;
use crate::model::outcome::{Classification, Determination};
use crate::model::severity::Severity;
use crate::queue::filter::Filter;
use crate::queue::list::{List, ListedStatus};
use crate::queue::range::{Range, read_time};
use crate::queue::values::{all_or_any, as_yes_or_no, owner, push, push_part_of_name, set, unless_empty, yes_or_no};
use crate::text::{humanise, source_label};

crate::text_enum! {
    /// A dimension: its parameter in the address, and what its chip is called. The order is that of the
    /// chips and of the filters page.
    pub enum Dimension {
        Status = "status" / "Status",
        Severity = "severity" / "Severity",
        AlertSeverity = "alertSeverity" / "Alert severity",
        AssignedTo = "assignedTo" / "Assigned to",
        Classification = "classification" / "Classification",
        Determination = "determination" / "Determination",
        FollowUp = "followUp" / "Follow up",
        Tag = "tag" / "Tag",
        TagMatch = "tagMatch" / "Tag match",
        Category = "category" / "Category",
        ServiceSource = "serviceSource" / "Service source",
        DetectionSource = "detectionSource" / "Detection source",
        Product = "product" / "Product",
        Technique = "technique" / "Technique",
        MultipleSources = "multipleSources" / "Multiple service sources",
        MultipleCategories = "multipleCategories" / "Multiple categories",
        AllAlertsResolved = "allAlertsResolved" / "All alerts resolved at the source",
        Device = "device" / "Device",
        User = "user" / "User",
        Entity = "entity" / "Entity",
        Title = "title" / "Title",
        Source = "source" / "Source",
        Asset = "asset" / "Asset",
        Handled = "handled" / "Done by people",
        CreatedFrom = "createdFrom" / "Created from",
        CreatedTo = "createdTo" / "Created to",
        Search = "q" / "Search",
        Updated = "range" / "Updated",
        UpdatedFrom = "from" / "Updated from",
        UpdatedTo = "to" / "Updated to",
    }
}

/// How the values of a dimension are given and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Any number of these values, each with its label.
    ClosedSet(Vec<(&'static str, &'static str)>),
    /// User names, `me` and `none`.
    People,
    /// Names of tags.
    Tags,
    /// Values that incidents have in the facet of the dimension's name, shown in words
    /// ([`Dimension::label_of`]); [`crate::queue::choices`] lists them. Facets are stored in
    /// lower case: a dimension whose spelling matters is also in `choices::SPELLED_AS_IN_ALERTS`.
    InUse,
    /// The same for codes, shown in capitals: T1059.001.
    CodesInUse,
    /// `yes` or `no`.
    YesOrNo,
    /// Parts of names. All of them are in one group of the filters page, that of `Entity`.
    PartOfName,
    /// One text, which links give and no field asks for.
    Text,
    /// One text that is looked for in several places.
    Search,
    /// How far back the queue looks.
    Range,
    /// Belongs to another dimension and is shown in that one's chip.
    Detail,
}

impl Dimension {
    /// Dimensions with a default other than "any"; the value `all` means any.
    pub const WITH_ALL: [Self; 2] = [Self::Status, Self::Severity];

    /// The dimension of a parameter, which is written exactly so.
    pub fn of_parameter(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|dimension| dimension.as_str() == name)
    }

    /// One of its values that are in use, as people read it.
    pub fn label_of(self, value: &str) -> String {
        if self == Self::Category { humanise(value) } else { source_label(value) }
    }

    /// Whether a list can be filtered by it.
    pub fn is_of(self, list: List) -> bool {
        match self {
            Self::AlertSeverity
            | Self::FollowUp
            | Self::Tag
            | Self::TagMatch
            | Self::MultipleSources
            | Self::MultipleCategories
            | Self::AllAlertsResolved
            | Self::Handled => !list.is_of_alerts(),
            Self::Title | Self::Source => list.is_of_alerts(),
            Self::Status
            | Self::Severity
            | Self::AssignedTo
            | Self::Classification
            | Self::Determination
            | Self::Category
            | Self::ServiceSource
            | Self::DetectionSource
            | Self::Product
            | Self::Technique
            | Self::Device
            | Self::User
            | Self::Entity
            | Self::Asset
            | Self::CreatedFrom
            | Self::CreatedTo
            | Self::Search
            | Self::Updated
            | Self::UpdatedFrom
            | Self::UpdatedTo => true,
        }
    }

    /// How its values are given in a list.
    pub fn kind(self, list: List) -> Kind {
        match self {
            Self::Status => Kind::ClosedSet(list.statuses().iter().map(|one| (one.as_str(), one.label())).collect()),
            Self::Severity | Self::AlertSeverity => {
                Kind::ClosedSet(Severity::HIGHEST_FIRST.iter().map(|one| (one.as_str(), one.label())).collect())
            }
            Self::AssignedTo => Kind::People,
            Self::Classification => {
                Kind::ClosedSet(Classification::ALL.iter().map(|one| (one.as_str(), one.label())).collect())
            }
            Self::Determination => {
                Kind::ClosedSet(Determination::ALL.iter().map(|one| (one.as_str(), one.label())).collect())
            }
            Self::FollowUp => {
                Kind::ClosedSet(FollowUpState::ALL.iter().map(|one| (one.as_str(), one.label())).collect())
            }
            Self::Handled => Kind::ClosedSet(Handled::ALL.iter().map(|one| (one.as_str(), one.label())).collect()),
            Self::Tag => Kind::Tags,
            Self::Category | Self::ServiceSource | Self::DetectionSource | Self::Product => Kind::InUse,
            Self::Technique => Kind::CodesInUse,
            Self::MultipleSources | Self::MultipleCategories | Self::AllAlertsResolved => Kind::YesOrNo,
            Self::Device | Self::User | Self::Entity => Kind::PartOfName,
            Self::Title | Self::Source | Self::Asset | Self::CreatedFrom | Self::CreatedTo => Kind::Text,
            Self::Search => Kind::Search,
            Self::Updated => Kind::Range,
            Self::TagMatch | Self::UpdatedFrom | Self::UpdatedTo => Kind::Detail,
        }
    }

    /// Takes one value of the address; false when it has no meaning, or there are too many.
    pub(super) fn read(self, filter: &mut Filter, value: &str) -> bool {
        match self {
            Self::Status => value == "all" || push(&mut filter.status, status_of(filter.list, value)),
            Self::Severity => value == "all" || push(&mut filter.severity, Severity::parse(value)),
            Self::AlertSeverity => push(&mut filter.alert_severity, Severity::parse(value)),
            Self::AssignedTo => push(&mut filter.assigned_to, Some(owner(value))),
            Self::Classification => push(&mut filter.classification, Classification::parse(value)),
            Self::Determination => push(&mut filter.determination, Determination::parse(value)),
            Self::FollowUp => push(&mut filter.follow_up, FollowUpState::parse(value)),
            Self::Tag => push(&mut filter.tags, Some(value.to_owned())),
            Self::TagMatch => set(&mut filter.all_tags, all_or_any(value)),
            Self::Category => push(&mut filter.category, Some(value.to_owned())),
            Self::ServiceSource => push(&mut filter.service_source, Some(value.to_owned())),
            Self::DetectionSource => push(&mut filter.detection_source, Some(value.to_owned())),
            Self::Product => push(&mut filter.product, Some(value.to_owned())),
            Self::Technique => push(&mut filter.technique, Some(value.to_owned())),
            Self::MultipleSources => set(&mut filter.multiple_sources, yes_or_no(value).map(Some)),
            Self::MultipleCategories => set(&mut filter.multiple_categories, yes_or_no(value).map(Some)),
            Self::AllAlertsResolved => set(&mut filter.all_alerts_resolved, yes_or_no(value).map(Some)),
            Self::Device => push_part_of_name(&mut filter.device, value),
            Self::User => push_part_of_name(&mut filter.user, value),
            Self::Entity => push_part_of_name(&mut filter.entity, value),
            Self::Title => set(&mut filter.title, Some(value.to_owned())),
            Self::Source => set(&mut filter.source, Some(value.to_owned())),
            Self::Asset => {
                let id = value.split(' ').next().and_then(|id| id.parse().ok());
                set(&mut filter.asset, id.map(Some)) && set(&mut filter.asset_text, Some(value.to_owned()))
            }
            Self::Handled => push(&mut filter.handled, Handled::parse(value)),
            Self::CreatedFrom => read_time(value, false, &mut filter.created_from, &mut filter.created_from_text),
            Self::CreatedTo => read_time(value, true, &mut filter.created_to, &mut filter.created_to_text),
            Self::Search => set(&mut filter.q, Some(value.to_owned())),
            Self::Updated => set(&mut filter.range, Range::parse(value)),
            Self::UpdatedFrom => read_time(value, false, &mut filter.from, &mut filter.from_text),
            Self::UpdatedTo => read_time(value, true, &mut filter.to, &mut filter.to_text),
        }
    }

    /// The values that a filter has, as an address writes them; none for "any".
    pub fn values(self, filter: &Filter) -> Vec<String> {
        match self {
            Self::Status => filter.status.iter().map(|one| one.as_str().to_owned()).collect(),
            Self::Severity => filter.severity.iter().map(|one| one.as_str().to_owned()).collect(),
            Self::AlertSeverity => filter.alert_severity.iter().map(|one| one.as_str().to_owned()).collect(),
            Self::AssignedTo => filter.assigned_to.clone(),
            Self::Classification => filter.classification.iter().map(|one| one.as_str().to_owned()).collect(),
            Self::Determination => filter.determination.iter().map(|one| one.as_str().to_owned()).collect(),
            Self::FollowUp => filter.follow_up.iter().map(|one| one.as_str().to_owned()).collect(),
            Self::Tag => filter.tags.clone(),
            Self::TagMatch => filter.all_tags.then(|| "all".to_owned()).into_iter().collect(),
            Self::Category => filter.category.clone(),
            Self::ServiceSource => filter.service_source.clone(),
            Self::DetectionSource => filter.detection_source.clone(),
            Self::Product => filter.product.clone(),
            Self::Technique => filter.technique.clone(),
            Self::MultipleSources => as_yes_or_no(filter.multiple_sources),
            Self::MultipleCategories => as_yes_or_no(filter.multiple_categories),
            Self::AllAlertsResolved => as_yes_or_no(filter.all_alerts_resolved),
            Self::Device => filter.device.clone(),
            Self::User => filter.user.clone(),
            Self::Entity => filter.entity.clone(),
            Self::Title => unless_empty(&filter.title),
            Self::Source => unless_empty(&filter.source),
            Self::Asset => unless_empty(&filter.asset_text),
            Self::Handled => filter.handled.iter().map(|one| one.as_str().to_owned()).collect(),
            Self::CreatedFrom => unless_empty(&filter.created_from_text),
            Self::CreatedTo => unless_empty(&filter.created_to_text),
            Self::Search => unless_empty(&filter.q),
            Self::Updated => {
                // Dates take the place of the range.
                let has_dates = !filter.from_text.is_empty() || !filter.to_text.is_empty();
                let range = if has_dates { filter.list.default_range() } else { filter.range };
                vec![range.as_str().to_owned()]
            }
            Self::UpdatedFrom => unless_empty(&filter.from_text),
            Self::UpdatedTo => unless_empty(&filter.to_text),
        }
    }

    /// Removes this dimension and its details from the filter; afterwards any value fits.
    pub fn clear(self, filter: &mut Filter) {
        match self {
            Self::Status => filter.status.clear(),
            Self::Severity => filter.severity.clear(),
            Self::AlertSeverity => filter.alert_severity.clear(),
            Self::AssignedTo => filter.assigned_to.clear(),
            Self::Classification => filter.classification.clear(),
            Self::Determination => filter.determination.clear(),
            Self::FollowUp => filter.follow_up.clear(),
            Self::Tag => {
                filter.tags.clear();
                filter.all_tags = false;
            }
            Self::TagMatch => filter.all_tags = false,
            Self::Category => filter.category.clear(),
            Self::ServiceSource => filter.service_source.clear(),
            Self::DetectionSource => filter.detection_source.clear(),
            Self::Product => filter.product.clear(),
            Self::Technique => filter.technique.clear(),
            Self::MultipleSources => filter.multiple_sources = None,
            Self::MultipleCategories => filter.multiple_categories = None,
            Self::AllAlertsResolved => filter.all_alerts_resolved = None,
            Self::Device => filter.device.clear(),
            Self::User => filter.user.clear(),
            Self::Entity => filter.entity.clear(),
            Self::Title => filter.title.clear(),
            Self::Source => filter.source.clear(),
            Self::Asset => (filter.asset, filter.asset_text) = (None, String::new()),
            Self::Handled => filter.handled.clear(),
            Self::CreatedFrom => (filter.created_from, filter.created_from_text) = (None, String::new()),
            Self::CreatedTo => (filter.created_to, filter.created_to_text) = (None, String::new()),
            Self::Search => filter.q.clear(),
            Self::Updated => *filter = Filter { range: Range::All, ..filter.without_custom_range() },
            Self::UpdatedFrom => (filter.from, filter.from_text) = (None, String::new()),
            Self::UpdatedTo => (filter.to, filter.to_text) = (None, String::new()),
        }
    }

    /// Gives a dimension that has no value those of the default.
    pub(super) fn set_default(self, filter: &mut Filter) {
        for value in self.values(&Filter::of(filter.list)) {
            self.read(filter, &value);
        }
    }
}

fn status_of(list: List, value: &str) -> Option<ListedStatus> {
    ListedStatus::parse(value).filter(|status| list.statuses().contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_narrowed_by_default_can_be_widened() {
        let default = Filter::default();
        let narrowed = Dimension::ALL.iter().copied().filter(|dimension| !dimension.values(&default).is_empty());
        let narrowed: Vec<Dimension> = narrowed.filter(|dimension| *dimension != Dimension::Updated).collect();
        assert_eq!(narrowed, Dimension::WITH_ALL);
    }

    #[test]
    fn a_dimension_that_is_taken_off_has_no_value() {
        for dimension in Dimension::ALL.iter().copied().filter(|dimension| *dimension != Dimension::Updated) {
            let mut filter = Filter::default();
            for value in
                ["high", "active", "truePositive", "malware", "yes", "all", "due", "reopened", "17", "2026-11-01"]
            {
                dimension.read(&mut filter, value);
            }
            assert!(!dimension.values(&filter).is_empty(), "{dimension}");
            dimension.clear(&mut filter);
            assert!(dimension.values(&filter).is_empty(), "{dimension}");
        }
    }
}
