//! Texts as people read them: one line, counts with their nouns, API values in words.

use std::borrow::Cow;
use std::fmt::Display;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// A text in the normal form in which texts are stored and compared (NFC): an accent that follows its letter
/// becomes one character with it, so that what looks the same is the same.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// What a text is compared and looked up by: in lower case and in one normal form.
pub fn folded(text: &str) -> String {
    composed(&composed(text).to_lowercase()).into_owned()
}

/// Whether a character shows nothing by itself, or turns the text around it: zero-width characters,
/// soft hyphens, direction overrides.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A text of one line as people may name things: without invisible characters, blanks single. Empty
/// when nothing of it can be seen.
pub fn one_line(text: &str) -> String {
    let seen: String =
        composed(text).chars().filter(|c| !is_invisible(*c) && (!c.is_control() || c.is_whitespace())).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let blank =
        |c: char| c.is_whitespace() || matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}');
    if line.chars().all(blank) { String::new() } else { line }
}

/// At most so many bytes of the beginning of a text, not ending within a character.
pub fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// The first letters of the first and the last word of a name: DR of Dana Reyes.
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next().unwrap_or('?');
    match letters.next_back() {
        Some(last) => format!("{first}{last}").to_uppercase(),
        None => first.to_uppercase().to_string(),
    }
}

/// A count as people read it: 1,204.
pub fn thousands(count: impl TryInto<i64>) -> String {
    let count = count.try_into().unwrap_or(i64::MAX);
    let digits = count.unsigned_abs().to_string();
    let mut text = String::from(if count < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The size of a file as people read it: "312 bytes", "12 kB", "3.4 MB".
pub fn file_size(bytes: i64) -> String {
    match bytes {
        ..1_000 => counted(bytes, "byte"),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            format!("{}.{} MB", thousands(tenths / 10), tenths % 10)
        }
    }
}

/// What a page shows of a list: "201 to 400 of 1,000". `skipped` come before it, `end` includes them.
pub fn range(skipped: usize, end: usize, total: usize) -> String {
    format!("{} to {} of {}", thousands(skipped + 1), thousands(end), thousands(total))
}

/// A count with its noun: "1 alert", "1,204 alerts". The count is a number, or already a text.
pub fn counted(count: impl Display, noun: &str) -> String {
    let count = count.to_string();
    let noun = plural(&count, noun);
    format!("{count} {noun}")
}

/// The text with a capital letter at the beginning.
pub fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// The noun as it follows a count: "mailbox" after 1, "mailboxes" after any other.
pub fn plural(count: impl Display, noun: &str) -> String {
    match noun.strip_suffix('y').filter(|before| !before.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        _ if count.to_string() == "1" => noun.to_owned(),
        Some(before) => format!("{before}ies"),
        None if noun.ends_with(['x', 's']) => format!("{noun}es"),
        None => format!("{noun}s"),
    }
}

/// "InitialAccess" or "microsoftDefenderForEndpoint" as a person reads it: sentence case, with the
/// products' own spelling where Defender has one.
pub fn humanise(value: &str) -> String {
    if let Some((_, label)) = SOURCES.iter().find(|(key, _)| key.eq_ignore_ascii_case(value)) {
        return (*label).to_owned();
    }
    let mut text = String::with_capacity(value.len() + 4);
    let mut previous_lower = false;
    // "CrowdStrike Falcon" is written as its makers write it.
    let in_words = value.contains(' ');
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        let in_acronym = characters.peek().is_some_and(|next| next.is_uppercase());
        if character.is_uppercase() && previous_lower && in_acronym {
            text.push_str(if text.chars().nth(1).is_none() || in_words { "" } else { " " });
            text.push(character);
        } else if character.is_uppercase() && previous_lower && !in_words {
            text.push(' ');
            text.extend(character.to_lowercase());
        } else if text.is_empty() {
            text.extend(character.to_uppercase());
        } else {
            text.push(character);
        }
        previous_lower = character.is_lowercase();
    }
    text
}

/// A source or product as a person reads it: Graph's and other values in camel case in words, and the name of a
/// product as its maker writes it ("SecureSphere"), which begins with a capital.
pub fn source_label(value: &str) -> String {
    let is_name = value.starts_with(char::is_uppercase) && !has_label(value);
    if is_name { value.to_owned() } else { humanise(value) }
}

/// Whether it is a source that is shown by another name than its own.
pub fn has_label(value: &str) -> bool {
    SOURCES.iter().any(|(key, _)| key.eq_ignore_ascii_case(value))
}

