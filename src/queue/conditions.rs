//! What a filter asks of the database: conditions on the row itself, and things an incident is found
//! by (facets, tags, entities, its owner), which stand in tables and indexes of their own.

use crate::clock;
use crate::db::AnyConnection;
use crate::db::text_index::{Searched, contains};
use crate::error::Result;
use crate::model::facet::{MULTIPLE, facet_key};
use crate::model::incident::Status;
use crate::model::outcome::{Classification, Determination};
use crate::model::severity::Severity;
use crate::model::tag;
use crate::queue::filter::Filter;
use crate::queue::sort::{SortKey, Value};
use crate::queue::sql::Sql;

/// Names that a text is looked up to; one that fits more is looked for in each incident instead.
const NAMES: usize = 2_000;
/// Names that are each looked up in an incident.
const LISTED: usize = 20;
/// Letters that the index of names is made of.
const LETTERS: usize = 3;
/// The kinds that people call assets (defender.md 1.5).
const ASSETS: [&str; 5] = ["device", "user", "mailbox", "cloudApplication", "cloudResource"];

/// Something incidents are found by.
#[derive(Debug, Clone)]
pub(super) struct Finder {
    /// Statements that give the ids of incidents under `id`, each without an end and with a condition;
    /// together they are all there are. `{open}` stands where the open ones may be asked for.
    pub finds: Vec<Sql>,
    /// The same as a condition on a row `i` of incidents.
    pub condition: Sql,
    /// Whether that condition compares texts.
    pub by_text: bool,
}

/// A filter, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Conditions {
    /// Only open incidents, only others, or both.
    pub open: Option<bool>,
    /// On the row itself, `i`.
    pub plain: Vec<Sql>,
    pub finders: Vec<Finder>,
}

