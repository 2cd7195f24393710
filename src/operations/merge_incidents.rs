//! Merging by a person (R11): they choose which incident survives, and where owner, classification
//! or determination differ, which to keep. One transaction, one operation, one undo.

use std::collections::BTreeMap;

use crate::accounts::users;
use crate::alerts::lookup::alert_states;
use crate::correlation::merge_exclusions;
use crate::db::{AnyConnection, Tx};
use crate::error::{Error, FieldErrors, Result};
use crate::history::claim::{self, Claimed};
use crate::history::commit::commit_one;
use crate::history::operation_log;
use crate::incidents::lookup::find_incident;
use crate::incidents::merge_record::{MergeOptions, Merged};
use crate::incidents::merging;
use crate::incidents::{assignment, classification, common_assets, merge_rules};
use crate::model::actor::Actor;
use crate::model::incident::{Incident, Status};
use crate::model::operation::Kind;
use crate::model::outcome::Outcome;
use crate::model::user::User;
use crate::operations::edit_incident::collect;
use crate::operations::move_alerts;
use crate::permissions::{Action, require};
use crate::text::thousands;

/// Most incidents merged at once.
pub const LIMIT: usize = merge_rules::AT_ONCE;
/// Most alerts that the merged incidents have together, without the one that has the most.
const ALERTS: i64 = 1_000;

/// What the form holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub ids: Vec<i64>,
    /// The one that survives.
    pub kept: Option<i64>,
    /// A user name, empty for nobody; read only where the owners differ.
    pub owner: Option<String>,
    /// A classification's form value; read only where they differ.
    pub classification: Option<String>,
    pub comment: String,
    /// The form's idempotency key: sent twice, it is done once. Empty where it has none.
    pub form: String,
}

/// What the form shows: the incidents, and what they differ in.
#[derive(Debug, Clone)]
pub struct Candidates {
    pub incidents: Vec<Incident>,
    /// Their owners, without repeats, in the order of the incidents.
    pub owners: Vec<Option<User>>,
    pub outcomes: Vec<Outcome>,
    /// How many assets each has in common with the others.
    pub shared: BTreeMap<i64, i64>,
}

fn check_number(ids: &[i64]) -> Result<()> {
    if ids.len() > LIMIT {
        return Err(Error::at_field("ids", format!("You can merge at most {LIMIT} incidents at once.")));
    }
    Ok(())
}

/// Reads the incidents that are to be merged.
pub fn candidates(conn: &mut AnyConnection, ids: &[i64]) -> Result<Candidates> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    check_number(&ids)?;
    let mut incidents = Vec::with_capacity(ids.len());
    for id in &ids {
        incidents.push(find_incident(conn, *id)?);
    }
    let shared = common_assets::counts(conn, &ids)?;
    let people = users::names(conn)?;
    let mut owners: Vec<Option<User>> = Vec::new();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for incident in &incidents {
        let owner = incident.assigned_to.and_then(|id| people.get(&id).cloned());
        if !owners.contains(&owner) {
            owners.push(owner);
        }
        if !outcomes.contains(&incident.outcome()) {
            outcomes.push(incident.outcome());
        }
    }
    Ok(Candidates { incidents, owners, outcomes, shared })
}

fn refuse_many_alerts(field: &'static str, alerts: i64) -> Result<()> {
    if alerts > ALERTS {
        return Err(Error::at_field(field, format!("You can merge at most {} alerts at once.", thousands(ALERTS))));
    }
    Ok(())
}

impl Candidates {
    /// Why these cannot be merged, with a message at its field.
    pub fn check(&self) -> Result<()> {
        if self.incidents.len() < 2 {
            return Err(Error::at_field("ids", "Select at least two incidents to merge."));
        }
        if let Some((gone, to)) = self
            .incidents
            .iter()
            .find_map(|one| one.redirect_to.filter(|_| one.status == Status::Redirected).map(|to| (one.id, to)))
        {
            return Err(Error::at_field(
                "ids",
                format!("Incident {gone} was redirected to incident {to}; choose that one instead."),
            ));
        }
        let alerts: i64 = self.incidents.iter().map(|one| one.alert_count).sum();
        let largest = self.incidents.iter().map(|one| one.alert_count).max().unwrap_or_default();
        refuse_many_alerts("ids", alerts - largest)
    }

    /// Notes why an incident cannot be the one that survives.
    fn refuse_kept(&self, kept: &Incident, errors: &mut FieldErrors) -> Result<()> {
        let others = || self.incidents.iter().filter(|one| one.id != kept.id);
        collect(refuse_many_alerts("kept", others().map(|one| one.alert_count).sum()), errors)?;
        if kept.status == Status::Resolved && others().any(|one| one.open_alert_count > 0) {
            let message = format!(
                "Incident {} is resolved, and alerts of the others are still open. Choose another, or reopen it first.",
                kept.id
            );
            errors.add("kept", message);
        }
        Ok(())
    }

