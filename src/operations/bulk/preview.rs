//! What a bulk edit will change and what it will leave alone, and why, before anything is written.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::accounts::users;
use crate::alerts::lookup::alert_states_of;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::wording;
use crate::incidents::tags;
use crate::model::actor::Actor;
use crate::model::change::Change;
use crate::model::incident::{Incident, Status};
use crate::operations::bulk::changed_since::{changed_since, touched_since};
use crate::operations::bulk::edit::BulkEdit;
use crate::operations::preview_lines::{self, Line};
use crate::schema::incidents;

/// How many incidents change, how many do not, and the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    pub changing: usize,
    pub left: usize,
    /// Open alerts that are resolved with their incidents.
    pub alerts: i64,
    pub changes: Vec<Line>,
    pub reasons: Vec<Line>,
}

/// Decides every incident as the edit would; alerts are read only where a change depends on them. The
/// error is what was typed wrongly.
pub fn preview(conn: &mut AnyConnection, actor: &Actor, edit: &BulkEdit, ids: &[i64]) -> Result<Preview> {
    let plan = edit.plan(conn)?;
    let people = users::names(conn)?;
    let mut preview = Preview::default();
    for ids in ids.chunks(500) {
        let rows: Vec<Incident> = incidents::table
            .filter(incidents::id.eq_any(ids))
            .order(incidents::id)
            .select(Incident::as_select())
            .load(conn)?;
        let tags = tags::of_many(conn, ids)?;
        let states = if plan.depends_on_alerts() { alert_states_of(conn, ids)? } else { HashMap::new() };
        let touched = touched_since(conn, ids, edit.seen)?;
        for incident in rows {
            let (id, named) = (incident.id, (incident.id, incident.name.as_str()));
            let has = tags.get(&id).map(Vec::as_slice).unwrap_or_default();
            let states = states.get(&id).map(Vec::as_slice).unwrap_or_default();
            let changed = if touched.contains(&id) { changed_since(conn, actor, id, edit.seen)? } else { None };
            match changed.map_or_else(|| plan.decide(&incident, states, has), Err) {
                Ok(changes) => {
                    preview.changing += 1;
                    // Changes of alerts follow from the incident's; where only alerts change, one line says so.
                    let own = changes.iter().filter(|planned| planned.alert.is_none());
                    if own.clone().next().is_none() {
                        preview_lines::note(&mut preview.changes, "Alerts assigned too".to_owned(), named);
                    }
                    for planned in own {
                        if matches!(planned.change, Change::StatusSet { to: Status::Resolved, .. }) {
                            preview.alerts += incident.open_alert_count;
                        }
                        let text = match &planned.change {
                            Change::Commented { .. } => "Comment added".to_owned(),
                            change => wording::sentence(change, &people),
                        };
                        preview_lines::note(&mut preview.changes, text, named);
                    }
                }
                Err(why) => {
                    preview.left += 1;
                    preview_lines::note(&mut preview.reasons, why, named);
                }
            }
        }
    }
    preview_lines::sort([&mut preview.changes, &mut preview.reasons]);
    Ok(preview)
}
