//! The automatic name: `HEAD [including Ransomware] [SCOPE] [reported by multiple sources]`
//!. Pure; the table of real names below is its test.

use crate::model::linking::is_weakness;
use crate::text::{humanise, one_line};

/// Longest name, in characters.
pub const LENGTH_LIMIT: usize = 255;

/// ATT&CK's enterprise tactics in kill-chain order.
const STAGES: [&str; 14] = [
    "Reconnaissance",
    "ResourceDevelopment",
    "InitialAccess",
    "Execution",
    "Persistence",
    "PrivilegeEscalation",
    "DefenseEvasion",
    "CredentialAccess",
    "Discovery",
    "LateralMovement",
    "Collection",
    "CommandAndControl",
    "Exfiltration",
    "Impact",
];

/// What the name is made from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Titles of all alerts, repeats included.
    pub titles: &'a [&'a str],
    /// Distinct categories, in Pascal case.
    pub categories: &'a [String],
    pub devices: i64,
    /// Users, or mailboxes where no user is known.
    pub users: i64,
    /// More than one service or detection source reported.
    pub multiple_sources: bool,
}

/// Where a category stands in the kill chain; other categories come after all stages.
pub fn stage_order(category: &str) -> usize {
    STAGES.iter().position(|stage| stage.eq_ignore_ascii_case(category)).unwrap_or(STAGES.len())
}

/// Whether more than one service or detection source reported. An automated investigation and a
/// person's own alert follow from what another source reported; they are not a second sensor
/// (labelled incidents with one are not named so).
pub fn several_reported(services: &[String], detections: &[String]) -> bool {
    let sensors = detections.iter().filter(|source| !matches!(source.as_str(), "automatedInvestigation" | "manual"));
    services.len() > 1 || sensors.count() > 1
}

/// ATT&CK's tactics in kill-chain order, for drawing the chain.
pub fn stages() -> &'static [&'static str] {
    &STAGES
}

/// Makes the name.
pub fn automatic(facts: &Facts<'_>) -> String {
    let mut titles: Vec<String> = facts.titles.iter().map(|title| tidy(title)).collect();
    titles.sort();
    titles.dedup();
    let several = titles.len() > 1;
    let mut name = match titles.first() {
        Some(only) if !several => only.clone(),
        _ => head(facts.categories),
    };
    if several && has_ransomware(facts, &titles) {
        name.push_str(" including Ransomware");
    }
    name.push_str(match (facts.devices, facts.users) {
        (1, _) => " on one endpoint",
        (2.., _) => " on multiple endpoints",
        (_, 1) => " involving one user",
        (_, 2..) => " involving multiple users",
        _ => "",
    });
    if facts.multiple_sources {
        name.push_str(" reported by multiple sources");
    }
    name.chars().take(LENGTH_LIMIT).collect()
}

/// Adds a title, as far as the automatic name depends on it: two that differ are kept, and one that names
/// ransomware.
pub fn note_title(titles: &mut Vec<String>, title: &str) {
    if titles.iter().any(|known| known == title) {
        return;
    }
    if titles.len() < 2 || (is_ransomware(title) && !titles.iter().any(|known| is_ransomware(known))) {
        titles.push(title.to_owned());
    }
}

fn head(categories: &[String]) -> String {
    let mut stages: Vec<&str> =
        STAGES.into_iter().filter(|stage| categories.iter().any(|c| c.eq_ignore_ascii_case(stage))).collect();
    stages.dedup();
    let others = categories.iter().filter(|c| stage_order(c) == STAGES.len() && !is_ransomware(c));
    // What is weak is no step of an attack.
    let (weaknesses, others): (Vec<&String>, Vec<&String>) = others.partition(|c| is_weakness(c));
    match (stages.as_slice(), others.as_slice()) {
        ([], []) if !weaknesses.is_empty() => format!("{} incident", weakness_words(&weaknesses)),
        ([only], _) => format!("{} incident", humanise(only)),
        ([first, .., last], _) => {
            format!("Multi-stage incident involving {} & {}", humanise(first), humanise(last))
        }
        ([], [only]) => format!("{} incident", humanise(only)),
        _ => "Multi-stage incident".to_owned(),
    }
}

