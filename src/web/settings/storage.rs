//! GET /settings/storage: how much is stored, and how backups are going. POST /settings/storage/back-up begins one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use crate::backup::runs::{self, Occasion, Run, State};
use crate::backup::storage::{Storage, storage};
use crate::clock;
use crate::permissions::{Action, require};
use crate::text::{counted, file_size, thousands};
use crate::web::shared::error::Failure;
use crate::web::shared::guard::SignedIn;
use crate::web::shared::layout::{Layout, see_other};
use crate::web::shared::state::AppState;
use crate::web::shared::time_format::{ShownTime, Zone};

const PATH: &str = "/settings/storage";

/// How many of the latest backups are listed.
const LISTED: usize = 10;

/// A backup in the list.
struct RunRow {
    began: ShownTime,
    /// Why, and for people who.
    occasion: String,
    file: String,
    size: String,
    rows: String,
    took: String,
    /// Why it failed; empty if it did not.
    failure: String,
}

/// What the server was told about backups.
struct PlanView {
    every: String,
    keep: String,
    encrypts: bool,
    /// None: now.
    next: Option<ShownTime>,
}

#[derive(Template)]
#[template(path = "settings/storage.html")]
struct StoragePage {
    layout: Layout,
    database: &'static str,
    size: String,
    attached: String,
    counts: Vec<(&'static str, String)>,
    plan: Option<PlanView>,
    running: Option<ShownTime>,
    last: Option<RunRow>,
    /// The failure after the last backup in the folder.
    failed: Option<RunRow>,
    runs: Vec<RunRow>,
}

impl StoragePage {
    fn active(&self) -> &'static str {
        "settings"
    }

    fn section(&self) -> &'static str {
        "storage"
    }
}

pub async fn show(state: Data<AppState>, layout: Layout, person: SignedIn) -> Result<HttpResponse, Failure> {
    require(&person.actor(), Action::Administer)?;
    let (stored, backups) = state.db.read(|conn| Ok((storage(conn)?, runs::state(conn)?))).await?;
    let page = page(layout, &state, &stored, backups);
    page.layout.page(StatusCode::OK, &page)
}

fn page(layout: Layout, state: &AppState, stored: &Storage, backups: State) -> StoragePage {
    let zone = layout.zone.clone();
    let plan = state.backups.plan().map(|plan| PlanView {
        every: duration(plan.every),
        keep: match plan.keep {
            1 => "the newest is kept".to_owned(),
            keep => format!("the newest {keep} are kept"),
        },
        encrypts: plan.encrypts(),
        next: state.backups.next_due(&backups).filter(|due| *due > clock::now()).map(|due| zone.show(due)),
    });
    let row = |run: &Run| run_row(run, &zone);
    StoragePage {
        database: if stored.is_sqlite { "SQLite" } else { "PostgreSQL" },
        size: file_size(stored.bytes),
        attached: file_size(stored.attached_bytes),
        counts: stored.counts.iter().map(|(label, count)| (*label, thousands(*count))).collect(),
        plan,
        running: state.backups.running_since().map(|since| zone.show(since)),
        last: backups.last_success.as_ref().map(row),
        failed: backups.last_failure.as_ref().map(row),
        runs: backups.latest.iter().take(LISTED).map(row).collect(),
        layout,
    }
}

fn run_row(run: &Run, zone: &Zone) -> RunRow {
    let occasion = Occasion::parse(&run.occasion);
    let label = occasion.map_or_else(|| run.occasion.clone(), |occasion| occasion.label().to_owned());
    RunRow {
        began: zone.show(run.began_at),
        occasion: match occasion {
            Some(Occasion::Request) => format!("{label}, {}", run.begun_by),
            _ => label,
        },
        file: run.file.clone(),
        size: run.bytes.map(file_size).unwrap_or_default(),
        rows: run.row_count.map(thousands).unwrap_or_default(),
        took: seconds(run.ended_at - run.began_at),
        failure: run.failure.clone().unwrap_or_default(),
    }
}

/// How long a backup took: "under 1 s", "75 s".
fn seconds(micros: i64) -> String {
    match micros / clock::SECOND {
        ..1 => "under 1 s".to_owned(),
        seconds => format!("{} s", thousands(seconds)),
    }
}

/// How often, as an administrator wrote it: "24 hours", "30 minutes".
fn duration(micros: i64) -> String {
    if micros % clock::HOUR == 0 {
        counted(micros / clock::HOUR, "hour")
    } else {
        counted((micros / clock::MINUTE).max(1), "minute")
    }
}

pub async fn back_up(state: Data<AppState>, person: SignedIn) -> Result<HttpResponse, Failure> {
    let begun = state.backups.begin(&person.actor())?;
    let notice = if begun { "The backup has begun." } else { "A backup is already running." };
    Ok(see_other(PATH, Some(notice)))
}
