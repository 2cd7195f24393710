//! What an edit of many alerts will change and what it will leave alone, and why, before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use crate::accounts::users;
use crate::alerts::lookup::places;
use crate::db::AnyConnection;
use crate::error::Result;
use crate::history::wording;
use crate::model::actor::Actor;
use crate::operations::bulk_alerts::apply::check_number;
use crate::operations::bulk_alerts::changed_since::changed_since;
use crate::operations::bulk_alerts::decide::TOO_MANY;
use crate::operations::bulk_alerts::edit::AlertsEdit;
use crate::operations::bulk_alerts::selected;
use crate::operations::jobs::ALERTS_OF_ONE;
use crate::operations::preview_lines::{self, Line};

/// How many alerts change, how many do not, and the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    pub changing: usize,
    pub left: usize,
    /// Incidents that get the comment.
    pub commented: usize,
    pub changes: Vec<Line>,
    pub reasons: Vec<Line>,
}

impl Preview {
    /// Whether applying it would do anything.
    pub fn does_something(&self) -> bool {
        self.changing > 0 || self.commented > 0
    }
}

/// Decides every alert as the edit would. The error is what was typed wrongly.
pub fn preview(conn: &mut AnyConnection, actor: &Actor, edit: &AlertsEdit, ids: &[i64]) -> Result<Preview> {
    let plan = edit.plan(conn)?;
    check_number(ids)?;
    let too_many = incidents_of_too_many(conn, ids)?;
    let people = users::names(conn)?;
    let mut preview = Preview::default();
    let (mut seen, mut incidents) = (BTreeSet::new(), BTreeSet::new());
    for ids in ids.chunks(500) {
        let found = selected::find(conn, ids)?;
        let now: Vec<i64> = found.values().map(|alert| alert.id).collect();
        let changed = changed_since(conn, actor, &now, &plan, edit.seen)?;
        for alert in ids.iter().filter_map(|id| found.get(id)).filter(|alert| seen.insert(alert.id)) {
            let named = (alert.id, alert.title.as_str());
            let decided = if too_many.contains(&alert.incident_id) {
                Err(TOO_MANY.to_owned())
            } else {
                plan.decide(alert, changed.get(&alert.id).map(String::as_str))
            };
            match decided {
                Ok(changes) => {
                    preview.changing += usize::from(!changes.is_empty());
                    incidents.insert(alert.incident_id);
                    for planned in changes {
                        let text = wording::sentence(&planned.change, &people);
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
    preview.commented = if plan.comment.is_some() { incidents.len() } else { 0 };
    preview_lines::sort([&mut preview.changes, &mut preview.reasons]);
    Ok(preview)
}

/// The incidents that more alerts were selected of than one transaction changes.
fn incidents_of_too_many(conn: &mut AnyConnection, ids: &[i64]) -> Result<BTreeSet<i64>> {
    if ids.len() <= ALERTS_OF_ONE {
        return Ok(BTreeSet::new());
    }
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for (_, incident) in places(conn, ids)?.into_values() {
        *counts.entry(incident).or_default() += 1;
    }
    Ok(counts.into_iter().filter(|(_, count)| *count > ALERTS_OF_ONE).map(|(incident, _)| incident).collect())
}
