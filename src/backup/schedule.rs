//! Backups that a server makes: on a schedule, and when an administrator asks for one. One at a time.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::backup::keys::PublicKey;
use crate::backup::making::{Made, make};
use crate::backup::progress::Progress;
use crate::backup::rotation;
use crate::backup::runs::{self, Occasion, State};
use crate::backup::writing::Wanted;
use crate::clock;
use crate::config;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::model::actor::Actor;
use crate::permissions::{Action, require};

/// What the schedule is called where it is the one that did something.
const SCHEDULE: Actor = Actor::System("Backup schedule");

/// For how long a failure is waited out before the next try, unless backups are made more often.
const RETRY: i64 = 10 * clock::MINUTE;

/// The longest wait without looking at the clock again, which may be set.
const LOOK: Duration = Duration::from_secs(60);

/// Where and how often backups are made.
#[derive(Debug, Clone)]
pub struct Plan {
    pub folder: PathBuf,
    /// Microseconds.
    pub every: i64,
    pub keep: usize,
    encrypt_to: Vec<PublicKey>,
}

impl Plan {
    /// Reads the options; none where no folder is given. The text of a mistake is for the person at the console.
    pub fn new(options: &config::Backups) -> std::result::Result<Option<Self>, String> {
        let encrypt_to = public_keys(&options.encrypt_to)?;
        let Some(folder) = options.folder.clone() else { return Ok(None) };
        if !folder.is_dir() {
            return Err(format!("--backup-folder {} is not a folder", folder.display()));
        }
        Ok(Some(Self { folder, every: options.every, keep: options.keep, encrypt_to }))
    }

    pub fn encrypts(&self) -> bool {
        !self.encrypt_to.is_empty()
    }
}

/// Reads the keys of `--backup-encrypt-to`.
pub fn public_keys(texts: &[String]) -> std::result::Result<Vec<PublicKey>, String> {
    let key = |text: &String| PublicKey::parse(text).map_err(|mistake| format!("--backup-encrypt-to {text} {mistake}"));
    texts.iter().map(key).collect()
}

/// Makes backups of a server's store. Cheap to clone.
#[derive(Clone)]
pub struct Backups {
    db: Db,
    plan: Option<Arc<Plan>>,
    /// When the backup that is being made began, in microseconds.
    running: Arc<watch::Sender<Option<i64>>>,
}

impl Backups {
    pub fn new(db: &Db, plan: Option<Plan>) -> Self {
        Self { db: db.clone(), plan: plan.map(Arc::new), running: Arc::new(watch::Sender::new(None)) }
    }

    /// None where no folder is given.
    pub fn plan(&self) -> Option<&Plan> {
        self.plan.as_deref()
    }

    /// When the backup that is being made began, in microseconds UTC.
    pub fn running_since(&self) -> Option<i64> {
        *self.running.borrow()
    }

    /// When the schedule makes the next one, in microseconds UTC; in the past when it is late.
    pub fn next_due(&self, state: &State) -> Option<i64> {
        self.plan().map(|plan| due(state, plan.every))
    }

    /// Begins a backup that an administrator asks for; false when one is being made already.
    pub fn begin(&self, actor: &Actor) -> Result<bool> {
        require(actor, Action::Administer)?;
        if self.plan.is_none() {
            return Err(Error::at_field("folder", "The server has no folder for backups: see --backup-folder."));
        }
        Ok(self.start(actor.clone(), Occasion::Request))
    }

