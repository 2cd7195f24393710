//! Which database: parsed from its URL.

use std::path::{Path, PathBuf};

/// Where the data is. Parsed from `sqlite://path` or `postgres://...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf, Synchronous),
    Postgres(String),
}

/// How far SQLite waits for the disk: `sqlite://file?synchronous=normal`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Synchronous {
    /// Never: a power cut may damage the file. For throw-away files.
    Off,
    /// Not at every commit: a power cut may lose the last writes that were acknowledged.
    Normal,
    /// At every commit: what was acknowledged is kept.
    #[default]
    Full,
}

impl Synchronous {
    fn parse(text: &str) -> std::result::Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "normal" => Ok(Self::Normal),
            "full" => Ok(Self::Full),
            _ => Err("synchronous in the database URL is full, normal or off".to_owned()),
        }
    }
}

impl DatabaseUrl {
    /// A file with all that SQLite promises.
    pub fn sqlite(path: PathBuf) -> Self {
        Self::Sqlite(path, Synchronous::default())
    }

    /// A file whose loss does not matter.
    pub fn throw_away(path: PathBuf) -> Self {
        Self::Sqlite(path, Synchronous::Off)
    }

    /// Refuses unknown schemes, so that a mistyped URL cannot become a new SQLite file.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            let (path, synchronous) = match path.split_once("?synchronous=") {
                Some((path, mode)) => (path, Synchronous::parse(mode)?),
                None => (path, Synchronous::default()),
            };
            if path.is_empty() {
                return Err("the database URL sqlite:// names no file".into());
            }
            return Ok(Self::Sqlite(PathBuf::from(path), synchronous));
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
            Self::Sqlite(path, _) => {
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
            }
            Self::Postgres(_) => PathBuf::from("."),
        }
    }
}