/// Takes a filter apart; `viewer` is who "me" is.
pub(super) fn of(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Conditions> {
    let mut all = Conditions { open: open(&filter.status), plain: Vec::new(), finders: Vec::new() };
    let whole = [&[Status::Active, Status::InProgress][..], &[Status::Resolved, Status::Redirected], Status::ALL];
    let covered = filter.status.is_empty()
        || whole
            .iter()
            .any(|set| set.len() == filter.status.len() && set.iter().all(|status| filter.status.contains(status)));
    if !covered {
        all.finders.push(by_status(words(&filter.status, Status::as_str)));
    }
    if !filter.severity.is_empty() {
        all.plain.push(Sql::is_any("i.severity", words(&filter.severity, Severity::as_str)));
    }
    if !filter.classification.is_empty() {
        let values = words(&filter.classification, Classification::as_str);
        all.finders.push(by_column("classification", values));
    }
    if !filter.determination.is_empty() {
        let values = words(&filter.determination, Determination::as_str);
        all.finders.push(by_column("determination", values));
    }
    all.finders.extend(by_owner(conn, filter, viewer)?);
    by_facets(filter, &mut all);
    by_tags(filter, &mut all.finders);
    for (kinds, typed) in
        [(&["device"][..], &filter.device), (&["user", "mailbox"], &filter.user), (&[], &filter.entity)]
    {
        let any_of = typed.iter().map(|typed| by_entity(conn, kinds, typed)).collect::<Result<Vec<_>>>()?;
        all.finders.extend(either(any_of));
    }
    if !filter.q.is_empty() {
        all.finders.push(by_search(conn, &filter.q)?);
    }
    by_time(filter, &mut all);
    Ok(all)
}

fn words<T: Copy>(values: &[T], word: impl Fn(T) -> &'static str) -> Vec<String> {
    values.iter().map(|value| word(*value).to_owned()).collect()
}

fn open(status: &[Status]) -> Option<bool> {
    let mut open = status.iter().map(|status| status.is_open());
    let first = open.next()?;
    open.all(|other| other == first).then_some(first)
}

// A condition on a row that is walked past is written so that no index can answer it ("... IS TRUE"):
// with one, SQLite and PostgreSQL would rather find by it and sort what they found than walk the
// order's own index, which takes as long as there are incidents of it. PostgreSQL still knows from its
// statistics how many rows it holds for; of an expression such as "text || ''" it believes one in 200.

fn walked(condition: Sql) -> Sql {
    Sql::new("(").and_then(condition).text(") IS TRUE")
}

fn by_status(values: Vec<String>) -> Finder {
    let finds = values
        .iter()
        .map(|value| {
            let value = [Value::Text(value.clone())];
            // Both values of `is_open` are named because the index begins with it.
            Sql::of("SELECT id FROM incidents WHERE is_open IN (true, false) AND status = {}{open}", value)
        })
        .collect();
    Finder { finds, condition: walked(Sql::is_any("i.status", values)), by_text: false }
}

fn by_column(column: &str, values: Vec<String>) -> Finder {
    let finds = values
        .iter()
        .map(|value| {
            Sql::of(format!("SELECT id FROM incidents WHERE {column} = {{}}{{open}}"), [Value::Text(value.clone())])
        })
        .collect();
    Finder { finds, condition: walked(Sql::is_any(&format!("i.{column}"), values)), by_text: false }
}

/// The people that the filter names; "me" is the viewer, "none" is nobody. Names that are nobody's ask
/// nothing (design section 6: what is unknown is ignored).
fn by_owner(conn: &mut AnyConnection, filter: &Filter, viewer: i64) -> Result<Option<Finder>> {
    if filter.assigned_to.is_empty() {
        return Ok(None);
    }
    let mut finds = Vec::new();
    let mut conditions = Vec::new();
    for name in &filter.assigned_to {
        let owner = match name.as_str() {
            "none" => {
                finds.push(Sql::new("SELECT id FROM incidents WHERE assigned_to IS NULL{open}"));
                conditions.push(walked(Sql::new("i.assigned_to IS NULL")));
                continue;
            }
            "me" => Some(viewer),
            name => crate::accounts::users::by_name(conn, name)?.map(|user| user.id),
        };
        if let Some(owner) = owner {
            let owner = Value::Number(owner);
            finds.push(Sql::of("SELECT id FROM incidents WHERE assigned_to = {}{open}", [owner.clone()]));
            conditions.push(walked(Sql::of("i.assigned_to = {}", [owner])));
        }
    }
    Ok((!finds.is_empty()).then(|| Finder { finds, condition: any(conditions), by_text: false }))
}

/// One of several conditions; none of them is never true.
fn any(conditions: Vec<Sql>) -> Sql {
    let mut conditions = conditions.into_iter();
    let Some(first) = conditions.next() else { return Sql::new("1 = 0") };
    let rest = conditions.fold(Sql::new("(").and_then(first), |all, one| all.text(" OR ").and_then(one));
    rest.text(")")
}

fn by_facets(filter: &Filter, all: &mut Conditions) {
    let severities = words(&filter.alert_severity, Severity::as_str);
    for (facet, values) in [
        ("category", &filter.category),
        ("serviceSource", &filter.service_source),
        ("detectionSource", &filter.detection_source),
        ("product", &filter.product),
        ("technique", &filter.technique),
        ("alertSeverity", &severities),
    ] {
        if !values.is_empty() {
            all.finders.push(by_facet(facet, values.iter().map(|value| facet_key(value)).collect()));
        }
    }
    for (counted, wanted) in [("servicesource", filter.multiple_sources), ("category", filter.multiple_categories)] {
        let values = vec![counted.to_owned()];
        match wanted {
            Some(true) => all.finders.push(by_facet(MULTIPLE, values)),
            // PostgreSQL takes it for rare unless it is written so.
            Some(false) => {
                let has = has_facet(MULTIPLE, values);
                all.plain.push(Sql::new("NOT EXISTS (SELECT 1 FROM ").and_then(has).text(")"));
            }
            None => {}
        }
    }
}

fn by_facet(facet: &'static str, values: Vec<String>) -> Finder {
    let finds = values
        .iter()
        .map(|value| {
            Sql::of(
                "SELECT incident_id AS id FROM incident_facets WHERE facet = {} AND value = {}{open}",
                [Value::Text(facet.to_owned()), Value::Text(value.clone())],
            )
        })
        .collect();
    Finder { finds, condition: Sql::has(has_facet(facet, values)), by_text: false }
}

fn has_facet(facet: &'static str, values: Vec<String>) -> Sql {
    Sql::of("incident_facets f WHERE f.incident_id = i.id AND f.facet = {} AND ", [Value::Text(facet.to_owned())])
        .and_then(Sql::is_any("f.value", values))
}

fn by_tags(filter: &Filter, finders: &mut Vec<Finder>) {
    let keys: Vec<String> = filter.tags.iter().map(|tag| tag::key(tag)).collect();
    let groups: Vec<Vec<String>> = match (keys.is_empty(), filter.all_tags) {
        (true, _) => Vec::new(),
        (false, true) => keys.into_iter().map(|key| vec![key]).collect(),
        (false, false) => vec![keys],
    };
    for keys in groups {
        let finds = keys
            .iter()
            .map(|key| {
                Sql::of(
                    "SELECT incident_id AS id FROM incident_tags \
                     WHERE tag_id = (SELECT id FROM tags WHERE name_key = {}){open}",
                    [Value::Text(key.clone())],
                )
            })
            .collect();
        let condition =
            Sql::new("incident_tags t WHERE t.incident_id = i.id AND t.tag_id IN (SELECT id FROM tags WHERE ")
                .and_then(Sql::is_any("name_key", keys))
                .text(")");
        finders.push(Finder { finds, condition: Sql::has(condition), by_text: false });
    }
}

/// Has an entity of some kinds (any, when none are given) whose name contains what was typed.
fn by_entity(conn: &mut AnyConnection, kinds: &[&str], typed: &str) -> Result<Finder> {
    let of_kinds = |column: &str| match kinds {
        [] => Sql::default(),
        kinds => Sql::new(" AND ").and_then(Sql::is_any(column, kinds.iter().map(|&kind| kind.to_owned()))),
    };
    let by_text = || {
        Sql::has(
            Sql::new("incident_entities x JOIN entities n ON n.id = x.entity_id WHERE x.incident_id = i.id")
                .and_then(of_kinds("x.kind"))
                .and_then(Sql::of(" AND n.name_key LIKE {} ESCAPE '\\'", [Value::Text(contains(typed))])),
        )
    };
    // Without a kind, things that are no assets are looked through, too.
    let searched: &[Searched] =
        if kinds.is_empty() { &[Searched::Assets, Searched::OtherEntities] } else { &[Searched::Assets] };
    let Some(names) = names(conn, searched, &of_kinds("n.kind"), typed, Sql::ids)? else {
        return Ok(Finder { finds: Vec::new(), condition: by_text(), by_text: true });
    };
    if names.is_empty() {
        return Ok(Finder { finds: vec![nothing()], condition: Sql::new("1 = 0"), by_text: true });
    }
    let listed = names.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    // Of few names each is looked up in the incident's; with many, its own are looked up in them.
    let entity = if names.len() <= LISTED { "x.entity_id" } else { "+x.entity_id" };
    let condition = Sql::new("incident_entities x WHERE x.incident_id = i.id")
        .and_then(of_kinds("x.kind"))
        .text(&format!(" AND {entity} IN ({listed})"));
    let condition = Sql::has(condition);
    let finds =
        format!("SELECT DISTINCT incident_id AS id FROM incident_entities WHERE entity_id IN ({listed}){{open}}");
    Ok(Finder { finds: vec![Sql::new(finds)], condition, by_text: true })
}

/// The names that contain what was typed; none when they are too many, or it is too short to say.
fn names<T>(
    conn: &mut AnyConnection,
    searched: &[Searched],
    further: &Sql,
    typed: &str,
    load: impl Fn(&Sql, &mut AnyConnection) -> Result<Vec<T>>,
) -> Result<Option<Vec<T>>> {
    if typed.chars().count() < LETTERS {
        return Ok(None);
    }
    let mut found = Vec::new();
    for searched in searched {
        let [rough, exact] = conn.patterns(typed);
        let statement = Sql::of(conn.names_like(*searched), [Value::Text(rough), Value::Text(exact)])
            .and_then(further.clone())
            .text(&format!(" LIMIT {}", NAMES + 1 - found.len()));
        found.extend(load(&statement, conn)?);
        if found.len() > NAMES {
            return Ok(None);
        }
    }
    Ok(Some(found))
}

fn nothing() -> Sql {
    Sql::new("SELECT id FROM incidents WHERE 1 = 0{open}")
}

/// Has a name that contains what was typed.
pub(super) fn by_name(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
    let names = names(conn, &[Searched::IncidentNames], &Sql::default(), typed, Sql::words)?;
    let finds = match names {
        None => Vec::new(),
        Some(names) if names.is_empty() => vec![nothing()],
        // Both values of `is_open` are named because the index begins with it.
        Some(names) => vec![
            Sql::new("SELECT id FROM incidents WHERE is_open IN (true, false) AND ")
                .and_then(Sql::is_any("name_key", names))
                .text("{open}"),
        ],
    };
    let condition = Sql::of("i.name_key LIKE {} ESCAPE '\\'", [Value::Text(contains(typed))]);
    Ok(Finder { finds, condition, by_text: true })
}

/// Name, ID or asset.
fn by_search(conn: &mut AnyConnection, typed: &str) -> Result<Finder> {
    let mut ways = vec![by_name(conn, typed)?, by_entity(conn, &ASSETS, typed)?];
    if let Ok(id) = typed.trim_start_matches('#').parse::<i64>() {
        let id = [Value::Number(id)];
        let finds = vec![Sql::of("SELECT id FROM incidents WHERE id = {}{open}", id.clone())];
        ways.push(Finder { finds, condition: Sql::of("i.id = {}", id), by_text: false });
    }
    Ok(either(ways).unwrap_or(Finder { finds: vec![nothing()], condition: Sql::new("1 = 0"), by_text: true }))
}

/// Found by one of several ways at least; none when there are none.
fn either(ways: Vec<Finder>) -> Option<Finder> {
    if ways.len() < 2 {
        return ways.into_iter().next();
    }
    // With one of them unknown, nothing is known.
    let known = ways.iter().all(|way| !way.finds.is_empty());
    let finds = if known { ways.iter().flat_map(|way| way.finds.clone()).collect() } else { Vec::new() };
    let by_text = ways.iter().any(|way| way.by_text);
    let condition = any(ways.into_iter().map(|way| way.condition).collect());
    Some(Finder { finds, condition, by_text })
}

/// By last update. In another order than that, a short time is looked up like anything else.
fn by_time(filter: &Filter, all: &mut Conditions) {
    let custom = filter.from.is_some() || filter.to.is_some();
    let from = if custom { filter.from } else { filter.range.length().map(|length| clock::now() - length) };
    let to = filter.to.filter(|_| custom);
    let bound = |column: &str| {
        let mut bound = Sql::default();
        for (sign, moment) in [(">=", from), ("<=", to)] {
            if let Some(moment) = moment {
                let and = if bound.text.is_empty() { "" } else { " AND " };
                bound = bound.and_then(Sql::of(format!("{and}{column} {sign} {{}}"), [Value::Number(moment)]));
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
