//! `watchdesk migrate`.

use std::process::ExitCode;

use serde_json::json;

use crate::accounts::setup::CONSOLE;
use crate::audit::{self, Activity, Target};
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::db::{DatabaseUrl, Db};
use crate::db::{SchemaState, schema_state};
use crate::entities::chain as entity_chain;
use crate::error::Result;
use crate::history::lessons::rebuild;
use crate::history::{chaining, entity_texts, rescore, search_index, written_texts};
use crate::live::Hub;
use crate::text::counted;

pub fn run(options: &Options, down: bool) -> Outcome {
    let config = options.config()?;
    let db = Db::open(&config.database, Hub::default()).map_err(Failed::usage)?;
    if down {
        println!("{} migrations reverted.", db.unmigrate()?);
        return Ok(ExitCode::SUCCESS);
    }
    match db.read_now(schema_state)? {
        SchemaState::Current => {
            // A run that was ended after the schema has the rest to finish.
            db.migrate()?;
            bring_up_to_date(&db)?;
            rescore::bring_up_to_date(&db)?;
            rebuild::bring_up_to_date(&db)?;
            println!("The database is up to date.");
        }
        SchemaState::Ahead => {
            return Err(Failed::usage("the database was written by a newer version of Watchdesk; use that one"));
        }
        SchemaState::Behind(_) => {
            if let (DatabaseUrl::Sqlite(path, _), false) = (&config.database, db.is_empty()?) {
                let copy = path.with_extension(format!("before-{}.db", crate::clock::now() / crate::clock::SECOND));
                db.copy_to(&copy)?;
                println!("Copied the database to {} first.", copy.display());
            }
            let applied = db.migrate()?;
            println!("{applied} migrations applied.");
            note(&db, applied)?;
            bring_up_to_date(&db)?;
            match rescore::bring_up_to_date(&db)? {
                0 => {}
                scored => println!("Priority calculated for {scored} incidents."),
            }
            if rebuild::bring_up_to_date(&db)? {
                println!("Alerts and incidents counted for Lessons.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Notes in the audit log that the store is one of this version now.
fn note(db: &Db, applied: usize) -> Result<()> {
    let detail = json!({ "migrations": applied, "version": env!("CARGO_PKG_VERSION") });
    let target = Target { kind: "database", id: None, name: "Database" };
    db.write_now(|tx| audit::record_with(tx, &CONSOLE, Activity::Migrated, target, &detail))
}

/// What a migration leaves to the program, because SQL alone cannot do it.
fn bring_up_to_date(db: &Db) -> Result<()> {
    search_index::bring_owners_up_to_date(db)?;
    written_texts::bring_up_to_date(db)?;
    entity_texts::bring_up_to_date(db)?;
    let chained = chaining::bring_up_to_date(db)?;
    if chained > 0 {
        println!("Entries of {} chained by hash.", counted(chained, "incident"));
    }
    entity_chain::bring_up_to_date(db)?;
    Ok(())
}
