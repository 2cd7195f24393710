//! The category of an alert that names no tactic, by its rule's groups.

use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};

/// Groups of rules with what they mean. A rule that matches a single failed login, a scan or any failed request to a
/// web server says nothing of how far somebody came.
const GROUPS: [(&[&str], CategoryReading); 6] = [
    (&["authentication_failures"], Clear("CredentialAccess")),
    (&["authentication_failed", "invalid_login", "win_authentication_failed"], Hint("CredentialAccess")),
    (&["recon", "web_scan", "connection_attempt"], Hint("Reconnaissance")),
    (&["sql_injection", "exploit_attempt"], Clear("InitialAccess")),
    (&["web", "attack"], Hint("InitialAccess")),
    (&["rootcheck", "virus", "virustotal", "yara", "windows_defender"], Clear("Malware")),
];

pub(super) fn of_groups(groups: &[String]) -> CategoryReading {
    let any = |names: &[&str]| groups.iter().any(|group| names.contains(&group.as_str()));
    match GROUPS.iter().find(|(names, _)| any(names)) {
        // An update of the scanner's database finds nothing.
        Some((_, Clear("Malware"))) if any(&["freshclam"]) => Clear("SuspiciousActivity"),
        Some((_, reading)) => *reading,
        None => Clear("SuspiciousActivity"),
    }
}
