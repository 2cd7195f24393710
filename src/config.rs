//! Everything that can be set, from options and environment, with no default secret. The command
//! line reads the texts; here they are checked, all at once.

mod backups;
pub mod checkpoints;
mod metrics;
mod network;

use std::net::{IpAddr, ToSocketAddrs as _};
use std::path::{Path, PathBuf};

use ipnet::IpNet;

use crate::clock;
pub use crate::config::backups::Backups;
use crate::config::checkpoints::{CHECKPOINT_EVERY, Destinations};
pub use crate::config::metrics::MetricsAccess;
pub use crate::config::network::{Network, TlsFiles};
use crate::db::DatabaseUrl;

/// Largest body of alerts unless something else is asked for: 1 GiB.
pub const MAX_BODY: u64 = 1 << 30;

/// Largest attached file unless something else is asked for: 25 MiB.
pub const ATTACHMENT_LIMIT: u64 = 25 << 20;

/// How long sessions last unless something else is asked for, without being used and in all.
pub const SESSION_IDLE: i64 = 12 * clock::HOUR;
pub const SESSION_LIFETIME: i64 = 7 * clock::DAY;
/// Event streams of pages that may be open in all: two for each of a thousand people.
pub const MAX_STREAMS: usize = 2_000;

/// The first parts of the addresses that Watchdesk has itself, with which the path of the public URL
/// must not begin: "/incidents/1" could be meant either way.
pub const OWN_ADDRESSES: [&str; 27] = [
    "account",
    "alerts",
    "alerts.csv",
    "alerts.jsonl",
    "api",
    "assets",
    "attachments",
    "entities",
    "healthz",
    "incidents",
    "incidents.csv",
    "incidents.jsonl",
    "join",
    "lessons",
    "lessons.csv",
    "lessons.json",
    "login",
    "logout",
    "mentions",
    "metrics",
    "operations",
    "people.json",
    "readyz",
    "search",
    "settings",
    "setup",
    "static",
];

/// What the server needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    pub database: DatabaseUrl,
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// Where browsers reach it, when that is not where it listens. With https, cookies are Secure. With a
    /// path, everything is served below that path.
    pub public_url: Option<String>,
    /// The file with the key that signs cookies; made when it is missing.
    pub secret_file: PathBuf,
    /// The file with the key that signs checkpoints; made when it is missing.
    pub signing_key_file: PathBuf,
    /// How often a checkpoint is made where something has changed, in microseconds.
    pub checkpoint_every: i64,
    /// Where checkpoints are sent.
    pub checkpoints: Destinations,
    pub workers: usize,
    /// Off: new incidents are called "Incident 1234" (R5).
    pub automatic_names: bool,
    /// Whether correlation merges incidents that an alert ties together (R12).
    pub automatic_merging: bool,
    /// Largest body of alerts that is taken, unpacked, in bytes.
    pub max_body: u64,
    /// Largest file that is attached, in bytes.
    pub attachment_limit: u64,
    /// How long a session lasts without being used, in microseconds.
    pub session_idle: i64,
    /// How long it lasts in all, in microseconds.
    pub session_lifetime: i64,
    /// Event streams of pages that may be open in all.
    pub max_streams: usize,
    /// Certificates of authorities that identity providers may have, beside those that the machine trusts; PEM.
    pub provider_ca: Option<PathBuf>,
    /// Who may read /metrics.
    pub metrics: MetricsAccess,
    pub network: Network,
    pub backups: Backups,
    /// `demo` only: who its printed link signs in, by id.
    pub demo_user: Option<i64>,
}

