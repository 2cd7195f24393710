//! Running trials on threads of their own, one at a time, and how far the running one has come.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use crate::clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::ingest::rule_trial;
use crate::ingest::rule_trial::progress::Progress;
use crate::ingest::rule_trial::report::Report;
use crate::model::actor::Actor;
use crate::permissions::{Action, require};
use crate::rules::draft::Draft;
use crate::rules::trial_figures::{self, TrialFigures};
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::state::AppState;

/// How far the running trial has come.
#[derive(Serialize)]
struct Told {
    done: usize,
    total: usize,
}

/// GET /settings/rules/trial: how far the running trial has come; null when none is running.
pub async fn progress(state: Data<AppState>, person: SignedIn) -> std::result::Result<HttpResponse, Failure> {
    require(&person.actor(), Action::ProposeRule)?;
    let told = state.rule_trial_progress.get().map(|(done, total)| Told { done, total });
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(told))
}

/// Runs a trial, unless one is running.
pub async fn try_rule(
    state: &AppState,
    trial: impl FnOnce(&Db, &Progress) -> Result<Report> + Send + 'static,
) -> Result<Report> {
    let Ok(permit) = Arc::clone(&state.rule_trials).try_acquire_owned() else {
        return Err(Error::at_field("days", "Another rule is being tested. Try again in a few seconds."));
    };
    let (db, progress) = (state.db.clone(), Arc::clone(&state.rule_trial_progress));
    let work = move || {
        let report = trial(&db, &progress);
        // Released here: the handler is dropped when its client leaves, and the trial goes on.
        drop(permit);
        report
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Tries a proposal in the background, once no other trial runs, and keeps the figures with it.
pub fn try_proposal(state: &AppState, actor: Actor, id: i64, draft: Draft, days: i64) {
    let (db, trials) = (state.db.clone(), Arc::clone(&state.rule_trials));
    let progress = Arc::clone(&state.rule_trial_progress);
    tokio::spawn(async move {
        let Ok(permit) = trials.acquire_owned().await else { return };
        let work = move || {
            let done = rule_trial::run(&db, &actor, Some(id), &draft, days, &progress).and_then(|report| {
                let figures = figures(&report);
                db.write_in_turn(|tx| trial_figures::note_trial(tx, &actor, id, &figures))
            });
            drop(permit);
            if let Err(why) = done {
                tracing::warn!("the proposed rule {id} could not be tried: {why}");
            }
        };
        // A trial that panics is logged by its thread.
        let _ = tokio::task::spawn_blocking(work).await;
    });
}

fn figures(report: &Report) -> TrialFigures {
    let Report { days, matched, hidden, before, after, .. } = *report;
    TrialFigures { at: clock::now(), days, matched, hidden, before, after }
}
