//! The category of an alert that names no tactic, by its rule's groups.

pub(super) fn of_groups(groups: &[String]) -> &'static str {
    let any = |names: &[&str]| groups.iter().any(|group| names.contains(&group.as_str()));
    if any(&["authentication_failed", "authentication_failures", "invalid_login", "win_authentication_failed"]) {
        "CredentialAccess"
    } else if any(&["recon", "web_scan", "connection_attempt"]) {
        "Reconnaissance"
    } else if any(&["web", "attack", "sql_injection", "exploit_attempt"]) {
        "InitialAccess"
    } else if any(&["rootcheck", "virus", "virustotal", "yara", "windows_defender"]) && !any(&["freshclam"]) {
        "Malware"
    } else {
        "SuspiciousActivity"
    }
}
