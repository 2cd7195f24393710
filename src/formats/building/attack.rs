//! ATT&CK's tactics and techniques in the spellings of many tools.

use crate::formats::building::terms::{self, normalized};

/// Tactics by number and normalized name; the last two are new names for parts of Defense Evasion.
const TACTICS: [(&str, &str, &str); 17] = [
    ("ta0043", "reconnaissance", "Reconnaissance"),
    ("ta0042", "resourcedevelopment", "ResourceDevelopment"),
    ("ta0001", "initialaccess", "InitialAccess"),
    ("ta0002", "execution", "Execution"),
    ("ta0003", "persistence", "Persistence"),
    ("ta0004", "privilegeescalation", "PrivilegeEscalation"),
    ("ta0005", "defenseevasion", "DefenseEvasion"),
    ("ta0006", "credentialaccess", "CredentialAccess"),
    ("ta0007", "discovery", "Discovery"),
    ("ta0008", "lateralmovement", "LateralMovement"),
    ("ta0009", "collection", "Collection"),
    ("ta0011", "commandandcontrol", "CommandAndControl"),
    ("ta0010", "exfiltration", "Exfiltration"),
    ("ta0040", "impact", "Impact"),
    ("ta0043", "recon", "Reconnaissance"),
    ("ta0112", "defenseimpairment", "DefenseEvasion"),
    ("ta0005", "stealth", "DefenseEvasion"),
];

/// The tactic in "TA0007 - Discovery", "attack.initial-access", "mitre_lateral_movement" or
/// "Defense Evasion".
pub(crate) fn tactic(text: &str) -> Option<&'static str> {
    let lower = text.trim().to_lowercase();
    let bare = ["attack.", "mitre_", "mitre."].iter().find_map(|start| lower.strip_prefix(start)).unwrap_or(&lower);
    let name = normalized(bare);
    let known = |(id, known, _): &&(&str, &str, &str)| name == *known || bare.split([' ', ':']).next() == Some(*id);
    TACTICS.iter().find(known).map(|(_, _, tactic)| *tactic)
}

/// Every technique number in a text: "T1078", "Cloud Accounts (T1078.004)", "attack.t1059.001".
pub(crate) fn techniques_in(text: &str) -> Vec<String> {
    let upper = text.to_uppercase().replace("ATTACK.", " ").replace("MITRE_", " ").replace("MITRE.", " ");
    let parts = upper.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    let parts = parts.map(|part| part.trim_matches('.')).filter(|part| terms::is_technique(part));
    parts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tactic_is_known_in_every_spelling() {
        for text in [
            "TA0006",
            "TA0006 - Credential Access",
            "attack.credential-access",
            "attack.credential_access",
            "mitre_credential_access",
        ] {
            assert_eq!(tactic(text), Some("CredentialAccess"), "{text}");
        }
        assert_eq!(tactic("attack.t1059"), None);
        assert_eq!(tactic(""), None);
    }

    #[test]
    fn techniques_are_found_in_prose() {
        assert_eq!(techniques_in("Cloud Accounts (t1078.004), T1059"), ["T1078.004", "T1059"]);
        assert_eq!(techniques_in("attack.t1003.001"), ["T1003.001"]);
        assert!(techniques_in("attack.execution T10590 TA0001").is_empty());
    }
}
