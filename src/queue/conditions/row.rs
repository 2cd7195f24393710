//! Conditions on what stands on the incident's own row.

use crate::accounts::users;
use crate::clock;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::follow_up::FollowUpState;
use crate::model::incident::Status;
use crate::queue::conditions::finder::{Conditions, Finder, any, either, walked};
use crate::queue::filter::Filter;
use crate::queue::sort::{SortKey, Value};
use crate::queue::sql::Sql;

/// Whether only open incidents are asked for, or only others; none for both.
pub(super) fn is_open(status: &[Status]) -> Option<bool> {
    let mut open = status.iter().map(|status| status.is_open());
    let first = open.next()?;
    open.all(|other| other == first).then_some(first)
}

/// By status; `None` when `is_open` alone decides.
pub(super) fn by_status(status: &[Status], values: Vec<String>) -> Option<Finder> {
    let whole = [&[Status::Active, Status::InProgress][..], &[Status::Resolved, Status::Redirected], Status::ALL];
    let covered = status.is_empty()
        || whole.iter().any(|set| set.len() == status.len() && set.iter().all(|one| status.contains(one)));
    if covered {
        return None;
    }
    let finds = values
        .iter()
        .map(|value| {
            let value = [Value::Text(value.clone())];
            // Both values of `is_open` are named because the index begins with it.
            Sql::of("SELECT id FROM incidents WHERE is_open IN (true, false) AND status = {}{open}", value)
        })
        .collect();
    Some(Finder { finds, condition: walked(Sql::is_any("i.status", values)), by_text: false })
}

/// By a column that has an index of its own.
pub(super) fn by_column(column: &str, values: Vec<String>) -> Option<Finder> {
    if values.is_empty() {
        return None;
    }
    let finds = values
        .iter()
        .map(|value| {
            Sql::of(format!("SELECT id FROM incidents WHERE {column} = {{}}{{open}}"), [Value::Text(value.clone())])
        })
        .collect();
    Some(Finder { finds, condition: walked(Sql::is_any(&format!("i.{column}"), values)), by_text: false })
}

/// The people that the filter names; "me" is the viewer, "none" is nobody. Names that are no user's are
/// ignored, as anything unknown is.
pub(super) fn by_owner(conn: &mut AnyConnection, names: &[String], viewer: i64) -> Result<Option<Finder>> {
    let mut finds = Vec::new();
    let mut conditions = Vec::new();
    for name in names {
        let owner = match name.as_str() {
            "none" => {
                finds.push(Sql::new("SELECT id FROM incidents WHERE assigned_to IS NULL{open}"));
                conditions.push(walked(Sql::new("i.assigned_to IS NULL")));
                continue;
            }
            "me" => Some(viewer),
            name => users::by_name(conn, name)?.map(|user| user.id),
        };
        if let Some(owner) = owner {
            let owner = Value::Number(owner);
            finds.push(Sql::of("SELECT id FROM incidents WHERE assigned_to = {}{open}", [owner.clone()]));
            conditions.push(walked(Sql::of("i.assigned_to = {}", [owner])));
        }
    }
    Ok((!finds.is_empty()).then(|| Finder { finds, condition: any(conditions), by_text: false }))
}

/// By the state of the follow-up date: due, set, none.
pub(super) fn by_follow_up(wanted: &[FollowUpState]) -> Option<Finder> {
    let ways = wanted.iter().map(|one| {
        let (text, values) = match one {
            FollowUpState::Due => ("follow_up_at <= {}", vec![Value::Number(clock::now())]),
            FollowUpState::Set => ("follow_up_at IS NOT NULL", Vec::new()),
            FollowUpState::None => ("follow_up_at IS NULL", Vec::new()),
        };
        // Nearly all incidents have no date, so listing those would not narrow the search.
        let listed = *one != FollowUpState::None;
        let find = || Sql::of(format!("SELECT id FROM incidents WHERE {text}{{open}}"), values.clone());
        let condition = walked(Sql::of(format!("i.{text}"), values.clone()));
        Finder { finds: if listed { vec![find()] } else { Vec::new() }, condition, by_text: false }
    });
    either(ways.collect())
}

/// Whether it is open and its sources have resolved all its alerts.
pub(super) fn by_resolved_alerts(wanted: Option<bool>, all: &mut Conditions) {
    match wanted {
        Some(true) => all.finders.push(Finder {
            finds: vec![Sql::new("SELECT id FROM incidents WHERE all_alerts_resolved{open}")],
            condition: walked(Sql::new("i.all_alerts_resolved")),
            by_text: false,
        }),
        // Nearly all incidents meet it.
        Some(false) => all.plain.push(Sql::new("(i.all_alerts_resolved) IS NOT TRUE")),
        None => {}
    }
}

/// By last update. In another order than that, a short time is looked up like anything else.
pub(super) fn by_time(filter: &Filter, all: &mut Conditions) {
    let custom = filter.has_dates();
    let from = if custom { filter.from } else { filter.range.length().map(|length| clock::now() - length) };
    let to = filter.to.filter(|_| custom);
    let bound = |column: &str| {
        let mut bound = Sql::default();
        for (sign, time) in [(">=", from), ("<=", to)] {
            if let Some(time) = time {
                let and = if bound.text.is_empty() { "" } else { " AND " };
                bound = bound.and_then(Sql::of(format!("{and}{column} {sign} {{}}"), [Value::Number(time)]));
            }
        }
        bound
    };
    if from.is_none() && to.is_none() {
        return;
    }
    if filter.sort.first().key == SortKey::LastUpdate {
        all.plain.push(bound("i.updated_at"));
    } else {
        let condition = walked(bound("i.updated_at"));
        let finds =
            Sql::new("SELECT id FROM incidents WHERE is_open IN (true, false) AND ").and_then(bound("updated_at"));
        all.finders.push(Finder { finds: vec![finds.text("{open}")], condition, by_text: false });
    }
}
