//! Categories as lists have room for them. The whole name stands in the tooltip.

use crate::text::humanise;

/// Tactics and categories whose names are long, as analysts shorten them.
const SHORT: &[(&str, &str)] = &[
    ("Reconnaissance", "Recon"),
    ("ResourceDevelopment", "Resource dev"),
    ("PrivilegeEscalation", "Priv esc"),
    ("DefenseEvasion", "Evasion"),
    ("CredentialAccess", "Credentials"),
    ("LateralMovement", "Lateral"),
    ("CommandAndControl", "C2"),
    ("Exfiltration", "Exfil"),
    ("SuspiciousActivity", "Suspicious"),
    ("UnwantedSoftware", "Unwanted"),
];

/// A category in one or two short words.
pub fn short_label(category: &str) -> String {
    let known = SHORT.iter().find(|(name, _)| name.eq_ignore_ascii_case(category));
    known.map_or_else(|| humanise(category), |(_, short)| (*short).to_owned())
}
