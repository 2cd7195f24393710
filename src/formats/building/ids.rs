//! What the signature of a network sensor says: Suricata's and Snort's class types and the rule sets' own
//! classes ("ET SCAN ...", "MALWARE-CNC ...") give category, techniques and severity.
//!
//! The words are those of the Emerging Threats rule categories, of Snort's rule categories and of
//! `classification.config`.

use serde_json::Value;

use crate::formats::building::attack;
use crate::formats::building::category_reading::CategoryReading::{self, Clear, Hint};
use crate::formats::building::draft::Draft;
use crate::formats::building::network::Connection;
use crate::formats::building::path::{text_at, texts_at};
use crate::formats::building::severity_scales::{severity_of_priority, severity_of_text};
use crate::formats::building::signature_classes::meaning_of_class;
use crate::model::severity::Severity;

/// The alert of a network sensor.
#[derive(Debug, Default)]
pub(crate) struct IdsAlert {
    pub signature: String,
    /// The class type, by its long or short name.
    pub class: String,
    /// As it is given: 1 is the highest. A word in its place counts too.
    pub priority: String,
    tactics: Vec<String>,
    techniques: Vec<String>,
    /// Whether its source is in the organization's own network.
    from_inside: bool,
    /// Whether it goes from there to somebody else's.
    outwards: bool,
}

impl IdsAlert {
    /// Reads the `alert` object of an EVE record.
    pub fn from_eve(alert: &Value, connection: &Connection) -> Self {
        let both = |paths: [&str; 2]| paths.iter().flat_map(|path| texts_at(alert, path)).collect();
        Self {
            signature: text_at(alert, &["signature"]),
            class: text_at(alert, &["category"]),
            priority: text_at(alert, &["severity"]),
            tactics: both(["metadata.mitre_tactic_id", "metadata.mitre_tactic_name"]),
            techniques: both(["metadata.mitre_technique_id", "metadata.mitre_technique"]),
            ..Self::between(connection)
        }
    }

    /// Reads a line of Snort's and Suricata's `fast.log`:
    /// `[**] [1:1:1] NAME [**] [Classification: CLASS] [Priority: 3] ...`.
    pub fn from_fast_log(line: &str, connection: &Connection) -> Option<Self> {
        let after = line.split_once("[**]")?.1.trim_start();
        let after = after.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(after, |(_, rest)| rest);
        let signature = after.split("[**]").next().unwrap_or_default().trim().to_owned();
        let within = |label: &str| {
            let rest = line.split_once(label)?.1;
            Some(rest.split_once(']')?.0.trim().to_owned())
        };
        let class = within("[Classification:").unwrap_or_default();
        let priority = within("[Priority:").unwrap_or_default();
        (!signature.is_empty()).then(|| Self { signature, class, priority, ..Self::between(connection) })
    }

    /// The signature that a product has made the title of its alert: "ET SCAN ...", "Alert - GPL ICMP ...".
    pub fn of_title(title: &str, connection: &Connection) -> Option<Self> {
        let start = ["ET ", "ETPRO ", "GPL "].iter().find_map(|set| {
            title.match_indices(set).map(|(start, _)| start).find(|start| {
                let before = title.get(..*start).unwrap_or_default();
                before.is_empty() || before.ends_with(": ") || before.ends_with("- ")
            })
        })?;
        let signature = title.get(start..)?.to_owned();
        Some(Self { signature, ..Self::between(connection) })
    }

    fn between(connection: &Connection) -> Self {
        Self { from_inside: connection.is_from_inside(), outwards: connection.is_outwards(), ..Self::default() }
    }

    /// Sets the category and adds the techniques, and raises the severity to the sensor's own. Sets no
    /// category where the sensor says no more than that something is suspicious.
    pub fn add_to(&self, draft: &mut Draft) {
        if draft.alert.category.is_empty() {
            draft.set_tactics(&self.tactics);
        }
        let reading = self.category();
        if let Some(reading) = reading {
            draft.read_category(reading);
        }
        draft.add_techniques(&self.techniques);
        if self.techniques.iter().all(|text| attack::techniques_in(text).is_empty()) {
            let known = self.technique().map(str::to_owned);
            match reading {
                Some(Hint(_)) => draft.add_possible_techniques(known.as_slice()),
                _ => draft.add_techniques(known.as_slice()),
            }
        }
        draft.raise_severity(self.severity());
    }

    /// The severity that its priority gives.
    pub fn severity(&self) -> Option<Severity> {
        severity_of_text(&self.priority, severity_of_priority)
    }

