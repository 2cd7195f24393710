//! Throw-away databases to measure on.

use tempfile::TempDir;

use crate::db::{DatabaseUrl, Db};
use crate::error::{Error, Result};
use crate::live::Hub;

/// A throw-away database, deleted with its folder.
pub fn scratch() -> Result<(Db, TempDir)> {
    let folder = tempfile::Builder::new().prefix("watchdesk-bench-").tempdir().map_err(Error::internal)?;
    let url = DatabaseUrl::sqlite(folder.path().join("bench.db"));
    let db = Db::open(&url, Hub::default()).map_err(Error::internal)?;
    db.migrate()?;
    Ok((db, folder))
}
