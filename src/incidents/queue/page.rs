//! One page of the queue: keyset-paged on an index, never by OFFSET.
//!
//! The keyset is written `k <= x AND (k < x OR id < y)`: the OR form alone reads from the top
//! (77 ms instead of 0.1 ms at a million rows).

use std::collections::HashMap;

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::accounts::{User, users};
use crate::clock;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::incidents::queue::{Filter, SortKey};
use crate::incidents::tags::{self, Tag};
use crate::incidents::{Incident, lookup};
use crate::schema::{entities, incident_entities, incident_facets, incident_tags, incidents};

/// The total is counted up to here and then said to be more.
pub const COUNTED: i64 = 10_000;

/// A row of the queue.
#[derive(Debug, Clone)]
pub struct QueueRow {
    pub incident: Incident,
    pub tags: Vec<Tag>,
    pub owner: Option<User>,
}

/// A page of the queue.
#[derive(Debug, Clone)]
pub struct Page {
    pub rows: Vec<QueueRow>,
    /// How many the filter finds, at most [`COUNTED`] + 1.
    pub total: i64,
    /// Where the next page starts, when there is one.
    pub next: Option<(i64, i64)>,
}

type Condition = Box<
    dyn diesel::BoxableExpression<incidents::table, <AnyConnection as diesel::Connection>::Backend, SqlType = Bool>,
>;