/// Graph's service and detection sources, and other words that are not read letter by letter, as the
/// portal shows them.
const SOURCES: &[(&str, &str)] = &[
    ("microsoftDefenderForEndpoint", "Defender for Endpoint"),
    ("microsoftDefenderForIdentity", "Defender for Identity"),
    ("microsoftDefenderForCloudApps", "Defender for Cloud Apps"),
    ("cloudAppSecurity", "Defender for Cloud Apps"),
    ("microsoftDefenderForOffice365", "Defender for Office 365"),
    ("microsoft365Defender", "Defender XDR"),
    ("azureAdIdentityProtection", "Entra ID Protection"),
    ("microsoftAppGovernance", "App Governance"),
    ("dataLossPrevention", "Data Loss Prevention"),
    ("microsoftDataLossPrevention", "Data Loss Prevention"),
    ("microsoftDefenderForCloud", "Defender for Cloud"),
    ("microsoftSentinel", "Sentinel"),
    ("microsoftInsiderRiskManagement", "Insider Risk Management"),
    ("microsoftThreatIntelligence", "Threat Intelligence"),
    ("microsoftThreatExperts", "Defender Experts"),
    ("azureMonitor", "Azure Monitor"),
    ("guardDuty", "GuardDuty"),
    ("amazonInspector", "Amazon Inspector"),
    ("awsSecurityHub", "AWS Security Hub"),
    ("googleSecurityCommandCenter", "Google Security Command Center"),
    ("prometheusAlertmanager", "Prometheus Alertmanager"),
    ("qradar", "QRadar"),
    ("crowdSec", "CrowdSec"),
    ("cortexXdr", "Cortex XDR"),
    ("sentinelOne", "SentinelOne"),
    ("crowdStrikeFalcon", "CrowdStrike Falcon"),
    ("carbonBlackCloud", "Carbon Black Cloud"),
    ("carbonBlackEdr", "Carbon Black EDR"),
    ("limaCharlie", "LimaCharlie"),
    ("sophosCentral", "Sophos Central"),
    ("sophosXdr", "Sophos XDR"),
    ("trendVisionOne", "Trend Vision One"),
    ("esetProtect", "ESET PROTECT"),
    ("bitdefenderGravityZone", "Bitdefender GravityZone"),
    ("threatDown", "ThreatDown"),
    ("fortiGate", "FortiGate"),
    ("paloAltoFirewall", "Palo Alto firewall"),
    ("ciscoSecureEndpoint", "Cisco Secure Endpoint"),
    ("elasticSecurity", "Elastic Security"),
    ("elasticDefend", "Elastic Defend"),
    ("aminer", "AMiner"),
    ("guide", "GUIDE"),
    ("smartScreen", "SmartScreen"),
    ("customTi", "Custom TI"),
    ("nrtAlerts", "NRT alerts"),
    ("builtInMl", "Built-in ML"),
    ("ip", "IP address"),
    ("url", "URL"),
];

#[cfg(test)]
mod tests {
    use super::{composed, counted, file_size, folded, humanise, one_line, plural, source_label, thousands};

    #[test]
    fn counts_are_read_in_thousands() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_204), "1,204");
        assert_eq!(thousands(-1_234_567), "-1,234,567");
        assert_eq!([0_usize, 999, 20_000].map(thousands), ["0", "999", "20,000"]);
    }

    #[test]
    fn sizes_of_files_are_rounded() {
        let sizes = [0, 1, 999, 1_499, 1_500, 999_499, 1_000_000, 26_214_400, 5_000_000_000].map(file_size);
        let shown = ["0 bytes", "1 byte", "999 bytes", "1 kB", "2 kB", "999 kB", "1.0 MB", "26.2 MB", "5,000.0 MB"];
        assert_eq!(sizes, shown);
    }

    #[test]
    fn one_is_singular_and_every_other_count_plural() {
        assert_eq!(
            [counted(0, "alert"), counted(1, "alert"), counted(2, "alert")],
            ["0 alerts", "1 alert", "2 alerts"]
        );
        assert_eq!(counted(thousands(1_001), "incident"), "1,001 incidents");
        assert_eq!([plural(1, "mailbox"), plural(3, "mailbox")], ["mailbox", "mailboxes"]);
    }

    #[test]
    fn texts_that_look_the_same_are_the_same() {
        assert_eq!(composed("Cafe\u{301}"), "Caf\u{e9}");
        assert_eq!(folded("CAFE\u{301}"), folded("caf\u{e9}"));
        assert_eq!(one_line("e\u{301}"), "\u{e9}");
    }

    #[test]
    fn a_name_is_what_can_be_seen_of_it() {
        assert_eq!(one_line(" a\u{a0} \u{200b}b\u{202e}c "), "a bc");
        assert_eq!(one_line("\u{200b}\u{200d}"), "");
        assert_eq!(one_line("\u{3164} \u{2800}"), "");
    }

    #[test]
    fn tactics_read_in_sentence_case() {
        assert_eq!(humanise("InitialAccess"), "Initial access");
        assert_eq!(humanise("CommandAndControl"), "Command and control");
        assert_eq!(humanise("Malware"), "Malware");
        assert_eq!(humanise("acmeNDR"), "Acme NDR");
        assert_eq!(humanise("pANOS"), "PANOS");
    }

    #[test]
    fn sources_read_as_in_the_portal() {
        assert_eq!(humanise("microsoftDefenderForEndpoint"), "Defender for Endpoint");
        assert_eq!(humanise("antivirus"), "Antivirus");
        assert_eq!(humanise("Wazuh"), "Wazuh");
        assert_eq!(humanise("CrowdStrike Falcon"), "CrowdStrike Falcon");
    }

    #[test]
    fn a_product_is_shown_as_its_maker_writes_it() {
        for (value, shown) in [
            ("PAN-OS", "PAN-OS"),
            ("SecureSphere", "SecureSphere"),
            ("StealthWatch", "StealthWatch"),
            ("Web Shield", "Web Shield"),
            ("wazuh", "Wazuh"),
            ("acmeNdr", "Acme ndr"),
            ("FortiGate", "FortiGate"),
            ("microsoftDefenderForEndpoint", "Defender for Endpoint"),
        ] {
            assert_eq!(source_label(value), shown);
        }
    }
}
