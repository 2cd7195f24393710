//! `watchdesk restore`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::backup::keys::PrivateKey;
use crate::backup::restoring::{Restored, check_target, read_through, restore};
use crate::cli::backup_progress::{Shown, source_of};
use crate::cli::migrate::bring_up_to_date;
use crate::cli::options::Options;
use crate::cli::outcome::{Failed, Outcome};
use crate::db::{DatabaseUrl, Db};
use crate::live::Hub;
use crate::text::thousands;

/// What `restore` takes.
#[derive(Args)]
pub struct Restore {
    /// File of the backup, `-` for standard input
    file: PathBuf,
    /// File with the private key of an encrypted backup, as age-keygen writes it
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

impl Restore {
    pub fn run(&self, options: &Options) -> Outcome {
        let config = options.config()?;
        let keys = self.identity.as_deref().map(PrivateKey::read_all).transpose().map_err(Failed::usage)?;
        // A mistyped name is told before a database is made.
        drop(source_of(&self.file, &Shown::default())?);
        let unmade = match &config.database {
            DatabaseUrl::Sqlite(path, _) if !path.exists() => Some(path.clone()),
            _ => None,
        };
        let restored = self.restore(&config.database, &keys.unwrap_or_default());
        if let (Err(_), Some(path)) = (&restored, unmade) {
            remove_database(&path);
        }
        for line in told(&restored?) {
            println!("{line}");
        }
        Ok(ExitCode::SUCCESS)
    }

    fn restore(&self, database: &DatabaseUrl, keys: &[PrivateKey]) -> Result<Restored, Failed> {
        let db = Db::open(database, Hub::default()).map_err(Failed::usage)?;
        check_target(&db)?;
        let shown = Shown::default();
        // A damaged file is told of before its first row is stored. Standard input can be read only once.
        if self.file.as_os_str() != "-" {
            let source = source_of(&self.file, &shown)?;
            read_through(source, keys, &mut shown.progress())?;
        }
        let source = source_of(&self.file, &shown)?;
        let restored = restore(&db, source, keys, &mut shown.progress())?;
        shown.clear();
        bring_up_to_date(&db)?;
        db.analyze()?;
        Ok(restored)
    }
}

fn told(restored: &Restored) -> Vec<String> {
    let rows = thousands(restored.rows());
    let mut lines = vec![format!("Restored the backup of {}: {rows} rows.", restored.made_at_shown())];
    if restored.without_secrets {
        lines.push(
            "It has no passwords and no tokens: run `watchdesk user password NAME`, and create the tokens anew.".into(),
        );
    }
    if restored.without_attachments {
        lines.push("It has no attached files.".to_owned());
    }
    lines
}

/// Takes back the file of a database that a restore began and did not fill.
fn remove_database(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = OsString::from(path);
        name.push(suffix);
        let _ = fs::remove_file(name);
    }
}
