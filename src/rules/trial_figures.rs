//! The figures of a trial, as they are kept with a proposed rule for whoever decides about it.

use std::collections::HashMap;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::db::{AnyConnection, Tx};
use crate::error::Result;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::schema::house_rules;

/// The figures of a trial that are kept with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrialFigures {
    /// When it was made, in microseconds UTC.
    pub at: i64,
    pub days: i64,
    /// Alerts that match and alerts that would be hidden.
    pub matched: usize,
    pub hidden: usize,
    /// Incidents in the queue without the rule, and with it.
    pub before: usize,
    pub after: usize,
}

/// The figures of the latest trials of proposals, by rule.
pub fn trials(conn: &mut AnyConnection) -> Result<HashMap<i64, TrialFigures>> {
    let rows: Vec<(i64, Option<String>)> = house_rules::table
        .filter(house_rules::pending.eq(true))
        .select((house_rules::id, house_rules::trial))
        .load(conn)?;
    let read = |(id, stored): (i64, Option<String>)| Some((id, serde_json::from_str(&stored?).ok()?));
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Keeps the figures of a trial with a proposal. They are no change of it.
pub fn note_trial(tx: &mut Tx<'_>, actor: &Actor, id: i64, figures: &TrialFigures) -> Result<()> {
    require(actor, Action::ProposeRule)?;
    let proposal = house_rules::table.find(id).filter(house_rules::pending.eq(true));
    diesel::update(proposal).set(house_rules::trial.eq(Some(serde_json::to_string(figures)?))).execute(tx.conn)?;
    Ok(())
}
