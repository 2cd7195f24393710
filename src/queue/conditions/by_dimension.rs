//! The condition of each dimension.

use crate::db::AnyConnection;
use crate::error::Result;
use crate::queue::conditions::alerts;
use crate::queue::conditions::facets::{by_facet, by_several, by_tags};
use crate::queue::conditions::finder::Conditions;
use crate::queue::conditions::names::{by_asset, by_entities, by_search};
use crate::queue::conditions::row::{
    by_column, by_creation, by_follow_up, by_handled, by_owner, by_resolved_alerts, by_status, by_time,
};
use crate::queue::dimension::Dimension;
use crate::queue::filter::Filter;
use crate::queue::index_start::IndexStart;
use crate::queue::sort::Value;
use crate::queue::sql::Sql;

/// The order in which dimensions are looked up: the first that few rows meet is used to find them, and the
/// others are conditions on what it found.
const LOOK_UP_ORDER: [Dimension; Dimension::ALL.len()] = [
    Dimension::Status,
    Dimension::Severity,
    Dimension::Classification,
    Dimension::Determination,
    Dimension::AssignedTo,
    Dimension::FollowUp,
    Dimension::AllAlertsResolved,
    Dimension::Category,
    Dimension::ServiceSource,
    Dimension::DetectionSource,
    Dimension::Product,
    Dimension::Technique,
    Dimension::AlertSeverity,
    Dimension::MultipleSources,
    Dimension::MultipleCategories,
    Dimension::Tag,
    Dimension::TagMatch,
    Dimension::Device,
    Dimension::User,
    Dimension::Entity,
    Dimension::Title,
    Dimension::Asset,
    Dimension::Source,
    Dimension::CreatedFrom,
    Dimension::CreatedTo,
    Dimension::Handled,
    Dimension::Search,
    Dimension::Updated,
    Dimension::UpdatedFrom,
    Dimension::UpdatedTo,
];

/// What a filter asks of the database; `viewer` is who "me" is.
pub(in crate::queue) fn conditions(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Conditions> {
    let start = IndexStart::new(filter.list, &filter.status);
    let mut all = Conditions { start, plain: Vec::new(), finders: Vec::new() };
    let add = if filter.list.is_of_alerts() { alerts::add } else { add };
    for dimension in LOOK_UP_ORDER {
        add(conn, dimension, filter, viewer, &mut all)?;
    }
    if let Some(incident) = filter.list.incident() {
        all.plain.push(Sql::of("i.incident_id = {}", [Value::Number(incident)]));
        // They are few and read in any case: nothing is looked up among all alerts.
        all.finders.iter_mut().for_each(|finder| finder.finds.clear());
    }
    Ok(all)
}

fn add(
    conn: &mut AnyConnection,
    dimension: Dimension,
    filter: &Filter,
    viewer: i64,
    all: &mut Conditions,
) -> Result<()> {
    let values = dimension.values(filter);
    match dimension {
        Dimension::Status => all.finders.extend(by_status(&filter.status, values)),
        Dimension::Severity if values.is_empty() => {}
        Dimension::Severity => all.plain.push(Sql::is_any("i.severity", values)),
        Dimension::Classification => all.finders.extend(by_column("classification", values)),
        Dimension::Determination => all.finders.extend(by_column("determination", values)),
        Dimension::AssignedTo => all.finders.extend(by_owner(conn, filter.list, &values, viewer)?),
        Dimension::FollowUp => all.finders.extend(by_follow_up(&filter.follow_up)),
        Dimension::Category
        | Dimension::ServiceSource
        | Dimension::DetectionSource
        | Dimension::Product
        | Dimension::Technique
        | Dimension::AlertSeverity => all.finders.extend(by_facet(dimension.as_str(), &values)),
        Dimension::MultipleSources => by_several("servicesource", filter.multiple_sources, all),
        Dimension::MultipleCategories => by_several("category", filter.multiple_categories, all),
        Dimension::AllAlertsResolved => by_resolved_alerts(filter.all_alerts_resolved, all),
        Dimension::Tag => all.finders.extend(by_tags(&filter.tags, filter.all_tags)),
        Dimension::Device => all.finders.extend(by_entities(conn, &["device"], &values)?),
        Dimension::User => all.finders.extend(by_entities(conn, &["user", "mailbox"], &values)?),
        Dimension::Entity => all.finders.extend(by_entities(conn, &[], &values)?),
        Dimension::Asset => all.finders.extend(filter.asset.map(by_asset)),
        Dimension::Handled => all.finders.extend(by_handled(&filter.handled)),
        Dimension::CreatedFrom => all.finders.extend(by_creation(filter)),
        Dimension::Search if filter.q.is_empty() => {}
        Dimension::Search => all.finders.push(by_search(conn, &filter.q)?),
        Dimension::Updated => by_time(filter, all),
        // Part of the conditions of the tags and of the ranges, or of alerts only.
        Dimension::TagMatch
        | Dimension::Title
        | Dimension::Source
        | Dimension::CreatedTo
        | Dimension::UpdatedFrom
        | Dimension::UpdatedTo => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_dimension_is_looked_up() {
        assert_eq!(LOOK_UP_ORDER.iter().collect::<HashSet<_>>(), Dimension::ALL.iter().collect());
    }
}