/// "Vulnerability", "Compliance" or "Vulnerability & Compliance".
fn weakness_words(weaknesses: &[&String]) -> String {
    let mut words: Vec<String> = weaknesses.iter().map(|word| humanise(word)).collect();
    words.sort();
    words.dedup();
    words.reverse();
    words.join(" & ")
}

fn is_ransomware(text: &str) -> bool {
    text.to_lowercase().contains("ransom")
}

fn has_ransomware(facts: &Facts<'_>, titles: &[String]) -> bool {
    titles.iter().any(|title| is_ransomware(title)) || facts.categories.iter().any(|c| is_ransomware(c))
}

/// Titles come with trailing blanks and zero-width characters that would make two of one.
fn tidy(title: &str) -> String {
    one_line(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(&'static [&'static str], &'static [&'static str], i64, i64, bool, &'static str);

    const TWO: &[&str] = &["One thing", "Another thing"];

    /// Real names of real incidents, with facts that lead to them.
    const REAL: &[Row] = &[
        Row(TWO, &[], 2, 0, true, "Multi-stage incident on multiple endpoints reported by multiple sources"),
        Row(
            TWO,
            &["Collection", "Discovery"],
            0,
            0,
            true,
            "Multi-stage incident involving Discovery & Collection reported by multiple sources",
        ),
        Row(
            TWO,
            &["InitialAccess", "Execution"],
            1,
            0,
            true,
            "Multi-stage incident involving Initial access & Execution on one endpoint reported by multiple sources",
        ),
        Row(
            TWO,
            &["Discovery", "CommandAndControl"],
            1,
            3,
            false,
            "Multi-stage incident involving Discovery & Command and control on one endpoint",
        ),
        Row(
            &["'Dirtelti' backdoor was prevented"],
            &["Malware"],
            2,
            0,
            false,
            "'Dirtelti' backdoor was prevented on multiple endpoints",
        ),
        Row(
            &["Office process dropped and executed a PE file"; 3],
            &["Execution"],
            3,
            0,
            false,
            "Office process dropped and executed a PE file on multiple endpoints",
        ),
        Row(&["Ransomware activity"], &["Ransomware"], 0, 0, false, "Ransomware activity"),
        Row(
            TWO,
            &["InitialAccess", "CommandAndControl", "Execution"],
            4,
            1,
            true,
            "Multi-stage incident involving Initial access & Command and control on multiple endpoints reported by multiple sources",
        ),
        Row(
            TWO,
            &["Execution", "CommandAndControl"],
            1,
            0,
            false,
            "Multi-stage incident involving Execution & Command and control on one endpoint",
        ),
        Row(TWO, &[], 1, 0, false, "Multi-stage incident on one endpoint"),
        Row(TWO, &[], 0, 1, true, "Multi-stage incident involving one user reported by multiple sources"),
        Row(
            TWO,
            &["InitialAccess", "CredentialAccess"],
            0,
            2,
            false,
            "Multi-stage incident involving Initial access & Credential access involving multiple users",
        ),
        Row(
            TWO,
            &["InitialAccess", "Discovery"],
            0,
            5,
            true,
            "Multi-stage incident involving Initial access & Discovery involving multiple users reported by multiple sources",
        ),
        Row(
            &["Ransomware behavior", "Another"],
            &[],
            2,
            0,
            true,
            "Multi-stage incident including Ransomware on multiple endpoints reported by multiple sources",
        ),
        Row(
            &["File encryption", "Another"],
            &["Persistence", "DefenseEvasion", "Ransomware"],
            1,
            0,
            false,
            "Multi-stage incident involving Persistence & Defense evasion including Ransomware on one endpoint",
        ),
        Row(TWO, &["Execution"], 1, 0, false, "Execution incident on one endpoint"),
        Row(TWO, &["Malware"], 1, 0, false, "Malware incident on one endpoint"),
        Row(TWO, &["Vulnerability", "SuspiciousActivity"], 1, 0, false, "Suspicious activity incident on one endpoint"),
        Row(TWO, &["Vulnerability"], 1, 0, false, "Vulnerability incident on one endpoint"),
        Row(TWO, &["Compliance", "Vulnerability"], 1, 0, false, "Vulnerability & Compliance incident on one endpoint"),
        Row(TWO, &["InitialAccess"], 1, 0, false, "Initial access incident on one endpoint"),
        Row(TWO, &["Exfiltration"], 1, 0, false, "Exfiltration incident on one endpoint"),
        Row(
            TWO,
            &["InitialAccess"],
            2,
            0,
            true,
            "Initial access incident on multiple endpoints reported by multiple sources",
        ),
        Row(TWO, &["Exfiltration"], 0, 1, false, "Exfiltration incident involving one user"),
        Row(TWO, &["LateralMovement"], 0, 1, false, "Lateral movement incident involving one user"),
        Row(TWO, &["SuspiciousActivity"], 0, 1, false, "Suspicious activity incident involving one user"),
        Row(TWO, &["Collection"], 0, 1, true, "Collection incident involving one user reported by multiple sources"),
        Row(TWO, &["SuspiciousActivity"], 0, 0, false, "Suspicious activity incident"),
        Row(&["Atypical travel"], &["InitialAccess"], 0, 1, false, "Atypical travel involving one user"),
        Row(
            &["Multiple failed user log on attempts to an app"],
            &[],
            0,
            1,
            false,
            "Multiple failed user log on attempts to an app involving one user",
        ),
        Row(
            &["'Bearfoos' detected"],
            &["Malware"],
            1,
            0,
            true,
            "'Bearfoos' detected on one endpoint reported by multiple sources",
        ),
        Row(&["Storm-0555 activity group"], &[], 1, 0, false, "Storm-0555 activity group on one endpoint"),
        Row(
            &["Emerging threat activity group Storm-0335 detected"],
            &[],
            1,
            0,
            false,
            "Emerging threat activity group Storm-0335 detected on one endpoint",
        ),
        Row(
            &["Human-operated ransomware attack was launched from a compromised asset (attack disruption)"],
            &["Ransomware"],
            0,
            0,
            false,
            "Human-operated ransomware attack was launched from a compromised asset (attack disruption)",
        ),
        Row(
            TWO,
            &["LateralMovement", "InitialAccess"],
            2,
            2,
            true,
            "Multi-stage incident involving Initial access & Lateral movement on multiple endpoints reported by multiple sources",
        ),
        Row(
            TWO,
            &["Collection", "Execution", "InitialAccess"],
            2,
            1,
            true,
            "Multi-stage incident involving Initial access & Collection on multiple endpoints reported by multiple sources",
        ),
        Row(
            TWO,
            &["DefenseEvasion", "Discovery", "SuspiciousActivity"],
            1,
            1,
            false,
            "Multi-stage incident involving Defense evasion & Discovery on one endpoint",
        ),
        Row(
            TWO,
            &["Execution", "Persistence", "Discovery", "Malware"],
            1,
            1,
            false,
            "Multi-stage incident involving Execution & Discovery on one endpoint",
        ),
    ];

    #[test]
    fn real_names_come_out_of_their_facts() {
        for Row(titles, categories, devices, users, multiple_sources, name) in REAL {
            let categories: Vec<String> = categories.iter().map(|&c| c.to_owned()).collect();
            let facts = Facts {
                titles,
                categories: &categories,
                devices: *devices,
                users: *users,
                multiple_sources: *multiple_sources,
            };
            assert_eq!(automatic(&facts), *name);
        }
    }

    #[test]
    fn invisible_characters_do_not_make_two_titles_of_one() {
        let facts = Facts {
            titles: &["Mail removed after delivery\u{200b} ", "Mail removed after delivery"],
            categories: &[],
            devices: 0,
            users: 1,
            multiple_sources: false,
        };
        assert_eq!(automatic(&facts), "Mail removed after delivery involving one user");
    }
}