/// Loads the page that `filter` asks for; `viewer` is who "me" is.
pub fn load(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Page> {
    let owners = owners(conn, filter, viewer)?;
    let mut query = incidents::table.select(Incident::as_select()).into_boxed();
    let mut counting = incidents::table.select(incidents::id).into_boxed();
    // Conditions cannot be copied, so the page and its count get a set each.
    for condition in conditions(filter, &owners) {
        query = query.filter(condition);
    }
    for condition in conditions(filter, &owners) {
        counting = counting.filter(condition);
    }
    let descending = filter.sort.descending;
    macro_rules! keyset {
        ($column:expr) => {{
            if let Some((key, id)) = filter.after {
                query = if descending {
                    query.filter($column.le(key).and($column.lt(key).or(incidents::id.lt(id))))
                } else {
                    query.filter($column.ge(key).and($column.gt(key).or(incidents::id.gt(id))))
                };
            }
            if descending {
                query.order(($column.desc(), incidents::id.desc()))
            } else {
                query.order(($column.asc(), incidents::id.asc()))
            }
        }};
    }
    let query = match filter.sort.key {
        SortKey::LastUpdate => keyset!(incidents::updated_at),
        SortKey::Created => keyset!(incidents::created_at),
        SortKey::FirstActivity => keyset!(incidents::first_activity),
        SortKey::LastActivity => keyset!(incidents::last_activity),
        SortKey::Severity => keyset!(incidents::severity_rank),
        SortKey::Alerts => keyset!(incidents::alert_count),
        SortKey::Id => keyset!(incidents::id),
    };
    let mut found: Vec<Incident> = query.limit(filter.limit + 1).load(conn)?;
    let more = found.len() > usize::try_from(filter.limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|last| (sort_value(last, filter.sort.key), last.id));
    let total = counting.limit(COUNTED + 1).load::<i64>(conn)?.len();
    Ok(Page { rows: complete(conn, found)?, total: i64::try_from(total).unwrap_or(i64::MAX), next })
}

fn sort_value(incident: &Incident, key: SortKey) -> i64 {
    match key {
        SortKey::LastUpdate => incident.updated_at,
        SortKey::Created => incident.created_at,
        SortKey::FirstActivity => incident.first_activity,
        SortKey::LastActivity => incident.last_activity,
        SortKey::Severity => incident.severity.rank(),
        SortKey::Alerts => incident.alert_count,
        SortKey::Id => incident.id,
    }
}

fn complete(conn: &mut AnyConnection, found: Vec<Incident>) -> Result<Vec<QueueRow>> {
    let ids: Vec<i64> = found.iter().map(|incident| incident.id).collect();
    let mut tags_of: HashMap<i64, Vec<Tag>> = HashMap::new();
    let given: Vec<(i64, Tag)> = incident_tags::table
        .inner_join(crate::schema::tags::table)
        .filter(incident_tags::incident_id.eq_any(&ids))
        .order((crate::schema::tags::system.desc(), crate::schema::tags::name_key))
        .select((incident_tags::incident_id, Tag::as_select()))
        .load(conn)?;
    for (incident, tag) in given {
        tags_of.entry(incident).or_default().push(tag);
    }
    let people = users::names(conn)?;
    Ok(found
        .into_iter()
        .map(|incident| QueueRow {
            tags: tags_of.remove(&incident.id).unwrap_or_default(),
            owner: incident.assigned_to.and_then(|id| people.get(&id).cloned()),
            incident,
        })
        .collect())
}

/// The incidents before and after `id` in the filtered order, for the pane's arrows.
pub fn neighbours(page: &Page, id: i64) -> (Option<i64>, Option<i64>) {
    let ids: Vec<i64> = page.rows.iter().map(|row| row.incident.id).collect();
    let Some(at) = ids.iter().position(|known| *known == id) else {
        return (None, ids.first().copied());
    };
    (at.checked_sub(1).and_then(|before| ids.get(before).copied()), ids.get(at + 1).copied())
}

fn conditions(filter: &Filter, owners: &[i64]) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    if !filter.status.is_empty() {
        let values: Vec<&str> = filter.status.iter().map(|word| word.as_str()).collect();
        all.push(Box::new(incidents::status.eq_any(values)));
    }
    if !filter.severity.is_empty() {
        let values: Vec<&str> = filter.severity.iter().map(|word| word.as_str()).collect();
        all.push(Box::new(incidents::severity.eq_any(values)));
    }
    if !filter.classification.is_empty() {
        let values: Vec<&str> = filter.classification.iter().map(|word| word.as_str()).collect();
        all.push(Box::new(incidents::classification.eq_any(values)));
    }
    if !filter.determination.is_empty() {
        let values: Vec<&str> = filter.determination.iter().map(|word| word.as_str()).collect();
        all.push(Box::new(incidents::determination.eq_any(values)));
    }
    all.extend(owner_condition(filter, owners));
    all.extend(facet_conditions(filter));
    all.extend(tag_conditions(filter));
    for (kinds, typed) in
        [(&["device"][..], &filter.device), (&["user", "mailbox"][..], &filter.user), (&[][..], &filter.entity)]
    {
        if !typed.is_empty() {
            all.push(Box::new(has_entity(kinds, typed)));
        }
    }
    if !filter.q.is_empty() {
        all.push(search(&filter.q));
    }
    all.extend(time_conditions(filter));
    all
}

/// The people that the filter names; "me" is the viewer, "none" is nobody.
fn owners(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    for name in &filter.assigned_to {
        match name.as_str() {
            "me" => ids.push(viewer),
            "none" => {}
            name => ids.extend(users::by_name(conn, name)?.map(|user| user.id)),
        }
    }
    Ok(ids)
}

fn owner_condition(filter: &Filter, owners: &[i64]) -> Option<Condition> {
    if filter.assigned_to.is_empty() {
        return None;
    }
    // NULL is neither true nor false in a WHERE: an unowned row is simply not found.
    let owned = incidents::assigned_to.assume_not_null().eq_any(owners.to_vec());
    Some(if filter.assigned_to.iter().any(|name| name == "none") {
        Box::new(owned.or(incidents::assigned_to.is_null()))
    } else {
        Box::new(owned)
    })
}

