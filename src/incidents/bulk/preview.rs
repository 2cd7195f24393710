//! What a bulk act will change and what it will not, and why, before anything is written.

use diesel::prelude::*;

use crate::accounts::users;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::{Change, wording};
use crate::incidents::bulk::Asked;
use crate::incidents::{Incident, Status, tags};
use crate::schema::incidents;

/// Lines of a kind that are told; the rest is counted in one.
const LINES: usize = 30;
/// Incidents named for each line.
const EXAMPLES: usize = 5;

/// One thing that will happen, or a reason why it will not, with how many incidents it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub count: usize,
    /// The first few, by id and name.
    pub examples: Vec<(i64, String)>,
}

/// The whole of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    pub changing: usize,
    pub left: usize,
    /// Open alerts that are resolved with their incidents.
    pub alerts: i64,
    pub changes: Vec<Line>,
    pub reasons: Vec<Line>,
}

/// Decides every incident as the act would, without reading alerts: of those it says how many are
/// open. An error is what cannot be taken of what was typed.
pub fn preview(conn: &mut AnyConnection, asked: &Asked, ids: &[i64]) -> Result<Preview> {
    let plan = asked.plan(conn)?;
    let people = users::names(conn)?;
    let mut preview = Preview::default();
    for ids in ids.chunks(500) {
        let rows: Vec<Incident> = incidents::table
            .filter(incidents::id.eq_any(ids))
            .order(incidents::id)
            .select(Incident::as_select())
            .load(conn)?;
        let tags = tags::of_many(conn, ids)?;
        for incident in rows {
            let has = tags.get(&incident.id).map(Vec::as_slice).unwrap_or_default();
            match plan.decide(&incident, &[], has) {
                Ok(acts) => {
                    preview.changing += 1;
                    for act in acts {
                        if matches!(act.change, Change::StatusSet { to: Status::Resolved, .. }) {
                            preview.alerts += incident.open_alert_count;
                        }
                        let text = match &act.change {
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
