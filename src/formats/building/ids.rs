//! What the signature of a network sensor says: Suricata's and Snort's class types and the rule sets' own
//! classes ("ET SCAN ...", "MALWARE-CNC ...") give category, techniques and severity.
//!
//! The words are those of the Emerging Threats rule categories, of Snort's rule categories and of
//! `classification.config`.

use serde_json::Value;

use crate::formats::building::attack;
use crate::formats::building::draft::Draft;
use crate::formats::building::network::{Connection, is_internal};
use crate::formats::building::path::{text_at, texts_at};
use crate::formats::building::severity_scales::{severity_of_priority, severity_of_text};
use crate::formats::building::terms::normalized;
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
    pub from_inside: bool,
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
            from_inside: is_from_inside(connection),
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
        let from_inside = is_from_inside(connection);
        (!signature.is_empty()).then(|| Self { signature, class, priority, from_inside, ..Self::default() })
    }

    /// The signature that a product has made the title of its alert: "ET SCAN ...", "Alert - GPL ICMP ...".
    pub fn of_title(title: &str) -> Option<Self> {
        let start = ["ET ", "ETPRO ", "GPL "].iter().find_map(|set| {
            title.match_indices(set).map(|(start, _)| start).find(|start| {
                let before = title.get(..*start).unwrap_or_default();
                before.is_empty() || before.ends_with(": ") || before.ends_with("- ")
            })
        })?;
        let signature = title.get(start..)?.to_owned();
        Some(Self { signature, ..Self::default() })
    }

    /// Sets the category and adds the techniques, and raises the severity to the sensor's own. Sets no
    /// category where the sensor says no more than that something is suspicious.
    pub fn add_to(&self, draft: &mut Draft) {
        if draft.alert.category.is_empty() {
            draft.set_tactics(&self.tactics);
        }
        if let Some(category) = self.category() {
            draft.set_category_if_empty(category);
        }
        draft.add_techniques(&self.techniques);
        if self.techniques.iter().all(|text| attack::techniques_in(text).is_empty()) {
            let known = self.technique().map(str::to_owned);
            draft.add_techniques(known.as_slice());
        }
        draft.raise_severity(self.severity());
    }

    /// The severity that its priority gives.
    pub fn severity(&self) -> Option<Severity> {
        severity_of_text(&self.priority, severity_of_priority)
    }

    /// The signature's own class counts before the class type: a scan with the class type "Web Application
    /// Attack" is a scan.
    fn category(&self) -> Option<&'static str> {
        let by_type = meaning_of_class(&self.class).map(|(category, _)| category);
        match class_of_signature(&self.signature) {
            Class::Scan => Some("Reconnaissance"),
            Class::Malware => by_type.filter(|found| *found == "CommandAndControl").or(Some("Malware")),
            Class::CommandAndControl => Some("CommandAndControl"),
            Class::Exploit if self.from_inside => Some("LateralMovement"),
            Class::Exploit | Class::WebServer | Class::WebClient | Class::Phishing => Some("InitialAccess"),
            Class::CoinMiner | Class::DenialOfService => Some("Impact"),
            Class::Unwanted => Some("UnwantedSoftware"),
            Class::Policy => by_type.filter(|found| *found == "Impact"),
            Class::Other => by_type,
        }
    }

    fn technique(&self) -> Option<&'static str> {
        let by_type = meaning_of_class(&self.class).map(|(_, technique)| technique).filter(|id| !id.is_empty());
        match class_of_signature(&self.signature) {
            Class::Scan if self.from_inside => Some("T1046"),
            Class::Scan => Some("T1595"),
            Class::CommandAndControl => Some("T1071"),
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

fn is_from_inside(connection: &Connection) -> bool {
    connection.source.is_some_and(is_internal)
}

/// The classes of signatures that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Scan,
    Malware,
    CommandAndControl,
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
    match class.replace('-', "_").as_str() {
        "SCAN" | "INDICATOR_SCAN" => Class::Scan,
        "CNC" | "MALWARE_CNC" | "BOTCC" => Class::CommandAndControl,
        "MALWARE" | "TROJAN" | "MOBILE_MALWARE" | "WORM" | "RANSOMWARE" | "MALWARE_OTHER" | "MALWARE_BACKDOOR"
        | "MALWARE_TOOLS" | "BLACKLIST" => Class::Malware,
        "EXPLOIT" | "SHELLCODE" | "NETBIOS" | "OS_WINDOWS" | "OS_LINUX" => Class::Exploit,
        "WEB_SERVER" | "WEB_SPECIFIC_APPS" | "SQL" | "WEB_MISC" | "WEB_CGI" | "SERVER_WEBAPP" | "SERVER_APACHE"
        | "SERVER_IIS" => Class::WebServer,
        "WEB_CLIENT" | "EXPLOIT_KIT" | "ACTIVEX" | "BROWSER_IE" | "BROWSER_CHROME" => Class::WebClient,
        "PHISHING" => Class::Phishing,
        "COINMINER" => Class::CoinMiner,
        "DOS" | "DDOS" => Class::DenialOfService,
        "ADWARE_PUP" | "PUA_ADWARE" | "PUA_OTHER" => Class::Unwanted,
        "POLICY" | "INFO" | "CHAT" | "GAMES" | "P2P" | "INAPPROPRIATE" | "HUNTING" | "POLICY_OTHER" => Class::Policy,
        _ => Class::Other,
    }
}