fn facet_conditions(filter: &Filter) -> Vec<Condition> {
    let severities: Vec<String> = filter.alert_severity.iter().map(|word| word.as_str().to_owned()).collect();
    let mut all: Vec<Condition> = [
        ("category", &filter.category),
        ("serviceSource", &filter.service_source),
        ("detectionSource", &filter.detection_source),
        ("product", &filter.product),
        ("technique", &filter.technique),
        ("alertSeverity", &severities),
    ]
    .into_iter()
    .filter(|(_, values)| !values.is_empty())
    .map(|(facet, values)| {
        let values: Vec<String> = values.iter().map(|value| value.to_lowercase()).collect();
        Box::new(exists(
            incident_facets::table
                .filter(incident_facets::incident_id.eq(incidents::id))
                .filter(incident_facets::facet.eq(facet))
                .filter(incident_facets::value.eq_any(values)),
        )) as Condition
    })
    .collect();
    for (facet, wanted) in [("serviceSource", filter.multiple_sources), ("category", filter.multiple_categories)] {
        let Some(wanted) = wanted else { continue };
        let several = || {
            incidents::id.eq_any(
                incident_facets::table
                    .filter(incident_facets::facet.eq(facet))
                    .group_by(incident_facets::incident_id)
                    .having(diesel::dsl::count(incident_facets::value).gt(1))
                    .select(incident_facets::incident_id),
            )
        };
        all.push(if wanted { Box::new(several()) } else { Box::new(diesel::dsl::not(several())) });
    }
    all
}

fn tag_conditions(filter: &Filter) -> Vec<Condition> {
    let keys: Vec<String> = filter.tags.iter().map(|tag| tags::key(tag)).collect();
    let groups: Vec<Vec<String>> = if keys.is_empty() {
        Vec::new()
    } else if filter.all_tags {
        keys.into_iter().map(|key| vec![key]).collect()
    } else {
        vec![keys]
    };
    groups
        .into_iter()
        .map(|keys| {
            Box::new(exists(
                incident_tags::table
                    .inner_join(crate::schema::tags::table)
                    .filter(incident_tags::incident_id.eq(incidents::id))
                    .filter(crate::schema::tags::name_key.eq_any(keys)),
            )) as Condition
        })
        .collect()
}

/// "Has an entity whose name contains": correlated with the row by its id.
macro_rules! touches {
    ($pattern:expr) => {
        incident_entities::table
            .inner_join(entities::table)
            .filter(incident_entities::incident_id.eq(incidents::id))
            .filter(entities::name_key.like($pattern).escape('\\'))
    };
}

fn has_entity(kinds: &[&str], typed: &str) -> Condition {
    let pattern = lookup::contains(typed);
    if kinds.is_empty() {
        return Box::new(exists(touches!(pattern)));
    }
    let kinds: Vec<String> = kinds.iter().map(|&kind| kind.to_owned()).collect();
    Box::new(exists(touches!(pattern).filter(entities::kind.eq_any(kinds))))
}

/// Name, ID or asset.
fn search(typed: &str) -> Condition {
    let pattern = lookup::contains(typed);
    let assets: Vec<String> = ["device", "user", "mailbox"].into_iter().map(str::to_owned).collect();
    let found = incidents::name_key
        .like(pattern.clone())
        .escape('\\')
        .or(exists(touches!(pattern).filter(entities::kind.eq_any(assets))));
    match typed.trim_start_matches('#').parse::<i64>() {
        Ok(id) => Box::new(found.or(incidents::id.eq(id))),
        Err(_) => Box::new(found),
    }
}

fn time_conditions(filter: &Filter) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    if filter.from.is_some() || filter.to.is_some() {
        if let Some(from) = filter.from {
            all.push(Box::new(incidents::updated_at.ge(from)));
        }
        if let Some(to) = filter.to {
            all.push(Box::new(incidents::updated_at.le(to)));
        }
    } else if let Some(length) = filter.range.length() {
        all.push(Box::new(incidents::updated_at.ge(clock::now() - length)));
    }
    all
}