    /// The signature's own class counts before the class type: a scan with the class type "Web Application
    /// Attack" is a scan.
    fn category(&self) -> Option<CategoryReading> {
        let by_type = self.meaning_of_type().map(|(category, _)| category);
        let known = |wanted: &'static str| by_type.filter(|found| *found == Clear(wanted));
        match class_of_signature(&self.signature) {
            Class::Scan => Some(Hint("Reconnaissance")),
            Class::Malware => known("CommandAndControl").or(Some(Clear("Malware"))),
            Class::CommandAndControl => Some(Clear("CommandAndControl")),
            Class::Tor => self.outwards.then_some(Clear("CommandAndControl")),
            // Whoever attacks others from here gets no access here by it.
            Class::Exploit | Class::WebServer if self.outwards => None,
            Class::Exploit if self.from_inside => Some(self.unless_attempt("LateralMovement")),
            Class::Exploit | Class::WebServer | Class::WebClient | Class::Phishing => {
                Some(self.unless_attempt("InitialAccess"))
            }
            Class::CoinMiner => Some(Clear("Impact")),
            Class::DenialOfService => known("Impact").or(Some(Hint("Impact"))),
            Class::Unwanted => Some(Clear("UnwantedSoftware")),
            Class::Policy => known("Impact"),
            Class::Other => by_type,
        }
    }

    /// A tactic, which is only a hint where the signature itself says that it was an attempt, or may be something
    /// else.
    fn unless_attempt(&self, tactic: &'static str) -> CategoryReading {
        let signature = self.signature.to_lowercase();
        let words = ["attempt", "possible", "potential", "probe"];
        if words.iter().any(|word| signature.contains(word)) { Hint(tactic) } else { Clear(tactic) }
    }

    /// What its class type says, unless that is an attack on servers which goes outwards.
    fn meaning_of_type(&self) -> Option<(CategoryReading, &'static str)> {
        let (category, technique) = meaning_of_class(&self.class)?;
        let on_servers = matches!((category, technique), (_, "T1190" | "T1110") | (Hint("InitialAccess"), _));
        (!on_servers || !self.outwards).then_some((category, technique))
    }

    fn technique(&self) -> Option<&'static str> {
        let by_type = self.meaning_of_type().map(|(_, technique)| technique).filter(|id| !id.is_empty());
        match class_of_signature(&self.signature) {
            Class::Scan if self.from_inside => Some("T1046"),
            Class::Scan => Some("T1595"),
            Class::CommandAndControl => Some("T1071"),
            Class::Tor => self.outwards.then_some("T1090.003"),
            Class::Exploit | Class::WebServer if self.outwards => None,
            Class::Exploit if self.from_inside => Some("T1210"),
            Class::Exploit | Class::WebServer => Some("T1190"),
            Class::WebClient => Some("T1189"),
            Class::Phishing => Some("T1566"),
            Class::CoinMiner => Some("T1496"),
            Class::DenialOfService => by_type.filter(|id| *id == "T1499").or(Some("T1498")),
            Class::Malware | Class::Policy => by_type.filter(|id| matches!(*id, "T1071" | "T1496")),
            Class::Unwanted => None,
            Class::Other if self.from_inside && by_type == Some("T1595") => Some("T1046"),
            Class::Other => by_type,
        }
    }
}

/// The classes of signatures that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Scan,
    Malware,
    CommandAndControl,
    /// Traffic of the Tor network.
    Tor,
    Exploit,
    WebServer,
    WebClient,
    Phishing,
    CoinMiner,
    DenialOfService,
    Unwanted,
    /// Against a rule of the organization, but no attack.
    Policy,
    Other,
}

/// The class that a signature begins with.
fn class_of_signature(signature: &str) -> Class {
    let mut words = signature.split_whitespace().map(str::to_uppercase);
    let first = words.next().unwrap_or_default();
    let of_a_set = matches!(first.as_str(), "ET" | "ETPRO" | "GPL");
    let class = if of_a_set { words.next().unwrap_or_default() } else { first };
    if names_a_scan(signature) {
        return Class::Scan;
    }
    let says = |word: &str| signature.to_lowercase().contains(word);
    match class.replace('-', "_").as_str() {
        "SCAN" | "INDICATOR_SCAN" => Class::Scan,
        "CNC" | "MALWARE_CNC" | "BOTCC" => Class::CommandAndControl,
        "TOR" => Class::Tor,
        "MALWARE" | "TROJAN" | "MOBILE_MALWARE" | "WORM" | "RANSOMWARE" | "MALWARE_OTHER" | "MALWARE_BACKDOOR"
        | "MALWARE_TOOLS" | "BLACKLIST" => Class::Malware,
        "EXPLOIT" | "SHELLCODE" | "NETBIOS" | "OS_WINDOWS" | "OS_LINUX" => Class::Exploit,
        "WEB_SERVER" | "WEB_SPECIFIC_APPS" | "SQL" | "WEB_MISC" | "WEB_CGI" | "SERVER_WEBAPP" | "SERVER_APACHE"
        | "SERVER_IIS" => {
            if says("scanner") {
                Class::Scan
            } else {
                Class::WebServer
            }
        }
        "WEB_CLIENT" | "EXPLOIT_KIT" | "ACTIVEX" | "BROWSER_IE" | "BROWSER_CHROME" => Class::WebClient,
        "PHISHING" => Class::Phishing,
        "COINMINER" => Class::CoinMiner,
        "DOS" | "DDOS" => Class::DenialOfService,
        "ADWARE_PUP" | "PUA_ADWARE" | "PUA_OTHER" => Class::Unwanted,
        // A look-up of a name is no traffic of Tor, and one of an odd domain is no malware.
        "POLICY" | "INFO" | "HUNTING" if says(" tor ") && !says("dns query") => Class::Tor,
        "POLICY" | "INFO" | "CHAT" | "GAMES" | "P2P" | "INAPPROPRIATE" | "HUNTING" | "POLICY_OTHER" => Class::Policy,
        "DNS" if says("query") => Class::Policy,
        _ => Class::Other,
    }
}