/// Whether a title or signature names a scan of the network, or a tool for it.
pub(crate) fn names_a_scan(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words = ["nmap", "masscan", "zmap", "portscan", "port scan", "portsweep", "port sweep", "network scan"];
    words.iter().any(|word| lower.contains(word))
}

/// Classes, normalized, with their category and technique, which is empty where a class has no one technique.
const CLASSES: [(&[&str], &str, &str); 19] = [
    (&["detectionofanetworkscan", "networkscan"], "Reconnaissance", "T1595"),
    (
        &[
            "attemptedinformationleak",
            "attemptedrecon",
            "largescaleinformationleak",
            "informationleak",
            "successfulreconlimited",
            "successfulreconlargescale",
        ],
        "Reconnaissance",
        "",
    ),
    (&["deviceretrievingexternalipaddressdetected", "externalipcheck"], "Discovery", "T1016"),
    (&["decodeofanrpcquery", "rpcportmapdecode"], "Discovery", "T1046"),
    (&["executablecodewasdetected", "shellcodedetect"], "Execution", ""),
    (
        &[
            "anetworktrojanwasdetected",
            "anetworktrojanwasactivitydetected",
            "trojanactivity",
            "targetedmaliciousactivitywasdetected",
            "targetedactivity",
            "knownmaliciousfileorfilebasedexploit",
            "fileformat",
            "asuspiciousfilenamewasdetected",
            "suspiciousfilenamedetect",
        ],
        "Malware",
        "",
    ),
    (
        &[
            "malwarecommandandcontrolactivitydetected",
            "commandandcontrol",
            "knownmalwarecommandandcontroltraffic",
            "malwarecnc",
            "domainobservedusedforc2detected",
            "domainc2",
        ],
        "CommandAndControl",
        "T1071",
    ),
    (
        &[
            "attemptedadministratorprivilegegain",
            "successfuladministratorprivilegegain",
            "attemptedadmin",
            "successfuladmin",
            "attempteduserprivilegegain",
            "successfuluserprivilegegain",
            "unsuccessfuluserprivilegegain",
            "attempteduser",
            "unsuccessfuluser",
            "successfuluser",
        ],
        "PrivilegeEscalation",
        "",
    ),
    (&["webapplicationattack"], "InitialAccess", "T1190"),
    (&["webapplicationactivity", "accesstoapotentiallyvulnerablewebapplication"], "InitialAccess", ""),
    (
        &["exploitkitactivitydetected", "exploitkit", "knownclientsideexploitattempt", "clientsideexploit"],
        "InitialAccess",
        "T1189",
    ),
    (&["socialengineering", "possiblesocialengineeringattempted"], "InitialAccess", "T1566"),
    (&["attempteddenialofservice", "attempteddos", "denialofservice", "successfuldos"], "Impact", "T1499"),
    (&["denialofserviceattack", "detectionofadenialofserviceattack"], "Impact", "T1498"),
    (&["crypocurrencyminingactivitydetected", "cryptocurrencyminingactivitydetected", "coinmining"], "Impact", "T1496"),
    (&["attempttologinbyadefaultusernameandpassword", "defaultloginattempt"], "CredentialAccess", "T1110"),
    (
        &[
            "successfulcredentialtheftdetected",
            "credentialtheft",
            "suspiciouslogin",
            "anattemptedloginusingasuspicioususernamewasdetected",
        ],
        "CredentialAccess",
        "",
    ),
    (&["sensitivedatawastransmittedacrossthenetwork", "sdf"], "Exfiltration", ""),
    (&["possiblyunwantedprogramdetected", "pupactivity"], "UnwantedSoftware", ""),
];