    /// Makes backups on schedule until the server stops.
    pub async fn run(self) {
        let Some(plan) = self.plan.clone() else { return };
        let (mut stopped, mut running) = (self.db.hub().stopped(), self.running.subscribe());
        let mut tried: Option<i64> = None;
        loop {
            let now = clock::now();
            let due = match self.db.read(runs::state).await {
                Ok(state) => due(&state, plan.every),
                Err(error) => {
                    tracing::warn!("the state of backups cannot be read: {error}");
                    now + clock::MINUTE
                }
            };
            // What became of the last try may not have been stored.
            let due = tried.map_or(due, |tried| due.max(tried + RETRY.min(plan.every)));
            let begins = due <= now;
            if begins {
                tried = Some(now);
                self.start(SCHEDULE, Occasion::Schedule);
            }
            let wait = Duration::from_micros((due - now).max(0).unsigned_abs()).min(LOOK);
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return,
                _ = running.wait_for(Option::is_none), if begins => {}
                () = tokio::time::sleep(wait), if !begins => {}
            }
        }
    }

    /// Begins a backup on a thread of its own, unless one is being made.
    fn start(&self, actor: Actor, occasion: Occasion) -> bool {
        let began = clock::now();
        let begins = self.running.send_if_modified(|running| {
            let begins = running.is_none();
            *running = running.or(Some(began));
            begins
        });
        if begins {
            let backups = self.clone();
            std::thread::spawn(move || {
                let _ended = Ended(backups.running.clone());
                backups.make(&actor, occasion, began);
            });
        }
        begins
    }

    fn make(&self, actor: &Actor, occasion: Occasion, began: i64) {
        let Some(plan) = self.plan() else { return };
        let name = rotation::free_name(&plan.folder, began);
        let wanted = Wanted { encrypt_to: plan.encrypt_to.clone(), ..Wanted::default() };
        let stopped = self.db.hub().stopped();
        let unless_stopped = |_: &str, _: u64| {
            if *stopped.borrow() { Err(Error::internal("the server stops")) } else { Ok(()) }
        };
        let progress = &mut Progress::new(unless_stopped);
        let made = make(&self.db, &plan.folder.join(&name), &wanted, false, progress);
        if made.is_err() && *stopped.borrow() {
            return;
        }
        let recorded = self.db.write_in_turn(|tx| match &made {
            Ok(made) => runs::record_made(tx, actor, occasion, made, &wanted),
            Err(error) => runs::record_failed(tx, actor, occasion, (&name, began), error),
        });
        if let Err(error) = recorded {
            tracing::error!("what became of the backup {name} cannot be stored: {error}");
        }
        match made {
            Ok(made) => tidy(plan, &made),
            Err(error) => tracing::error!("the backup {name} failed: {error}"),
        }
    }
}

fn tidy(plan: &Plan, made: &Made) {
    tracing::info!("the backup {} has {} rows", made.name, made.rows);
    if let Err(error) = rotation::rotate(&plan.folder, plan.keep, made.ended_at) {
        tracing::error!("older backups cannot be removed: {error}");
    }
}

/// Says that no backup is being made any more, also after a panic.
struct Ended(Arc<watch::Sender<Option<i64>>>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.send_replace(None);
    }
}

/// When the next backup is due: at once where there is none.
fn due(state: &State, every: i64) -> i64 {
    let after_success = state.last_in_folder.as_ref().map_or(0, |run| run.began_at.saturating_add(every));
    let after_failure = state.last_failure.as_ref().map_or(0, |run| run.ended_at.saturating_add(RETRY.min(every)));
    after_success.max(after_failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::runs::Run;

    fn run(began_at: i64, failure: Option<&str>) -> Run {
        Run {
            id: 1,
            began_at,
            ended_at: began_at + clock::SECOND,
            occasion: Occasion::Schedule.as_str().to_owned(),
            begun_by: String::new(),
            file: String::new(),
            bytes: None,
            row_count: None,
            failure: failure.map(str::to_owned),
        }
    }

    #[test]
    fn the_next_backup_is_due_after_the_last_and_sooner_after_a_failure() {
        let mut state = State::default();
        assert_eq!(due(&state, clock::DAY), 0, "at once");
        state.last_in_folder = Some(run(clock::HOUR, None));
        assert_eq!(due(&state, clock::DAY), clock::HOUR + clock::DAY);
        let failed = clock::HOUR + clock::DAY;
        state.last_failure = Some(run(failed, Some("The disk is full.")));
        assert_eq!(due(&state, clock::DAY), failed + clock::SECOND + RETRY);
        assert_eq!(due(&state, clock::MINUTE), failed + clock::SECOND + clock::MINUTE);
    }
}
