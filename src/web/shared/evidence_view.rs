//! A piece of evidence as pages show it.

use crate::alerts::overview::Evidence;
use crate::text::humanise;

/// A piece of evidence, ready for templates.
#[derive(Debug, Clone)]
pub struct EvidenceView {
    pub kind: String,
    pub name: String,
    pub roles: String,
    pub verdict: String,
    pub remediation: String,
    pub facts: Vec<(String, String)>,
}

/// Values without information become empty.
pub fn evidence_view(item: Evidence) -> EvidenceView {
    let informative = |value: &str| {
        if matches!(value, "" | "unknown" | "none") { String::new() } else { humanise(value) }
    };
    EvidenceView {
        kind: humanise(&item.kind),
        name: item.name,
        roles: item.roles.iter().map(|role| humanise(role)).collect::<Vec<_>>().join(", "),
        verdict: informative(&item.verdict),
        remediation: informative(&item.remediation),
        facts: item.facts,
    }
}
