//! GET /settings/rules: the list of rules in the order in which they apply, and their latest changes. POST
//! /settings/rules/{id}/act: the buttons of a rule.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::clock;
use crate::error::Error;
use crate::permissions::{Action, require};
use crate::rules::acts::{self, Direction};
use crate::rules::hidden::list as hidden;
use crate::rules::hidden::list::HiddenCounts;
use crate::rules::store::Listed;
use crate::rules::{describe, proposals, store, wording};
use crate::text::{capitalised, thousands};
use crate::web::settings::change_view::{CHANGES, ChangeView};
use crate::web::settings::rules::changes::{ChangedField, change_view};
use crate::web::settings::rules::outcome;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

/// A rule in the list.
struct RuleRow {
    id: i64,
    name: String,
    condition: String,
    effect: String,
    owner: String,
    /// The last day on which it applies, in UTC: "2026-07-01".
    last_day: Option<String>,
    expired: bool,
    enabled: bool,
    week: String,
    last_hit: Option<ShownTime>,
}

/// A rule that waits for a decision.
struct ProposalRow {
    id: i64,
    name: String,
    condition: String,
    effect: String,
    proposer: String,
    proposed: Option<ShownTime>,
    /// What its latest trial said; empty where there was none.
    trial: String,
}

#[derive(Template)]
#[template(path = "settings/rules.html")]
struct ListPage {
    layout: Layout,
    rows: Vec<RuleRow>,
    proposals: Vec<ProposalRow>,
    /// Deleted rules that hid something that is kept: id, name, and how much.
    deleted: Vec<(i64, String, String)>,
    changes: Vec<ChangeView<ChangedField>>,
    /// Changes show the name of their rule.
    named: bool,
}

impl ListPage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "rules"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout) -> Result<HttpResponse, Failure> {
    let (listed, changes, hidden) = state
        .db
        .read(|conn| Ok((store::list(conn)?, store::changes(conn, None, CHANGES)?, hidden::counts(conn)?)))
        .await?;
    let (zone, now) = (&layout.zone, clock::now());
    let is_deleted = |counts: &HiddenCounts| counts.kept > 0 && !listed.iter().any(|one| one.rule.id == counts.rule_id);
    let deleted = hidden.iter().filter(|counts| is_deleted(counts));
    let deleted = deleted.map(|counts| (counts.rule_id, counts.name.clone(), thousands(counts.kept))).collect();
    let (pending, listed): (Vec<Listed>, Vec<Listed>) = listed.into_iter().partition(|listed| listed.rule.pending);
    let page = ListPage {
        rows: listed.into_iter().map(|listed| rule_row(listed, zone, now)).collect(),
        proposals: pending.into_iter().map(|listed| proposal_row(listed, zone)).collect(),
        deleted,
        changes: changes.iter().map(|change| change_view(change, zone)).collect(),
        named: true,
        layout: layout.clone(),
    };
    layout.page(StatusCode::OK, &page)
}

fn rule_row(Listed { rule, owner, week, .. }: Listed, zone: &Zone, now: i64) -> RuleRow {
    RuleRow {
        id: rule.id,
        condition: describe::condition_in_words(&rule.body.condition),
        effect: capitalised(&describe::effect_in_words(&rule.body.effect)),
        owner,
        last_day: rule.expires_at.map(wording::last_day),
        expired: rule.is_expired(now),
        enabled: rule.enabled,
        week: thousands(week),
        last_hit: rule.last_hit.map(|at| zone.show(at)),
        name: rule.name,
    }
}

fn proposal_row(Listed { rule, proposer, trial, .. }: Listed, zone: &Zone) -> ProposalRow {
    ProposalRow {
        id: rule.id,
        condition: describe::condition_in_words(&rule.body.condition),
        effect: capitalised(&describe::effect_in_words(&rule.body.effect)),
        proposer,
        proposed: rule.proposed_at.map(|at| zone.show(at)),
        trial: trial.map(|figures| outcome::in_short(&figures)).unwrap_or_default(),
        name: rule.name,
    }
}

/// POST /settings/rules/{id}/act: moves, turns on or off, or deletes a rule.
pub async fn act(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor, action) = (id.into_inner(), person.actor(), form.text("act").to_owned());
    let note = form.text("note_of_decision").to_owned();
    let notice = state
        .db
        .write(move |tx| match action.as_str() {
            "up" => Ok(format!("{} moved up.", acts::change_position(tx, &actor, id, Direction::Up)?)),
            "down" => Ok(format!("{} moved down.", acts::change_position(tx, &actor, id, Direction::Down)?)),
            "enable" => Ok(format!("{} was turned on.", acts::set_enabled(tx, &actor, id, true)?)),
            "disable" => Ok(format!("{} was turned off.", acts::set_enabled(tx, &actor, id, false)?)),
            "renew" => Ok(format!("{} was renewed for 30 days.", acts::renew(tx, &actor, id)?)),
            "approve" => Ok(format!("{} was approved.", proposals::approve(tx, &actor, id, &note)?)),
            "decline" => Ok(format!("{} was declined.", proposals::decline(tx, &actor, id, &note)?)),
            "delete" => Ok(format!("{} was deleted.", acts::delete(tx, &actor, id)?)),
            _ => {
                require(&actor, Action::ApproveRule)?;
                Err(Error::at_field("act", "Choose an action."))
            }
        })
        .await?;
    // It may have been the last proposal.
    state.attention.expire();
    Ok(see_other("/settings/rules", Some(&notice)))
}
