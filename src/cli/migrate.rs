//! `watchdesk migrate`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::accounts::setup::CONSOLE;
use crate::audit::{self, Activity, Target};
use crate::backup::making::{Made, make};
use crate::backup::rotation;
use crate::backup::runs::{self, Occasion};
use crate::backup::schedule::public_keys;
use crate::backup::writing::Wanted;
use crate::cli::backup_progress::Shown;
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::clock;
use crate::config::Config;
use crate::db::Db;
use crate::db::{SchemaState, schema_state};
use crate::entities::chain as entity_chain;
use crate::error::Result;
use crate::history::lessons::rebuild;
use crate::history::{chaining, entity_texts, rescore, search_index, written_texts};
use crate::live::Hub;
use crate::text::counted;

/// What `migrate` takes.
#[derive(Args)]
pub struct Migrate {
    /// Make no backup first
    #[arg(long)]
    no_backup: bool,
    /// Revert all migrations instead: all data is lost
    #[arg(long, hide = true)]
    down: bool,
}

impl Migrate {
    pub fn run(&self, options: &Options) -> Outcome {
        let config = options.config()?;
        let db = Db::open(&config.database, Hub::default()).map_err(Failed::usage)?;
        if self.down {
            println!("{} migrations reverted.", db.unmigrate()?);
            return Ok(ExitCode::SUCCESS);
        }
        match db.read_now(schema_state)? {
            SchemaState::Current => {
                // A run that was ended after the schema has the rest to finish.
                db.migrate()?;
                bring_up_to_date(&db)?;
                println!("The database is up to date.");
            }
            SchemaState::Ahead => {
                return Err(Failed::usage("the database was written by a newer version of Watchdesk; use that one"));
            }
            SchemaState::Behind(_) => self.bring_forward(&db, &config)?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn bring_forward(&self, db: &Db, config: &Config) -> std::result::Result<(), Failed> {
        let backup = if self.no_backup || db.is_empty()? { None } else { Some(back_up(db, config)?) };
        let applied = db.migrate()?;
        println!("{applied} migrations applied.");
        note(db, applied)?;
        if let Some((made, wanted)) = backup {
            db.write_now(|tx| runs::record_made(tx, &CONSOLE, Occasion::Migration, &made, &wanted))?;
        }
        for line in bring_up_to_date(db)? {
            println!("{line}");
        }
        Ok(())
    }
}

/// The way back, should the new version not be wanted.
fn back_up(db: &Db, config: &Config) -> std::result::Result<(Made, Wanted), Failed> {
    let folder: PathBuf = config.backups.folder.clone().unwrap_or_else(|| config.database.folder());
    let place = folder.join(rotation::name_before_migration(clock::now()));
    let encrypt_to = public_keys(&config.backups.encrypt_to).map_err(Failed::usage)?;
    let wanted = Wanted { encrypt_to, ..Wanted::default() };
    let shown = Shown::default();
    let progress = &mut shown.progress();
    let made = make(db, &place, &wanted, false, progress).map_err(|error| {
        Failed::run(format!("nothing was migrated, since no backup could be made (--no-backup leaves it out): {error}"))
    })?;
    shown.clear();
    println!("The backup {} was made first.", place.display());
    Ok((made, wanted))
}

/// Notes in the audit log that the store is one of this version now.
fn note(db: &Db, applied: usize) -> Result<()> {
    let detail = json!({ "migrations": applied, "version": env!("CARGO_PKG_VERSION") });
    let target = Target { kind: "database", id: None, name: "Database" };
    db.write_now(|tx| audit::record_with(tx, &CONSOLE, Activity::Migrated, target, &detail))
}

/// What a migration leaves to the program, because SQL alone cannot do it. Returns what is worth telling.
pub(super) fn bring_up_to_date(db: &Db) -> Result<Vec<String>> {
    search_index::bring_owners_up_to_date(db)?;
    written_texts::bring_up_to_date(db)?;
    entity_texts::bring_up_to_date(db)?;
    let mut told = Vec::new();
    let chained = chaining::bring_up_to_date(db)?;
    if chained > 0 {
        told.push(format!("Entries of {} chained by hash.", counted(chained, "incident")));
    }
    entity_chain::bring_up_to_date(db)?;
    match rescore::bring_up_to_date(db)? {
        0 => {}
        scored => told.push(format!("Priority calculated for {scored} incidents.")),
    }
    if rebuild::bring_up_to_date(db)? {
        told.push("Alerts and incidents counted for Lessons.".to_owned());
    }
    Ok(told)
}
