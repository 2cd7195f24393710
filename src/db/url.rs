//! Which database: parsed from its URL. No message has a part of a PostgreSQL URL that could be its password.

use std::fmt;
use std::path::{Path, PathBuf};

/// Where the data is. Parsed from `sqlite://path` or `postgres://...`.
#[derive(Clone, PartialEq, Eq)]
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
        if let Some(rest) = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://")) {
            if let Some(mistake) = mistake_after_scheme(rest) {
                return Err(format!("the database URL {mistake}"));
            }
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

/// Without the URL of PostgreSQL, which may have a password.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path, synchronous) => f.debug_tuple("Sqlite").field(path).field(synchronous).finish(),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

/// What is wrong with the part of a PostgreSQL URL after `postgres://`.
///
/// libpq reads a password with unencoded characters as a host, port or parameter, and quotes that in its messages
/// (PostgreSQL documentation, 32.1.1.2 "Connection URIs"). So whatever libpq would quote is refused here, unquoted.
fn mistake_after_scheme(rest: &str) -> Option<&'static str> {
    const ENCODE: &str = "cannot be read; write / : @ ? # % in the user name and password percent-encoded, such as %40 \
                          for @";
    // As in libpq, the user and password end at the first @, unless a / comes before it.
    let before_path = rest.split('/').next().unwrap_or_default();
    let address = match before_path.find('@') {
        Some(at) => rest.get(at + 1..).unwrap_or_default(),
        None => rest,
    };
    if address.contains(['@', '#']) || !percent_encoding_is_valid(rest) {
        return Some(ENCODE);
    }
    let (address, parameters) = address.split_once('?').unwrap_or((address, ""));
    let hosts = address.split('/').next().unwrap_or_default();
    if !hosts.split(',').all(is_host_and_port) {
        return Some(ENCODE);
    }
    let is_parameter = |text: &str| {
        text.split_once('=').is_some_and(|(name, value)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !value.contains('=')
        })
    };
    if !parameters.is_empty() && !parameters.split('&').all(is_parameter) {
        return Some("has a parameter that is not name=value");
    }
    None
}

/// A name or address, with a port or without.
fn is_host_and_port(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, after)) => (address, after.strip_prefix(':').or_else(|| after.is_empty().then_some(""))),
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, Some("")),
        },
    };
    let is_in_host = |c: char| c.is_alphanumeric() || ".-_~%".contains(c) || (c == ':' && text.starts_with('['));
    host.chars().all(is_in_host) && port.is_some_and(|port| port.is_empty() || port.parse::<u16>().is_ok())
}

fn percent_encoding_is_valid(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let digits = after.get(..2).unwrap_or_default();
        digits.len() == 2 && digits != "00" && digits.chars().all(|c| c.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::DatabaseUrl;

    #[test]
    fn a_url_that_libpq_would_quote_is_refused_without_its_password() {
        for url in [
            "postgres://desk:hunt/er2@db.example/desk",
            "postgres://desk:hunt:er2/x@db.example/desk",
            "postgres://desk:hunt@er2@db.example/desk",
            "postgres://desk:12/hunter2@db.example/desk",
            "postgres://desk:hunt%er2@db.example/desk",
            "postgres://desk:hunt%00er2@db.example/desk",
            "postgres://db.example:hunter2/desk",
            "postgres://db.example/desk?hunter2",
            "postgres://db.example/desk?password=hunt=er2",
            "postgresql://desk:hunt#/er2@db.example/desk",
            "postgre://desk:hunter2@db.example/desk",
        ] {
            let told = DatabaseUrl::parse(url).unwrap_err();
            assert!(!told.contains("hunt") && !told.contains("er2"), "{url}: {told}");
        }
    }

    #[test]
    fn urls_of_all_kinds_are_taken() {
        for url in [
            "postgres://localhost/desk",
            "postgresql://desk:p%40ss%2Fword@db.example:5433/desk?application_name=desk&connect_timeout=5",
            "postgres://desk:pa?ss:word@db.example/desk",
            "postgres://desk@[2001:db8::7]:5432/desk",
            "postgres://desk@first.example:5432,second.example/desk",
            "postgres://%2Fvar%2Frun%2Fpostgresql/desk",
            "postgres:///desk?host=/var/run/postgresql&options=-csearch_path%3Dtest",
            "postgres://",
        ] {
            assert!(DatabaseUrl::parse(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_url_is_never_shown_by_debug() {
        let url = DatabaseUrl::parse("postgres://desk:hunter2@db.example/desk").unwrap();
        assert_eq!(format!("{url:?}"), "Postgres(..)");
    }
}
