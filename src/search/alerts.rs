//! Alerts by their titles, their IDs and the ids that their providers gave them. Alerts of one title are one hit.

use diesel::prelude::*;

use crate::db::{AnyConnection, Searched};
use crate::error::Result;
use crate::model::alert::{Alert, AlertStatus};
use crate::model::count::Count;
use crate::queue::conditions::name_search;
use crate::queue::sort::Value;
use crate::queue::sql::Sql;
use crate::schema::alerts;
use crate::search::count::count;
use crate::search::found::{Found, Hits, Kind, TitleHit};
use crate::search::typed::Typed;
use crate::text::folded;

/// Titles whose alerts are counted: those that match best.
const RANKED: usize = 50;
/// Alerts with one provider's id that are shown.
const SAME_ID: i64 = 5;

pub(super) fn search(conn: &mut AnyConnection, typed: &Typed, shown: usize) -> Result<Found> {
    let mut hits = by_id(conn, typed)?;
    let (mut titles, more) =
        name_search::names(conn, &[Searched::AlertTitles], &Sql::default(), typed.as_str(), Sql::words)?;
    let total = titles.len() + hits.len();
    titles.sort_by_cached_key(|title| (typed.closeness(title), title.chars().count(), title.clone()));
    titles.truncate(RANKED);
    let mut titled = Vec::with_capacity(titles.len());
    for title in titles {
        titled.push((typed.closeness(&title), titled_hit(conn, &title)?));
    }
    titled.retain(|(_, hit)| !hit.alerts.is_zero());
    titled.sort_by_key(|(closeness, hit)| (*closeness > 0, hit.open.is_zero(), *closeness));
    hits.extend(titled.into_iter().map(|(_, hit)| hit));
    let open = hits.iter().filter(|hit| !hit.open.is_zero()).count();
    let total = if total > RANKED { total } else { hits.len() };
    hits.truncate(shown);
    Ok(Found { kind: Kind::Alerts, hits: Hits::Alerts(hits), open, closed: total - open, more })
}

fn by_id(conn: &mut AnyConnection, typed: &Typed) -> Result<Vec<TitleHit>> {
    let text = typed.as_str();
    let mut found: Vec<(Alert, bool)> = Vec::new();
    if let Some(id) = name_search::id(text) {
        let alert: Option<Alert> = alerts::table.find(id).select(Alert::as_select()).first(conn).optional()?;
        found.extend(alert.map(|alert| (alert, false)));
    }
    let spelled = [text.to_owned(), folded(text), text.to_uppercase()];
    let provided: Vec<Alert> = alerts::table
        .filter(alerts::provider_alert_id.eq_any(spelled))
        .order(alerts::id.desc())
        .limit(SAME_ID)
        .select(Alert::as_select())
        .load(conn)?;
    found.extend(provided.into_iter().map(|alert| (alert, true)));
    let hit = |(alert, provided): (Alert, bool)| TitleHit {
        open: Count::up_to(i64::from(alert.status != AlertStatus::Resolved)),
        alerts: Count::up_to(1),
        alert: Some(alert.id),
        provider_id: provided.then_some(alert.provider_alert_id),
        title: alert.title,
    };
    Ok(found.into_iter().map(hit).collect())
}

fn titled_hit(conn: &mut AnyConnection, key: &str) -> Result<TitleHit> {
    let with_title = |condition: &str| {
        Sql::of(format!("SELECT id FROM alerts WHERE title_key = {{}}{condition}"), [Value::Text(key.to_owned())])
    };
    let alerts = count(conn, with_title(""))?;
    let open = count(conn, with_title(" AND status IN ('new', 'inProgress')"))?;
    let one: Option<(i64, String)> =
        alerts::table.filter(alerts::title_key.eq(key)).select((alerts::id, alerts::title)).first(conn).optional()?;
    let (id, title) = one.unwrap_or_default();
    Ok(TitleHit { title, alert: alerts.is_one().then_some(id), provider_id: None, open, alerts })
}
