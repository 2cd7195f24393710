//! What follows from an incident's alerts: counts, times, scope, who and what it touches, and, as
//! long as they are automatic, its name and severity. Recomputed in the transaction that changed
//! the alerts, so that nothing is ever left behind by a move.

use std::collections::BTreeSet;

use diesel::dsl::{count, max, min};
use diesel::prelude::*;

use crate::alerts::AlertStatus;
use crate::db::{AnyConnection, Tx};
use crate::each;
use crate::error::Result;
use crate::history::{Act, Change};
use crate::incidents::{Incident, NameSource, Scope, SeveritySource, naming};
use crate::schema::{alerts, entities, evidence, incident_entities, incident_facets, incidents};
use crate::severity::Severity;

/// Names of a kind kept for lists.
const NAMES_SHOWN: usize = 3;
const BATCH: usize = 500;

#[derive(Queryable, Selectable)]
#[diesel(table_name = alerts)]
struct AlertFacts {
    title: String,
    #[diesel(deserialize_as = String)]
    severity: Severity,
    #[diesel(deserialize_as = String)]
    status: AlertStatus,
    category: String,
    #[diesel(deserialize_as = String)]
    techniques: crate::alerts::Texts,
    service_source: String,
    detection_source: String,
    product: String,
    first_activity: i64,
    last_activity: i64,
}

#[derive(Insertable)]
#[diesel(table_name = incident_entities)]
struct EntityRow {
    incident_id: i64,
    entity_id: i64,
    kind: String,
    alert_count: i64,
    first_seen: i64,
    last_seen: i64,
}

#[derive(Insertable)]
#[diesel(table_name = incident_facets)]
struct FacetRow {
    incident_id: i64,
    facet: &'static str,
    value: String,
}

/// Recomputes and stores; returns the automatic rename or severity change that follows, if any,
/// for the history to record.
pub(super) fn refresh(tx: &mut Tx<'_>, incident_id: i64) -> Result<Vec<Act>> {
    let incident: Incident = incidents::table.find(incident_id).select(Incident::as_select()).first(tx.conn)?;
    let rows: Vec<AlertFacts> = alerts::table
        .filter(alerts::incident_id.eq(incident_id))
        .order((alerts::first_activity, alerts::id))
        .select(AlertFacts::as_select())
        .load(tx.conn)?;
    let touched = touched_entities(tx.conn, incident_id)?;
    store_entities(tx.conn, incident_id, &touched)?;
    let mut scope = scope_of(&rows);
    let mut counts = [0_i64; 3];
    let kinds: [(&str, &mut Vec<String>); 3] =
        [("device", &mut scope.devices), ("user", &mut scope.users), ("mailbox", &mut scope.mailboxes)];
    for (slot, (kind, names)) in counts.iter_mut().zip(kinds) {
        // Built-in accounts such as SYSTEM are evidence, not people.
        let of_kind: Vec<_> = touched.iter().filter(|entity| entity.kind == kind && entity.links).collect();
        *slot = to_i64(of_kind.len());
        names.extend(of_kind.iter().take(NAMES_SHOWN).map(|entity| entity.name.clone()));
    }
    store_facets(tx.conn, incident_id, &rows, &scope)?;
    let [device_count, user_count, mailbox_count] = counts;
    let open = rows.iter().filter(|alert| alert.status != AlertStatus::Resolved).count();
    diesel::update(incidents::table.find(incident_id))
        .set((
            incidents::alert_count.eq(to_i64(rows.len())),
            incidents::open_alert_count.eq(to_i64(open)),
            incidents::device_count.eq(device_count),
            incidents::user_count.eq(user_count),
            incidents::mailbox_count.eq(mailbox_count),
            incidents::scope.eq(serde_json::to_string(&scope)?),
            incidents::first_activity.eq(rows
                .iter()
                .map(|alert| alert.first_activity)
                .min()
                .unwrap_or(incident.first_activity)),
            incidents::last_activity.eq(rows
                .iter()
                .map(|alert| alert.last_activity)
                .max()
                .unwrap_or(incident.last_activity)),
        ))
        .execute(tx.conn)?;
    Ok(automatic_changes(&incident, &rows, &scope, counts))
}

fn automatic_changes(incident: &Incident, rows: &[AlertFacts], scope: &Scope, counts: [i64; 3]) -> Vec<Act> {
    let mut acts = Vec::new();
    // An emptied incident keeps its last name and severity: there is nothing to say it better from.
    let Some(highest) = rows.iter().map(|alert| alert.severity).max() else {
        return acts;
    };
    let [devices, users, mailboxes] = counts;
    let titles: Vec<&str> = rows.iter().map(|alert| alert.title.as_str()).collect();
    let name = naming::automatic(&naming::Facts {
        titles: &titles,
        categories: &scope.categories,
        devices,
        users: if users > 0 { users } else { mailboxes },
        multiple_sources: naming::several_reported(&scope.service_sources, &scope.detection_sources),
    });
    if incident.name_source == NameSource::Automatic && incident.name != name {
        acts.push(Act::incident(Change::Renamed {
            from: incident.name.clone(),
            from_source: NameSource::Automatic,
            to: name,
            to_source: NameSource::Automatic,
        }));
    }
    if incident.severity_source == SeveritySource::Automatic && incident.severity != highest {
        acts.push(Act::incident(Change::SeveritySet {
            from: incident.severity,
            from_source: SeveritySource::Automatic,
            to: highest,
            to_source: SeveritySource::Automatic,
        }));
    }
    acts
}