impl Config {
    /// Checks the texts. Every mistake is told, one a line.
    pub fn new(
        database_url: &str,
        listen: &str,
        public_url: Option<&str>,
        secret_file: Option<PathBuf>,
    ) -> Result<Self, String> {
        let mut mistakes = Vec::new();
        let database = DatabaseUrl::parse(database_url).map_err(|mistake| mistakes.push(mistake)).ok();
        if listen.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()).is_none() {
            mistakes.push(format!("--listen {listen:?} is not an address and a port, such as 127.0.0.1:8080"));
        }
        let public_url = public_url.map(|url| url.trim_end_matches('/').to_owned()).filter(|url| !url.is_empty());
        mistakes.extend(public_url.as_deref().and_then(mistake_in_public_url));
        match database {
            Some(database) if mistakes.is_empty() => Ok(Self {
                signing_key_file: beside(secret_file.as_deref(), &database, "watchdesk.signing-key"),
                secret_file: secret_file.unwrap_or_else(|| database.folder().join("watchdesk.secret")),
                checkpoint_every: CHECKPOINT_EVERY,
                checkpoints: Destinations::default(),
                database,
                listen: listen.to_owned(),
                public_url,
                workers: std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4),
                automatic_names: true,
                automatic_merging: true,
                max_body: MAX_BODY,
                attachment_limit: ATTACHMENT_LIMIT,
                session_idle: SESSION_IDLE,
                session_lifetime: SESSION_LIFETIME,
                max_streams: MAX_STREAMS,
                provider_ca: None,
                metrics: MetricsAccess::default(),
                network: Network::default(),
                backups: Backups::default(),
                demo_user: None,
            }),
            _ => Err(mistakes.join("\n")),
        }
    }

    /// Whether browsers come by https, so that cookies may insist on it.
    pub fn https(&self) -> bool {
        self.network.tls.is_some() || self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The name of the session's cookie. Browsers hold its prefix to what it says: only over https, only from this
    /// host, and with `__Host-` for the whole of it (RFC 6265bis, 4.1.3).
    pub fn session_cookie(&self) -> &'static str {
        match (self.https(), self.base_path().is_empty()) {
            (true, true) => "__Host-watchdesk",
            (true, false) => "__Secure-watchdesk",
            (false, _) => "watchdesk",
        }
    }

    /// Refuses to send passwords through a network unencrypted, unless that is wanted, and options that contradict
    /// each other.
    pub fn check_network(&self) -> Result<(), String> {
        let Network { tls, trusted_proxies, insecure_http } = &self.network;
        if let Some(everybody) = trusted_proxies.iter().find(|network| network.prefix_len() == 0) {
            return Err(format!("--trusted-proxies {everybody} would trust everybody; give the proxy's own address"));
        }
        if tls.is_some() && self.public_url.as_ref().is_some_and(|url| url.starts_with("http://")) {
            return Err("with --tls-cert, --public-url must begin with https://".to_owned());
        }
        if tls.is_some() || !trusted_proxies.is_empty() || *insecure_http {
            return Ok(());
        }
        let mut addresses = self.listen.to_socket_addrs().into_iter().flatten();
        if addresses.all(|address| address.ip().to_canonical().is_loopback()) {
            return Ok(());
        }
        Err(format!(
            "--listen {} would send passwords unencrypted; give --tls-cert and --tls-key, or --trusted-proxies with the \
             proxy that adds TLS, or --insecure-http to allow it",
            self.listen
        ))
    }

    /// Scheme, host and port of the public URL, as browsers send them in `Origin`.
    pub fn public_origin(&self) -> Option<&str> {
        self.public_url.as_deref().map(|url| split_url(url).0)
    }

    /// The path of the public URL, such as "/watchdesk"; empty without one.
    pub fn base_path(&self) -> &str {
        self.public_url.as_deref().map_or("", |url| split_url(url).1)
    }
}

/// A file beside the one with the key of cookies.
fn beside(secret_file: Option<&Path>, database: &DatabaseUrl, name: &str) -> PathBuf {
    match secret_file {
        Some(path) => path.with_file_name(name),
        None => database.folder().join(name),
    }
}

/// The origin of a URL, and its path without a slash at the end.
fn split_url(url: &str) -> (&str, &str) {
    let url = url.trim_end_matches('/');
    let host = url.find("://").map_or(0, |at| at + "://".len());
    let path = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| host + at);
    url.split_at_checked(path).unwrap_or((url, ""))
}

fn mistake_in_public_url(url: &str) -> Option<String> {
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Some("--public-url must begin with http:// or https://".to_owned());
    }
    if url.contains(['?', '#']) {
        return Some("--public-url must have no query and no fragment".to_owned());
    }
    let parts: Vec<&str> = split_url(url).1.split('/').skip(1).collect();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if parts.iter().any(|part| matches!(*part, "" | "." | "..") || !part.chars().all(is_plain)) {
        return Some(
            "--public-url must have a path of letters, digits, \"-\", \".\", \"_\" and \"~\", such as /watchdesk"
                .to_owned(),
        );
    }
    let first = parts.first().filter(|first| OWN_ADDRESSES.contains(first))?;
    Some(format!("--public-url must not have the path /{first}, which is an address of Watchdesk itself"))
}

/// Reads addresses and networks with commas between them: "10.0.0.0/8,192.0.2.7".
pub fn parse_networks(text: &str) -> Result<Vec<IpNet>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let network = |part: &str| part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
    parts
        .map(|part| network(part).map_err(|_| format!("{part:?} is not an address or network, such as 10.0.0.0/8")))
        .collect()
}

/// Reads a number of bytes: "1048576", "64MiB", "1G". K, M and G are powers of 1,024.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(0),
        "k" | "kb" | "kib" => Some(10),
        "m" | "mb" | "mib" => Some(20),
        "g" | "gb" | "gib" => Some(30),
        _ => None,
    };
    let size = number.parse::<u64>().ok().zip(shift).and_then(|(number, shift)| number.checked_mul(1 << shift));
    size.filter(|size| *size > 0).ok_or_else(|| format!("{text:?} is not a size, such as 64MiB or 1GiB"))
}

