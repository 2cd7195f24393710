//! The category of an alert that names no tactic, by its rule's groups.

use serde_json::Value;

use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::path::{number_at, texts_at};

/// Groups of rules for one login, which fails or succeeds.
const LOGINS: [&str; 5] = [
    "authentication_failed",
    "authentication_success",
    "invalid_login",
    "win_authentication_failed",
    "win_authentication_success",
];

/// The highest level of what has no relevance by itself ("Rules classification" in Wazuh's documentation: level 3 is
/// for what succeeded and is authorized, level 5 for missed passwords).
const WITHOUT_RELEVANCE: i64 = 5;

/// Whether the rule is for a single login of any day. Wazuh gives such rules the tactics that a login may belong to.
pub(super) fn is_usual_login(value: &Value) -> bool {
    let groups = texts_at(value, "rule.groups");
    let any = |names: &[&str]| groups.iter().any(|group| names.contains(&group.as_str()));
    let low = number_at(value, &["rule.level"]).is_some_and(|level| level <= WITHOUT_RELEVANCE);
    low && any(&LOGINS) && !any(&["authentication_failures"])
}

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
