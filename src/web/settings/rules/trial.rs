//! Running trials on threads of their own, one at a time.

use std::sync::Arc;

use crate::clock;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::ingest::rule_trial;
use crate::ingest::rule_trial::report::Report;
use crate::model::actor::Actor;
use crate::rules::draft::Draft;
use crate::rules::trial_figures::{self, TrialFigures};
use crate::web::shared::state::AppState;

/// Runs a trial, unless one is running.
pub async fn try_rule(state: &AppState, trial: impl FnOnce(&Db) -> Result<Report> + Send + 'static) -> Result<Report> {
    let Ok(permit) = Arc::clone(&state.rule_trials).try_acquire_owned() else {
        return Err(Error::at_field("days", "Another rule is being tried. Try again in some seconds."));
    };
    let db = state.db.clone();
    let work = move || {
        let report = trial(&db);
        // Released here: the handler is dropped when its client leaves, and the trial goes on.
        drop(permit);
        report
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// Tries a proposal in the background, once no other trial runs, and keeps the figures with it.
pub fn try_proposal(state: &AppState, actor: Actor, id: i64, draft: Draft, days: i64) {
    let (db, trials) = (state.db.clone(), Arc::clone(&state.rule_trials));
    tokio::spawn(async move {
        let Ok(permit) = trials.acquire_owned().await else { return };
        let work = move || {
            let done = rule_trial::run(&db, &actor, Some(id), &draft, days).and_then(|report| {
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