/// Reads a duration in hours, "12", or with a unit: "30m", "12h", "7d". Returns microseconds; from 5 minutes to
/// 366 days.
pub fn parse_duration(text: &str) -> Result<i64, String> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix(['m', 'h', 'd']) {
        Some(number) if text.ends_with('m') => (number, clock::MINUTE),
        Some(number) if text.ends_with('d') => (number, clock::DAY),
        Some(number) => (number, clock::HOUR),
        None => (text, clock::HOUR),
    };
    let duration = number.trim().parse::<i64>().ok().and_then(|number| number.checked_mul(unit));
    duration
        .filter(|duration| (5 * clock::MINUTE..=366 * clock::DAY).contains(duration))
        .ok_or_else(|| format!("{text:?} is not a duration from 5m to 366d, such as 12h or 7d"))
}

/// A number of bytes as a person reads it: "64 MiB".
pub fn show_size(size: u64) -> String {
    for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] {
        if size >= 1 << shift && size.is_multiple_of(1 << shift) {
            return format!("{} {unit}", size >> shift);
        }
    }
    format!("{size} bytes")
}

#[cfg(test)]
mod tests {
    use super::{Config, parse_duration, parse_networks, parse_size, show_size};
    use crate::clock;

    #[test]
    fn sizes_are_read_and_shown() {
        assert_eq!(parse_size("64MiB"), Ok(64 << 20));
        assert_eq!(parse_size(" 2 g "), Ok(2 << 30));
        assert_eq!(parse_size("1000"), Ok(1_000));
        for wrong in ["", "0", "lots", "1T", "-1", "99999999999G"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
        assert_eq!((show_size(64 << 20), show_size(1_000)), ("64 MiB".to_owned(), "1000 bytes".to_owned()));
    }

    #[test]
    fn durations_are_read() {
        let hours = |text| parse_duration(text).map(|duration| duration / clock::HOUR);
        assert_eq!((hours("12"), hours("12h"), hours("7d"), hours(" 90m ")), (Ok(12), Ok(12), Ok(168), Ok(1)));
        for wrong in ["", "h", "0", "1m", "-1h", "1w", "400d", "9999999999999d"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let told = Config::new("mysql://x", "nowhere", Some("ftp://x"), None).err().unwrap_or_default();
        assert_eq!(told.lines().count(), 3, "{told}");
    }

    #[test]
    fn a_public_url_has_an_origin_and_a_path() {
        let parts = |url| {
            let config = Config::new("sqlite://x.db", "127.0.0.1:0", Some(url), None).unwrap();
            (config.public_origin().map(str::to_owned), config.base_path().to_owned())
        };
        let origin = || Some("https://desk.example:8443".to_owned());
        assert_eq!(parts("https://desk.example:8443/"), (origin(), String::new()));
        assert_eq!(parts("https://desk.example:8443/watchdesk/"), (origin(), "/watchdesk".to_owned()));
        assert_eq!(parts("https://desk.example:8443/soc/desk"), (origin(), "/soc/desk".to_owned()));
    }

    #[test]
    fn a_public_url_that_no_page_could_be_served_below_is_refused() {
        let told = |path: &str| {
            let url = format!("https://desk.example/{path}");
            Config::new("sqlite://x.db", "127.0.0.1:0", Some(&url), None).err().unwrap_or_default()
        };
        for path in ["a b", "a//b", "../a", "a/./b", "a%2Fb", "<a>", "a?b=c", "a#b"] {
            assert_eq!(told(path).lines().count(), 1, "{path}");
        }
        assert!(told("incidents").contains("an address of Watchdesk itself"));
        assert!(told("static/desk").contains("an address of Watchdesk itself"));
        assert_eq!(told("watchdesk/incidents"), "");
    }

    #[test]
    fn networks_are_read_as_a_list() {
        let shown = |text| parse_networks(text).map(|networks| networks.iter().map(ToString::to_string).collect());
        assert_eq!(
            shown("10.0.0.0/8, 192.0.2.7,2001:db8::/32"),
            Ok(vec!["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"].into_iter().map(str::to_owned).collect::<Vec<_>>())
        );
        assert_eq!(shown(""), Ok(Vec::new()));
        assert!(parse_networks("10.0.0.0/8,proxy").is_err());
    }

    #[test]
    fn listening_for_everybody_needs_tls_or_a_proxy_or_the_wish() {
        let allowed = |listen, change: fn(&mut super::Network)| {
            let mut config = Config::new("sqlite://x.db", listen, None, None).unwrap();
            change(&mut config.network);
            config.check_network().is_ok()
        };
        for loopback in ["127.0.0.1:0", "[::1]:0", "localhost:0", "127.9.9.9:80"] {
            assert!(allowed(loopback, |_| {}), "{loopback}");
        }
        for open in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
            assert!(!allowed(open, |_| {}), "{open}");
            assert!(allowed(open, |network| network.insecure_http = true));
            assert!(allowed(open, |network| network.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()]));
            assert!(!allowed(open, |network| network.trusted_proxies = vec!["0.0.0.0/0".parse().unwrap()]));
        }
    }

    #[test]
    fn a_mistyped_url_never_becomes_a_file() {
        assert!(Config::new("postgre://localhost/x", "127.0.0.1:0", None, None).is_err());
        assert!(Config::new("watchdesk.db", "127.0.0.1:0", None, None).is_err());
    }
}