/// The automatic name that an incident would have, for giving it back (R5).
pub fn automatic_name(conn: &mut AnyConnection, incident: &Incident) -> Result<String> {
    let titles: Vec<String> = alerts::table
        .filter(alerts::incident_id.eq(incident.id))
        .order((alerts::first_activity, alerts::id))
        .select(alerts::title)
        .load(conn)?;
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    Ok(naming::automatic(&naming::Facts {
        titles: &titles,
        categories: &incident.scope.categories,
        devices: incident.device_count,
        users: if incident.user_count > 0 { incident.user_count } else { incident.mailbox_count },
        multiple_sources: naming::several_reported(&incident.scope.service_sources, &incident.scope.detection_sources),
    }))
}

struct Touched {
    id: i64,
    kind: String,
    name: String,
    links: bool,
    alerts: i64,
    first: i64,
    last: i64,
}

/// The entities of an incident's alerts, those in most alerts first.
fn touched_entities(conn: &mut AnyConnection, incident_id: i64) -> Result<Vec<Touched>> {
    let rows: Vec<(i64, String, String, bool, i64, Option<i64>, Option<i64>)> = evidence::table
        .inner_join(alerts::table)
        .inner_join(entities::table)
        .filter(alerts::incident_id.eq(incident_id))
        .group_by((entities::id, entities::kind, entities::name, entities::links))
        .select((
            entities::id,
            entities::kind,
            entities::name,
            entities::links,
            count(evidence::id),
            min(alerts::first_activity),
            max(alerts::last_activity),
        ))
        .load(conn)?;
    let mut touched: Vec<Touched> = rows
        .into_iter()
        .map(|(id, kind, name, links, alerts, first, last)| Touched {
            id,
            kind,
            name,
            links,
            alerts,
            first: first.unwrap_or_default(),
            last: last.unwrap_or_default(),
        })
        .collect();
    touched.sort_by(|a, b| b.alerts.cmp(&a.alerts).then(a.id.cmp(&b.id)));
    Ok(touched)
}

fn store_entities(conn: &mut AnyConnection, incident_id: i64, touched: &[Touched]) -> Result<()> {
    diesel::delete(incident_entities::table.filter(incident_entities::incident_id.eq(incident_id))).execute(conn)?;
    let rows: Vec<EntityRow> = touched
        .iter()
        .map(|entity| EntityRow {
            incident_id,
            entity_id: entity.id,
            kind: entity.kind.clone(),
            alert_count: entity.alerts,
            first_seen: entity.first,
            last_seen: entity.last,
        })
        .collect();
    for batch in rows.chunks(BATCH) {
        each!(conn, inner => diesel::insert_into(incident_entities::table).values(batch).execute(inner))?;
    }
    Ok(())
}

fn scope_of(rows: &[AlertFacts]) -> Scope {
    let distinct = |of: fn(&AlertFacts) -> &str| -> Vec<String> {
        let values: BTreeSet<&str> = rows.iter().map(of).filter(|value| !value.is_empty()).collect();
        values.into_iter().map(str::to_owned).collect()
    };
    let mut categories = distinct(|alert| &alert.category);
    categories.sort_by_key(|category| naming::stage_order(category));
    Scope {
        categories,
        service_sources: distinct(|alert| &alert.service_source),
        detection_sources: distinct(|alert| &alert.detection_source),
        products: distinct(|alert| &alert.product),
        ..Scope::default()
    }
}

fn store_facets(conn: &mut AnyConnection, incident_id: i64, rows: &[AlertFacts], scope: &Scope) -> Result<()> {
    let mut facets: BTreeSet<(&'static str, String)> = BTreeSet::new();
    for (facet, values) in [
        ("category", &scope.categories),
        ("serviceSource", &scope.service_sources),
        ("detectionSource", &scope.detection_sources),
        ("product", &scope.products),
    ] {
        facets.extend(values.iter().map(|value| (facet, value.to_lowercase())));
    }
    for alert in rows {
        facets.insert(("alertSeverity", alert.severity.as_str().to_owned()));
        facets.extend(alert.techniques.0.iter().map(|technique| ("technique", technique.to_lowercase())));
    }
    diesel::delete(incident_facets::table.filter(incident_facets::incident_id.eq(incident_id))).execute(conn)?;
    let facets: Vec<FacetRow> =
        facets.into_iter().map(|(facet, value)| FacetRow { incident_id, facet, value }).collect();
    for batch in facets.chunks(BATCH) {
        each!(conn, inner => diesel::insert_into(incident_facets::table).values(batch).execute(inner))?;
    }
    Ok(())
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
