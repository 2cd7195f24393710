//! GET /settings/rules: the list of rules in the order in which they apply, and their latest changes. POST
//! /settings/rules/{id}/act: the buttons of a rule.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::clock;
use crate::error::Error;
use crate::permissions::{Action, require};
use crate::rules::store::Direction;
use crate::rules::{describe, store, wording};
use crate::text::thousands;
use crate::web::settings::change_view::{CHANGES, ChangeView};
use crate::web::settings::rules::changes::{ChangedField, change_view};
use crate::web::settings::rules::form;
use crate::web::shared::error::Failure;
use crate::web::shared::form::Submitted;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::ShownTime;

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

#[derive(Template)]
#[template(path = "settings/rules.html")]
struct ListPage {
    layout: Layout,
    rows: Vec<RuleRow>,
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
    let (listed, changes) =
        state.db.read(|conn| Ok((store::list(conn)?, store::changes(conn, None, CHANGES)?))).await?;
    let (zone, now) = (&layout.zone, clock::now());
    let rows = listed
        .into_iter()
        .map(|listed| RuleRow {
            id: listed.rule.id,
            condition: describe::condition_in_words(&listed.rule.body.condition),
            effect: form::capitalised(&describe::effect_in_words(&listed.rule.body.effect)),
            owner: listed.owner,
            last_day: listed.rule.expires_at.map(wording::last_day),
            expired: listed.rule.is_expired(now),
            enabled: listed.rule.enabled,
            week: thousands(listed.week),
            last_hit: listed.rule.last_hit.map(|at| zone.show(at)),
            name: listed.rule.name,
        })
        .collect();
    let changes = changes.iter().map(|change| change_view(change, zone)).collect();
    let page = ListPage { rows, changes, named: true, layout: layout.clone() };
    layout.page(StatusCode::OK, &page)
}

/// POST /settings/rules/{id}/act: moves, turns on or off, or deletes a rule.
pub async fn act(
    state: Data<AppState>,
    person: SignedIn,
    id: Path<i64>,
    form: Submitted,
) -> Result<HttpResponse, Failure> {
    let (id, actor, action) = (id.into_inner(), person.actor(), form.text("act").to_owned());
    let notice = state
        .db
        .write(move |tx| match action.as_str() {
            "up" => Ok(format!("{} moved up.", store::change_position(tx, &actor, id, Direction::Up)?)),
            "down" => Ok(format!("{} moved down.", store::change_position(tx, &actor, id, Direction::Down)?)),
            "enable" => Ok(format!("{} is on.", store::set_enabled(tx, &actor, id, true)?)),
            "disable" => Ok(format!("{} is off.", store::set_enabled(tx, &actor, id, false)?)),
            "delete" => Ok(format!("{} was deleted.", store::delete(tx, &actor, id)?)),
            _ => {
                require(&actor, Action::Administer)?;
                Err(Error::at_field("act", "Choose what to do with the rule."))
            }
        })
        .await?;
    Ok(see_other("/settings/rules", Some(&notice)))
}
