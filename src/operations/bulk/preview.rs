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
use crate::schema::incidents;

/// Most lines of a kind; the rest is counted in one line.
const LINES: usize = 30;
/// Incidents named for each line.
const EXAMPLES: usize = 5;

/// A change, or a reason why an incident is left alone, with how many incidents it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub count: usize,
    /// The first few, by id and name.
    pub examples: Vec<(i64, String)>,
}

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
            let id = incident.id;
            let has = tags.get(&id).map(Vec::as_slice).unwrap_or_default();
            let states = states.get(&id).map(Vec::as_slice).unwrap_or_default();
            let changed = if touched.contains(&id) { changed_since(conn, actor, id, edit.seen)? } else { None };
            match changed.map_or_else(|| plan.decide(&incident, states, has), Err) {
                Ok(changes) => {
                    preview.changing += 1;
                    // Changes of alerts follow from the incident's; where only alerts change, one line says so.
                    let own = changes.iter().filter(|planned| planned.alert.is_none());
                    if own.clone().next().is_none() {
                        note(&mut preview.changes, "Alerts assigned too".to_owned(), &incident);
                    }
                    for planned in own {
                        if matches!(planned.change, Change::StatusSet { to: Status::Resolved, .. }) {
                            preview.alerts += incident.open_alert_count;
                        }
                        let text = match &planned.change {
                            Change::Commented { .. } => "Comment added".to_owned(),
                            change => wording::sentence(change, &people),
                        };
                        note(&mut preview.changes, text, &incident);
                    }
                }
                Err(why) => {
                    preview.left += 1;
                    note(&mut preview.reasons, why, &incident);
                }
            }
        }
    }
    for lines in [&mut preview.changes, &mut preview.reasons] {
        lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    }
    Ok(preview)
}

fn note(lines: &mut Vec<Line>, text: String, incident: &Incident) {
    let text = if lines.len() >= LINES && !lines.iter().any(|line| line.text == text) {
        "Other changes".to_owned()
    } else {
        text
    };
    let at = lines.iter().position(|line| line.text == text).unwrap_or(lines.len());
    if at == lines.len() {
        lines.push(Line { text, count: 0, examples: Vec::new() });
    }
    if let Some(line) = lines.get_mut(at) {
        line.count += 1;
        if line.examples.len() < EXAMPLES {
            line.examples.push((incident.id, incident.name.clone()));
        }
    }
}
