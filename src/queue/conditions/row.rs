//! Conditions on what stands on the row of the list itself.

use crate::accounts::users;
use crate::clock;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::follow_up::FollowUpState;
use crate::model::lesson::Handled;
use crate::queue::conditions::finder::{Conditions, Finder, any, either, walked};
use crate::queue::filter::Filter;
use crate::queue::list::{List, ListedStatus};
use crate::queue::sort::{SortKey, Value};
use crate::queue::sql::Sql;

/// By status of an incident; `None` when whether it is open decides.
pub(super) fn by_status(status: &[ListedStatus], values: Vec<String>) -> Option<Finder> {
    use ListedStatus::{Active, InProgress, Redirected, Resolved};
    let whole = [&[Active, InProgress][..], &[Resolved, Redirected], &[Active, InProgress, Resolved, Redirected]];
    let covered = status.is_empty()
        || whole.iter().any(|set| set.len() == status.len() && set.iter().all(|one| status.contains(one)));
    if covered {
        return None;
    }
    let find = |value: &String| {
        Sql::of("SELECT id FROM incidents WHERE status = {}{named start}", [Value::Text(value.clone())])
    };
    let finds = values.iter().map(find).collect();
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
            Sql::of(format!("SELECT id FROM incidents WHERE {column} = {{}}{{start}}"), [Value::Text(value.clone())])
        })
        .collect();
    Some(Finder { finds, condition: walked(Sql::is_any(&format!("i.{column}"), values)), by_text: false })
}

/// The people that the filter names; "me" is the viewer, "none" is nobody. Names that are no user's are
/// ignored, as anything unknown is.
pub(super) fn by_owner(conn: &mut AnyConnection, list: List, names: &[String], viewer: i64) -> Result<Option<Finder>> {
    let table = list.table();
    let mut finds = Vec::new();
    let mut conditions = Vec::new();
    let mut are_found = true;
    for name in names {
        let owner = match name.as_str() {
            "none" => {
                finds.push(Sql::new(format!("SELECT id FROM {table} WHERE assigned_to IS NULL{{start}}")));
                conditions.push(walked(Sql::new("i.assigned_to IS NULL")));
                // Most alerts have no owner, and no index lists them.
                are_found = !list.is_of_alerts();
                continue;
            }
            "me" => Some(viewer),
            name => users::by_name(conn, name)?.map(|user| user.id),
        };
        if let Some(owner) = owner {
            let owner = Value::Number(owner);
            let find = format!("SELECT id FROM {table} WHERE assigned_to = {{}}{{start}}");
            finds.push(Sql::of(find, [owner.clone()]));
            conditions.push(walked(Sql::of("i.assigned_to = {}", [owner])));
        }
    }
    if finds.is_empty() {
        return Ok(None);
    }
    let finds = if are_found { finds } else { Vec::new() };
    Ok(Some(Finder { finds, condition: any(conditions), by_text: false }))
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
        let find = || Sql::of(format!("SELECT id FROM incidents WHERE {text}{{start}}"), values.clone());
        let condition = walked(Sql::of(format!("i.{text}"), values.clone()));
        Finder { finds: if listed { vec![find()] } else { Vec::new() }, condition, by_text: false }
    });
    either(ways.collect())
}

/// Whether it is open and its sources have resolved all its alerts.
pub(super) fn by_resolved_alerts(wanted: Option<bool>, all: &mut Conditions) {
    match wanted {
        Some(true) => all.finders.push(Finder {
            finds: vec![Sql::new("SELECT id FROM incidents WHERE all_alerts_resolved{start}")],
            condition: walked(Sql::new("i.all_alerts_resolved")),
            by_text: false,
        }),
        // Nearly all incidents meet it.
        Some(false) => all.plain.push(Sql::new("(i.all_alerts_resolved) IS NOT TRUE")),
        None => {}
    }
}

/// By what people have done about it.
pub(super) fn by_handled(wanted: &[Handled]) -> Option<Finder> {
    let ways: Vec<Sql> = wanted
        .iter()
        .map(|one| match one {
            Handled::Assigned => "w.assigned_at IS NOT NULL",
            Handled::Commented => "w.commented_at IS NOT NULL",
            Handled::Resolved => "w.resolved_at IS NOT NULL",
            Handled::Reopened => "w.reopened > 0",
        })
        .map(Sql::new)
        .collect();
    let done = Sql::new("incident_work w WHERE w.incident_id = i.id AND ").and_then(any(ways));
    (!wanted.is_empty()).then(|| Finder::check(Sql::has(done)))
}

/// By creation, of which both ends are one condition.
pub(super) fn by_creation(filter: &Filter) -> Option<Finder> {
    let (from, to) = (filter.created_from, filter.created_to);
    let condition = walked(between("i.created_at", from, to)?);
    let find = Sql::new(format!("SELECT id FROM {} WHERE ", filter.list.table()));
    let finds = vec![find.and_then(between("created_at", from, to)?).text("{named start}")];
    Some(Finder { finds, condition, by_text: false })
}

/// That a column lies between two times; none where there is neither.
pub(in crate::queue) fn between(column: &str, from: Option<i64>, to: Option<i64>) -> Option<Sql> {
    let ends = [(">=", from), ("<=", to)].into_iter().filter_map(|(sign, time)| Some((sign, time?)));
    let ends = ends.map(|(sign, time)| Sql::of(format!("{column} {sign} {{}}"), [Value::Number(time)]));
    ends.reduce(|one, other| one.text(" AND ").and_then(other))
}

/// By last update. In another order than that, a short time is looked up like anything else.
pub(super) fn by_time(filter: &Filter, all: &mut Conditions) {
    let custom = filter.has_dates();
    let from = if custom { filter.from } else { filter.range.length().map(|length| clock::now() - length) };
    let to = filter.to.filter(|_| custom);
    let bound = |column: &str| between(column, from, to).unwrap_or_default();
    if from.is_none() && to.is_none() {
        return;
    }
    if filter.sort.first().key == SortKey::LastUpdate {
        all.plain.push(bound("i.updated_at"));
    } else {
        let condition = walked(bound("i.updated_at"));
        let find = Sql::new(format!("SELECT id FROM {} WHERE ", filter.list.table()));
        let finds = vec![find.and_then(bound("updated_at")).text("{named start}")];
        all.finders.push(Finder { finds, condition, by_text: false });
    }
}
