//! The database that a bench over HTTP measures.

use tempfile::TempDir;

use crate::cli::outcome::Failed;
use crate::db::{DatabaseUrl, Db};
use crate::live::Hub;

/// A database, and a folder for the bench's files that is removed with it.
pub(super) struct Store {
    pub(super) folder: TempDir,
    pub(super) url: String,
    pub(super) db: Db,
}

impl Store {
    /// Opens the database that was asked for, else a throw-away SQLite file.
    pub(super) fn open(asked_for: Option<&str>) -> Result<Self, Failed> {
        let folder =
            tempfile::Builder::new().prefix("watchdesk-bench-").tempdir().map_err(|e| Failed::run(e.to_string()))?;
        let url = match asked_for {
            Some(url) => url.to_owned(),
            None => format!("sqlite://{}", folder.path().join("bench.db").display()),
        };
        let db = Db::open(&DatabaseUrl::parse(&url).map_err(Failed::usage)?, Hub::default()).map_err(Failed::usage)?;
        Ok(Self { folder, url, db })
    }
}