/// Category and technique of a class type, by its long or short name; the technique is empty where the class is
/// too wide for one. Classes that say no more than that something is suspicious have none.
fn meaning_of_class(class: &str) -> Option<(&'static str, &'static str)> {
    let class = normalized(class);
    let (_, category, technique) = CLASSES.iter().find(|(names, ..)| names.contains(&class.as_str()))?;
    Some((category, technique))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nothing() -> Connection {
        Connection::from_record(&Value::Null, &[], &[], [&[], &[]])
    }

    fn category(signature: &str, class: &str) -> Option<&'static str> {
        IdsAlert { signature: signature.into(), class: class.into(), ..IdsAlert::default() }.category()
    }

    #[test]
    fn a_scan_is_reconnaissance_whatever_its_class_type() {
        for class in ["Web Application Attack", "Attempted Denial of Service", "Potentially Bad Traffic", ""] {
            assert_eq!(category("ET SCAN Odd agent", class), Some("Reconnaissance"), "{class}");
            assert_eq!(category("NMAP probe of an OS", class), Some("Reconnaissance"), "{class}");
        }
        assert_eq!(category("ET DOS Odd resets", "Attempted Denial of Service"), Some("Impact"));
    }

    #[test]
    fn a_class_type_has_category_and_technique() {
        for (signature, class, meaning) in [
            ("Odd flood", "Attempted Denial of Service", ("Impact", "T1499")),
            ("Odd flood", "Denial of Service Attack", ("Impact", "T1498")),
            ("ET DOS Odd answers", "Misc activity", ("Impact", "T1498")),
            ("ET COINMINER Odd pool", "Crypto Currency Mining Activity Detected", ("Impact", "T1496")),
            ("ET POLICY Odd pool", "coin-mining", ("Impact", "T1496")),
            ("Odd beacon", "Malware Command and Control Activity Detected", ("CommandAndControl", "T1071")),
            ("ET MALWARE Odd beacon", "domain-c2", ("CommandAndControl", "T1071")),
            ("ET MALWARE Odd beacon", "A Network Trojan was detected", ("Malware", "")),
            ("Odd page", "Web Application Attack", ("InitialAccess", "T1190")),
            ("ET POLICY Odd lookup", "Device Retrieving External IP Address Detected", ("", "")),
            ("Odd lookup", "Device Retrieving External IP Address Detected", ("Discovery", "T1016")),
            ("Odd string", "A suspicious string was detected", ("", "")),
        ] {
            let alert = IdsAlert { signature: signature.into(), class: class.into(), ..IdsAlert::default() };
            let found = (alert.category().unwrap_or_default(), alert.technique().unwrap_or_default());
            assert_eq!(found, meaning, "{signature} / {class}");
        }
    }

    #[test]
    fn a_signature_counts_before_its_class_type() {
        let bad = "Potentially Bad Traffic";
        assert_eq!(
            category("ET MALWARE Beacon", "Malware Command and Control Activity Detected"),
            Some("CommandAndControl")
        );
        assert_eq!(category("ET TROJAN Beacon", bad), Some("Malware"));
        assert_eq!(category("ETPRO CNC Beacon", bad), Some("CommandAndControl"));
        assert_eq!(category("MALWARE-CNC Win.Beacon outbound", bad), Some("CommandAndControl"));
        assert_eq!(category("GPL WEB_SERVER Odd path", bad), Some("InitialAccess"));
        assert_eq!(category("ET POLICY Odd tool", "A Network Trojan was detected"), None);
        assert_eq!(category("ET DNS Odd name", "A Network Trojan was detected"), Some("Malware"));
        assert_eq!(category("Odd name", "Web Application Attack"), Some("InitialAccess"));
        assert_eq!(category("", "Misc activity"), None);
    }

    #[test]
    fn an_exploit_from_inside_is_a_move_within_the_network() {
        let alert = IdsAlert { signature: "ET EXPLOIT Odd call".into(), from_inside: true, ..IdsAlert::default() };
        assert_eq!((alert.category(), alert.technique()), (Some("LateralMovement"), Some("T1210")));
        assert_eq!(category("ET EXPLOIT Odd call", ""), Some("InitialAccess"));
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
        let category = |title: &str| IdsAlert::of_title(title).and_then(|alert| alert.category());
        assert_eq!(category("ET SCAN Odd agent"), Some("Reconnaissance"));
        assert_eq!(category("Sensor: Alert - ETPRO MALWARE Odd beacon"), Some("Malware"));
        assert!(IdsAlert::of_title("FLEET SCAN of hosts").is_none());
        assert!(IdsAlert::of_title("").is_none());
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
