//! The automatic name: `HEAD [including Ransomware] [SCOPE] [reported by multiple sources]`.
//! Pure; the table of real names below is its test.

use crate::model::linking::is_weakness;
use crate::model::titles::{Titles, is_ransomware};
use crate::text::humanise;

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

/// The category of what fits no other.
const SUSPICIOUS: &str = "SuspiciousActivity";

/// What the name is made from.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub titles: &'a Titles,
    /// Distinct categories, in Pascal case.
    pub categories: &'a [String],
    pub devices: i64,
    /// Users, or mailboxes where no user is known.
    pub users: i64,
    /// More than one service or detection source reported.
    pub multiple_sources: bool,
    /// Microsoft's products reported all of it, so that it has the name that they give.
    pub only_microsoft: bool,
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

/// Whether all service sources are products of Microsoft, by Graph's words for them.
pub fn only_microsoft_reported(services: &[String]) -> bool {
    let others = ["azureAdIdentityProtection", "dataLossPrevention"];
    let of_microsoft = |source: &String| source.starts_with("microsoft") || others.contains(&source.as_str());
    !services.is_empty() && services.iter().all(of_microsoft)
}

/// Makes the name. A title that would make it too long is cut, so that the rest of the name stays.
pub fn automatic(facts: &Facts<'_>) -> String {
    let several = facts.titles.are_several();
    let Head { text: head, mut rest } = if several { head(facts) } else { Head::title(facts.titles) };
    if several && has_ransomware(facts) && !is_ransomware(&head) {
        rest.push_str(" including Ransomware");
    }
    rest.push_str(match (facts.devices, facts.users) {
        (1, _) => " on one endpoint",
        (2.., _) => " on multiple endpoints",
        (_, 1) => " involving one user",
        (_, 2..) => " involving multiple users",
        _ => "",
    });
    if facts.multiple_sources {
        rest.push_str(" reported by multiple sources");
    }
    let room = LENGTH_LIMIT.saturating_sub(rest.chars().count());
    head.chars().take(room).chain(rest.chars()).collect()
}

/// What a name begins with: a text, which may be cut, and how many more titles there are.
struct Head {
    text: String,
    rest: String,
}

impl Head {
    fn incident(text: String) -> Self {
        Self { text, rest: String::new() }
    }

    /// "Unusual DNS queries and 3 more"; a title alone where it is the only one.
    fn title(titles: &Titles) -> Self {
        Self { text: titles.most_telling().to_owned(), rest: titles.and_more() }
    }
}

fn head(facts: &Facts<'_>) -> Head {
    let has = |stage: &&str| facts.categories.iter().any(|category| category.eq_ignore_ascii_case(stage));
    let stages: Vec<&str> = STAGES.into_iter().filter(has).collect();
    match stages.as_slice() {
        [] => head_without_stages(facts),
        [only] => Head::incident(format!("{} incident", humanise(only))),
        [first, .., last] => {
            Head::incident(format!("Multi-stage incident involving {} & {}", humanise(first), humanise(last)))
        }
    }
}

