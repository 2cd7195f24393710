//! Which database: parsed from its URL.

use std::path::{Path, PathBuf};

/// Where the data is. Parsed from `sqlite://path` or `postgres://...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

impl DatabaseUrl {
    /// Refuses unknown schemes, so that a mistyped URL cannot become a new SQLite file.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() {
                return Err("the database URL sqlite:// names no file".into());
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let wants_tls =
                ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"].iter().any(|mode| text.contains(mode));
            if wants_tls && !cfg!(feature = "postgres-tls") {
                return Err("the database URL asks for TLS, which this build does not have; \
                            build with --features postgres-tls"
                    .into());
            }
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err("the database URL must begin with sqlite:// or postgres://".into())
    }

    /// The folder for files of this installation, such as the secret.
    pub fn folder(&self) -> PathBuf {
        match self {
            Self::Sqlite(path) => {
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
            }
            Self::Postgres(_) => PathBuf::from("."),
        }
    }
}
