//! The rows of a file.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::db::AnyConnection;
use crate::error::Result;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::queue::filter::Filter;
use crate::queue::list::List;
use crate::queue::listed::Rows;
use crate::queue::page::{self, QueueRow};
use crate::schema::{entities, incident_entities};

/// Rows of a page: what is held at once.
pub const ROWS: usize = 200;
/// Assets that a page names beyond those that the queue shows; further ones are counted.
const MOST_ASSETS: i64 = 20_000;

/// The ids of the file's rows, in its order. They are listed once, because a row that changes while
/// the file is written would otherwise move to another page and be missing or come twice.
pub fn ids(conn: &mut AnyConnection, actor: &Actor, filter: &Filter, viewer: i64) -> Result<Vec<i64>> {
    require(actor, Action::View)?;
    page::ids_in_order(conn, filter, viewer)
}

/// The rows of a page, at most [`ROWS`].
pub fn rows(conn: &mut AnyConnection, actor: &Actor, list: List, ids: &[i64]) -> Result<Rows> {
    require(actor, Action::View)?;
    let mut rows = Rows::load(conn, list, ids)?;
    if let Rows::Incidents(rows) = &mut rows {
        name_assets(conn, rows)?;
    }
    Ok(rows)
}

/// The queue knows the first few of an incident's assets by name; a file has room for all.
fn name_assets(conn: &mut AnyConnection, rows: &mut [QueueRow]) -> Result<()> {
    let more: Vec<i64> = rows.iter().filter(|row| unnamed_assets(row) > 0).map(|row| row.incident.id).collect();
    if more.is_empty() {
        return Ok(());
    }
    let found: Vec<(i64, String, String)> = incident_entities::table
        .inner_join(entities::table)
        .filter(incident_entities::incident_id.eq_any(&more))
        .filter(incident_entities::kind.eq_any(["device", "user", "mailbox"]))
        .filter(entities::links.eq(true))
        .order((
            incident_entities::incident_id,
            incident_entities::alert_count.desc(),
            entities::name_key,
            entities::id,
        ))
        .limit(MOST_ASSETS)
        .select((incident_entities::incident_id, incident_entities::kind, entities::name))
        .load(conn)?;
    let mut names: HashMap<(i64, String), Vec<String>> = HashMap::new();
    for (incident, kind, name) in found {
        names.entry((incident, kind)).or_default().push(name);
    }
    for row in rows {
        let id = row.incident.id;
        let scope = &mut row.incident.scope;
        for (kind, known) in
            [("device", &mut scope.devices), ("user", &mut scope.users), ("mailbox", &mut scope.mailboxes)]
        {
            if let Some(all) = names.remove(&(id, kind.to_owned())).filter(|all| all.len() > known.len()) {
                *known = all;
            }
        }
    }
    Ok(())
}

/// How many assets of a row are counted but not named.
pub(super) fn unnamed_assets(row: &QueueRow) -> i64 {
    let (incident, scope) = (&row.incident, &row.incident.scope);
    let named = scope.devices.len() + scope.users.len() + scope.mailboxes.len();
    incident.device_count + incident.user_count + incident.mailbox_count - i64::try_from(named).unwrap_or(i64::MAX)
}