/// Whether a title or signature names a scan of the network, or a tool for it.
pub(crate) fn names_a_scan(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = ["nmap", "masscan", "zmap", "portscan", "port scan", "portsweep", "port sweep", "network scan"];
    words.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nothing() -> Connection {
        Connection::from_record(&Value::Null, &[], &[], [&[], &[]])
    }

    fn alert(signature: &str, class: &str) -> IdsAlert {
        IdsAlert { signature: signature.into(), class: class.into(), ..IdsAlert::default() }
    }

    fn category(signature: &str, class: &str) -> Option<CategoryReading> {
        alert(signature, class).category()
    }

    #[test]
    fn a_scan_only_suggests_reconnaissance_whatever_its_class_type() {
        for class in ["Web Application Attack", "Attempted Denial of Service", "Potentially Bad Traffic", ""] {
            for signature in ["ET SCAN Odd agent", "NMAP probe of an OS", "ET WEB_SERVER Odd scanner"] {
                assert_eq!(category(signature, class), Some(Hint("Reconnaissance")), "{signature} / {class}");
            }
        }
    }

    #[test]
    fn a_class_type_has_category_and_technique() {
        for (signature, class, meaning) in [
            ("Odd flood", "Attempted Denial of Service", (Some(Hint("Impact")), "T1499")),
            ("Odd flood", "Denial of Service", (Some(Clear("Impact")), "T1499")),
            ("Odd flood", "Denial of Service Attack", (Some(Clear("Impact")), "T1498")),
            ("ET DOS Odd answers", "Misc activity", (Some(Hint("Impact")), "T1498")),
            ("ET DOS Odd resets Attempt", "Attempted Denial of Service", (Some(Hint("Impact")), "T1499")),
            ("ET COINMINER Odd pool", "Crypto Currency Mining Activity Detected", (Some(Clear("Impact")), "T1496")),
            ("ET POLICY Odd pool", "coin-mining", (Some(Clear("Impact")), "T1496")),
            (
                "Odd beacon",
                "Malware Command and Control Activity Detected",
                (Some(Clear("CommandAndControl")), "T1071"),
            ),
            ("ET MALWARE Odd beacon", "domain-c2", (Some(Clear("CommandAndControl")), "T1071")),
            ("ET MALWARE Odd beacon", "A Network Trojan was detected", (Some(Clear("Malware")), "")),
            ("Odd page", "Web Application Attack", (Some(Clear("InitialAccess")), "T1190")),
            ("Odd page", "Web Application Activity", (Some(Hint("InitialAccess")), "")),
            ("Odd login", "default-login-attempt", (Some(Hint("CredentialAccess")), "T1110")),
            ("Odd call", "Attempted Administrator Privilege Gain", (Some(Hint("PrivilegeEscalation")), "")),
            ("Odd shell", "Successful Administrator Privilege Gain", (Some(Clear("PrivilegeEscalation")), "")),
            ("ET POLICY Odd lookup", "Device Retrieving External IP Address Detected", (None, "")),
            ("Odd lookup", "Device Retrieving External IP Address Detected", (Some(Hint("Discovery")), "T1016")),
            ("Odd string", "A suspicious string was detected", (None, "")),
        ] {
            let alert = alert(signature, class);
            assert_eq!((alert.category(), alert.technique().unwrap_or_default()), meaning, "{signature} / {class}");
        }
    }

    #[test]
    fn a_signature_counts_before_its_class_type() {
        let bad = "Potentially Bad Traffic";
        for (signature, class, expected) in [
            ("ET MALWARE Beacon", "Malware Command and Control Activity Detected", Some(Clear("CommandAndControl"))),
            ("ET TROJAN Beacon", bad, Some(Clear("Malware"))),
            ("ETPRO CNC Beacon", bad, Some(Clear("CommandAndControl"))),
            ("MALWARE-CNC Win.Beacon outbound", bad, Some(Clear("CommandAndControl"))),
            ("GPL WEB_SERVER Odd path", bad, Some(Clear("InitialAccess"))),
            ("ET WEB_SERVER Odd path Attempt", "Web Application Attack", Some(Hint("InitialAccess"))),
            ("ET POLICY Odd tool", "A Network Trojan was detected", None),
            ("ET DNS Reply Sinkhole", "A Network Trojan was detected", Some(Clear("Malware"))),
            ("Odd name", "Web Application Attack", Some(Clear("InitialAccess"))),
            ("", "Misc activity", None),
        ] {
            assert_eq!(category(signature, class), expected, "{signature} / {class}");
        }
    }

    #[test]
    fn a_look_up_of_an_odd_domain_suggests_nothing() {
        for class in ["Potentially Bad Traffic", "A Network Trojan was detected", "Misc activity"] {
            for signature in [
                "ET DNS Query to a *.pw domain - Likely Hostile",
                "ET INFO Observed DNS Query to .cloud TLD",
                "ET POLICY DNS Query for TOR Hidden Domain .onion Accessible Via TOR",
            ] {
                let alert = IdsAlert { from_inside: true, outwards: true, ..alert(signature, class) };
                assert_eq!((alert.category(), alert.technique()), (None, None), "{signature} / {class}");
            }
        }
    }

    #[test]
    fn traffic_of_tor_outwards_is_command_and_control() {
        for signature in ["ET TOR Known Tor Relay Node Traffic group 9", "ET POLICY TLS possible TOR SSL traffic"] {
            let inwards = alert(signature, "Misc Attack");
            assert_eq!((inwards.category(), inwards.technique()), (None, None), "{signature}");
            let outwards = IdsAlert { from_inside: true, outwards: true, ..inwards };
            let meaning = (Some(Clear("CommandAndControl")), Some("T1090.003"));
            assert_eq!((outwards.category(), outwards.technique()), meaning, "{signature}");
        }
    }

    #[test]
    fn an_exploit_from_inside_is_a_move_within_the_network() {
        let inside = IdsAlert { from_inside: true, ..alert("ET EXPLOIT Odd call", "") };
        assert_eq!((inside.category(), inside.technique()), (Some(Clear("LateralMovement")), Some("T1210")));
        assert_eq!(category("ET EXPLOIT Odd call", ""), Some(Clear("InitialAccess")));
    }

    #[test]
    fn an_attack_on_others_is_no_access_to_this_network() {
        for (signature, class) in [
            ("ET EXPLOIT Odd call", "Attempted User Privilege Gain"),
            ("ET WEB_SERVER Odd path", "Web Application Attack"),
            ("Odd page", "Web Application Attack"),
            ("Odd login", "default-login-attempt"),
        ] {
            let outwards = IdsAlert { from_inside: true, outwards: true, ..alert(signature, class) };
            assert_eq!((outwards.category(), outwards.technique()), (None, None), "{signature} / {class}");
        }
    }

    #[test]
    fn a_line_of_the_fast_log_has_name_class_and_priority() {
        let line = "03/04/2025-13:55:05  [**] [1:7:1] ET SCAN Odd agent [**] [Classification: Misc activity] [Priority: 2] {TCP} 203.0.113.7:1 -> 10.0.0.5:80";
        let alert = IdsAlert::from_fast_log(line, &nothing()).unwrap_or_default();
        assert_eq!(
            (alert.signature.as_str(), alert.class.as_str(), alert.priority.as_str()),
            ("ET SCAN Odd agent", "Misc activity", "2")
        );
        assert!(IdsAlert::from_fast_log("sshd[1]: Failed password", &nothing()).is_none());
    }

    #[test]
    fn a_title_may_be_a_signature() {
        let found = |title: &str| IdsAlert::of_title(title, &nothing());
        let category = |title: &str| found(title).and_then(|alert| alert.category());
        assert_eq!(category("ET SCAN Odd agent"), Some(Hint("Reconnaissance")));
        assert_eq!(category("Sensor: Alert - ETPRO MALWARE Odd beacon"), Some(Clear("Malware")));
        assert!(found("FLEET SCAN of hosts").is_none());
        assert!(found("").is_none());
    }

    #[test]
    fn the_attack_metadata_of_a_rule_counts_first() {
        let eve = json!({"signature": "ET MALWARE Beacon", "severity": "1", "metadata": {"mitre_tactic_name": ["Command_And_Control"], "mitre_technique_id": ["T1071"]}});
        let mut draft = Draft::new("suricata", "Suricata");
        IdsAlert::from_eve(&eve, &nothing()).add_to(&mut draft);
        assert_eq!(
            (draft.alert.category.as_str(), draft.alert.techniques.join(" ").as_str()),
            ("CommandAndControl", "T1071")
        );
    }
}