    /// The survivor, the owner and the outcome that were chosen; where all have the same, that one.
    fn chosen(&self, wanted: &Wanted) -> Result<(i64, Option<i64>, Outcome)> {
        let mut errors = FieldErrors::default();
        let kept = self.incidents.iter().find(|one| Some(one.id) == wanted.kept);
        if kept.is_none() {
            errors.add("kept", "Choose which incident to keep.");
        }
        if let Some(kept) = kept {
            self.refuse_kept(kept, &mut errors)?;
        }
        let named = |owner: &Option<User>| owner.as_ref().map(|user| user.name.clone()).unwrap_or_default();
        let owner = match (self.owners.as_slice(), wanted.owner.as_deref()) {
            ([only], _) => Some(only),
            (several, Some(name)) => several.iter().find(|owner| named(owner) == name),
            _ => None,
        };
        if owner.is_none() {
            errors.add("owner", "The incidents have different owners. Choose one.");
        }
        if let (Some(kept), Some(Some(owner))) = (kept, owner)
            && kept.assigned_to != Some(owner.id)
            && !owner.can_own()
        {
            errors.add("owner", assignment::CANNOT_OWN);
        }
        let outcome = match (self.outcomes.as_slice(), wanted.classification.as_deref()) {
            ([only], _) => Some(only),
            (several, Some(value)) => several.iter().find(|outcome| outcome.form_value() == value),
            _ => None,
        };
        if outcome.is_none() {
            errors.add("classification", "The incidents have different classifications. Choose one.");
        }
        if wanted.comment.chars().count() > move_alerts::COMMENT_LIMIT {
            errors.add("comment", "A comment can have at most 4,000 characters here.");
        }
        errors.into_result()?;
        match (kept, owner, outcome) {
            (Some(kept), Some(owner), Some(outcome)) => Ok((kept.id, owner.as_ref().map(|user| user.id), *outcome)),
            _ => Err(Error::internal("a choice was neither taken nor refused")),
        }
    }
}

/// Merges all into the chosen one. Returns it with the operation.
pub fn merge(tx: &mut Tx<'_>, actor: &Actor, wanted: &Wanted) -> Result<(i64, i64)> {
    require(actor, Action::Work)?;
    if let Some(merged) = merged_before(tx, actor, wanted)? {
        return Ok(merged);
    }
    check_number(&wanted.ids)?;
    let mut claimed: BTreeMap<i64, Claimed> =
        claim::claim_all(tx, wanted.ids.clone())?.into_iter().map(|one| (one.incident().id, one)).collect();
    // Of two sent at the same moment, the second waited for the claims until the first was done.
    if let Some(merged) = merged_before(tx, actor, wanted)? {
        return Ok(merged);
    }
    let candidates = candidates(tx.conn, &wanted.ids)?;
    candidates.check()?;
    let (kept, owner, outcome) = candidates.chosen(wanted)?;
    let operation = operation_log::begin(tx, actor, Kind::Merges, &())?;
    operation_log::note_form(tx, operation, &wanted.form)?;
    let survivor = claimed.remove(&kept).ok_or(Error::NotFound)?;
    settle(tx, actor, survivor, owner, outcome)?;
    let survivor = claim::claim(tx, kept)?;
    let others = claimed.into_values().map(|other| (other, String::new())).collect();
    let options = MergeOptions { operation, reason: "", comment: wanted.comment.trim(), takes_over: false };
    let merges = merging::join(tx, actor, &options, survivor, others)?;
    let mut merged = Merged { kept, merges, ..Merged::default() };
    for merge in &merged.merges {
        merged.apart.extend(merge_exclusions::inherit_exclusions(tx, kept, merge.gone)?);
    }
    operation_log::set_detail(tx, operation, &merged)?;
    tx.operation = None;
    Ok((kept, operation))
}

/// What the same form did when it was sent before.
fn merged_before(tx: &mut Tx<'_>, actor: &Actor, wanted: &Wanted) -> Result<Option<(i64, i64)>> {
    let Some(done) = operation_log::done_before(tx.conn, actor, &wanted.form)? else { return Ok(None) };
    let merged: Merged = serde_json::from_str(&done.detail)?;
    Ok(Some((merged.kept, done.id)))
}

/// Gives the survivor the owner and the classification that were chosen.
fn settle(tx: &mut Tx<'_>, actor: &Actor, survivor: Claimed, owner: Option<i64>, outcome: Outcome) -> Result<()> {
    let incident = survivor.incident();
    let states = alert_states(tx.conn, incident.id)?;
    let mut changes = Vec::new();
    if incident.assigned_to != owner {
        changes.extend(assignment::set(incident, &states, owner));
    }
    if incident.outcome() != outcome {
        changes.extend(classification::set(incident, &states, outcome));
    }
    commit_one(tx, survivor, actor, changes)?;
    Ok(())
}