/// That something is suspicious says less than a title does. Microsoft's products name such incidents by it all the
/// same, and those whose categories nobody knows "Multi-stage incident"; what they report is called as they call it.
fn head_without_stages(facts: &Facts<'_>) -> Head {
    let others = facts.categories.iter().filter(|category| !is_ransomware(category));
    // What is weak is no step of an attack.
    let (weaknesses, others): (Vec<&String>, Vec<&String>) = others.partition(|category| is_weakness(category));
    match (others.as_slice(), facts.only_microsoft) {
        ([], _) if !weaknesses.is_empty() => Head::incident(format!("{} incident", weakness_words(&weaknesses))),
        ([], true) => Head::incident("Multi-stage incident".to_owned()),
        ([only], of_microsoft) if of_microsoft || !only.eq_ignore_ascii_case(SUSPICIOUS) => {
            Head::incident(format!("{} incident", humanise(only)))
        }
        _ => Head::title(facts.titles),
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

fn has_ransomware(facts: &Facts<'_>) -> bool {
    facts.titles.ransomware || facts.categories.iter().any(|category| is_ransomware(category))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::severity::Severity;
    use crate::model::titles::{AlertTitle, Rarity};

    struct Row(&'static [&'static str], &'static [&'static str], i64, i64, bool, &'static str);

    const TWO: &[&str] = &["One thing", "Another thing"];

    /// Real names of real incidents, with facts that lead to them where Microsoft's products report.
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

    /// Names where another product reports.
    const OTHERS: &[Row] = &[
        Row(TWO, &[], 2, 0, true, "One thing and 1 more on multiple endpoints reported by multiple sources"),
        Row(TWO, &["SuspiciousActivity"], 1, 0, false, "One thing and 1 more on one endpoint"),
        Row(
            &["One.", "Two.", "Three.", "Two"],
            &["SuspiciousActivity"],
            0,
            1,
            false,
            "One and 2 more involving one user",
        ),
        Row(&["IDS event."; 2], &["SuspiciousActivity"], 1, 0, false, "IDS event on one endpoint"),
        Row(TWO, &["Malware"], 1, 0, false, "Malware incident on one endpoint"),
        Row(TWO, &["Malware", "SuspiciousActivity"], 1, 0, false, "One thing and 1 more on one endpoint"),
        Row(TWO, &["Vulnerability"], 1, 0, false, "Vulnerability incident on one endpoint"),
        Row(TWO, &["Vulnerability", "SuspiciousActivity"], 1, 0, false, "One thing and 1 more on one endpoint"),
        Row(TWO, &["Execution", "SuspiciousActivity"], 1, 0, false, "Execution incident on one endpoint"),
        Row(
            TWO,
            &["Execution", "Impact", "SuspiciousActivity"],
            1,
            0,
            false,
            "Multi-stage incident involving Execution & Impact on one endpoint",
        ),
        Row(
            &["Files encrypted", "Ransom note"],
            &[],
            1,
            0,
            false,
            "Files encrypted and 1 more including Ransomware on one endpoint",
        ),
        Row(&["Ransom note", "Files encrypted"], &[], 1, 0, false, "Ransom note and 1 more on one endpoint"),
    ];

    /// Of equal severity and rarity, in order of time.
    fn titles_of(titles: &[&str]) -> Titles {
        let mut noted = Titles::default();
        for (title, first_activity) in titles.iter().zip(0..) {
            noted.note(&AlertTitle { title, severity: Severity::Low, rarity: Rarity::Never, first_activity });
        }
        noted
    }

    #[test]
    fn names_come_out_of_their_facts() {
        let of_microsoft = REAL.iter().map(|row| (row, true));
        for (Row(titles, categories, devices, users, multiple_sources, name), only_microsoft) in
            of_microsoft.chain(OTHERS.iter().map(|row| (row, false)))
        {
            let categories: Vec<String> = categories.iter().map(|&c| c.to_owned()).collect();
            let facts = Facts {
                titles: &titles_of(titles),
                categories: &categories,
                devices: *devices,
                users: *users,
                multiple_sources: *multiple_sources,
                only_microsoft,
            };
            assert_eq!(automatic(&facts), *name);
        }
    }

    #[test]
    fn a_long_title_is_cut_and_the_rest_of_the_name_stays() {
        let long = "Ä".repeat(400);
        let titles = titles_of(&[&long, "Another thing"]);
        let categories = ["SuspiciousActivity".to_owned()];
        let facts = Facts {
            titles: &titles,
            categories: &categories,
            devices: 1,
            users: 0,
            multiple_sources: true,
            only_microsoft: false,
        };
        let name = automatic(&facts);
        assert_eq!(name.chars().count(), LENGTH_LIMIT);
        assert!(name.ends_with("ÄÄ and 1 more on one endpoint reported by multiple sources"), "{name}");
    }

    #[test]
    fn graphs_words_tell_which_products_are_of_microsoft() {
        let only = |services: &[&str]| {
            only_microsoft_reported(&services.iter().map(|&service| service.to_owned()).collect::<Vec<_>>())
        };
        assert!(only(&["microsoftDefenderForEndpoint", "azureAdIdentityProtection", "dataLossPrevention"]));
        assert!(!only(&["microsoftSentinel", "wazuh"]) && !only(&["suricata"]) && !only(&[]));
    }
}
