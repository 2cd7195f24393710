//! The values of an incident's alerts and assets that its priority follows from, kept so that they need not
//! be read again. Part of [`Scope`](crate::model::incident::Scope); lists stop where more
//! would not change the score.

use serde::{Deserialize, Serialize};

use crate::model::importance::Importance;
use crate::model::severity::Severity;

/// Techniques and detections that are told apart.
pub const TOLD_APART: usize = 8;
/// Characters of a detection's hash that are kept.
const HASH: usize = 10;

crate::text_enum! {
    /// A high-profile threat; the most important come first.
    pub enum Threat {
        Ransomware = "ransomware" / "ransomware",
        HandsOnKeyboard = "handsOnKeyboard" / "hands-on-keyboard",
        TrackedActor = "trackedActor" / "nation-state actor",
        Destruction = "destruction" / "data destruction",
        MailFraud = "mailFraud" / "business email compromise",
        CredentialTheft = "credentialTheft" / "credential dumping",
        WebShell = "webShell" / "web shell",
    }
}

/// Patterns of titles, and techniques with their sub-techniques, by which a threat is recognised.
const SIGNS: [(Threat, &[&str], &[&str]); 7] = [
    (Threat::Ransomware, &["ransom"], &["T1486"]),
    (
        Threat::HandsOnKeyboard,
        &["hands-on-keyboard", "hands on keyboard", "human-operated", "human operated", "attack disruption"],
        &[],
    ),
    (
        Threat::TrackedActor,
        &["nation-state", "nation state", "activity group", " typhoon", " blizzard", " sandstorm", " sleet"],
        &[],
    ),
    (Threat::Destruction, &["wiper", "data destruction"], &["T1485", "T1561"]),
    (Threat::MailFraud, &["business email compromise", "financial fraud", "bec fraud"], &[]),
    (
        Threat::CredentialTheft,
        &["credential dump", "credentials were dumped", "lsass", "mimikatz", "ntds.dit", "dcsync", "golden ticket"],
        &["T1003", "T1558"],
    ),
    (Threat::WebShell, &["web shell", "webshell"], &["T1505.003"]),
];

/// The asset that matters most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Important {
    pub level: Importance,
    pub name: String,
}

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signals {
    /// Distinct ATT&CK techniques, at most [`TOLD_APART`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub techniques: Vec<String>,
    /// Distinct detections as short hashes, at most [`TOLD_APART`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detections: Vec<String>,
    /// Alerts of high or medium severity.
    pub strong: i64,
    /// In how many other alerts the rarest of its detections was seen lately.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rarest: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threats: Vec<Threat>,
    /// The most important asset that people marked as such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub important: Option<Important>,
    /// Assets marked as of low importance.
    #[serde(skip_serializing_if = "is_zero")]
    pub low: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(count: &i64) -> bool {
    *count == 0
}

/// What of an alert is a signal.
#[derive(Debug, Clone, Copy)]
pub struct AlertSignals<'a> {
    pub title: &'a str,
    pub severity: Severity,
    pub category: &'a str,
    pub techniques: &'a [String],
    /// The hash of its detection.
    pub detection: &'a str,
    /// In how many other alerts its detection was seen lately.
    pub elsewhere: i64,
}

impl Signals {
    /// Takes an alert in.
    pub fn note_alert(&mut self, alert: &AlertSignals<'_>) {
        self.strong += i64::from(alert.severity >= Severity::Medium);
        for technique in alert.techniques {
            if self.techniques.len() < TOLD_APART && !self.techniques.contains(technique) {
                self.techniques.push(technique.clone());
            }
        }
        let detection = alert.detection.get(..HASH).unwrap_or(alert.detection);
        if !self.detections.iter().any(|known| known == detection) {
            if self.detections.len() < TOLD_APART {
                self.detections.push(detection.to_owned());
            }
            // Further ones of a detection are not what it was seen in elsewhere.
            self.rarest = Some(self.rarest.map_or(alert.elsewhere, |known| known.min(alert.elsewhere)));
        }
        self.note_threats(alert);
    }

    fn note_threats(&mut self, alert: &AlertSignals<'_>) {
        let title = alert.title.to_lowercase();
        for (threat, patterns, techniques) in &SIGNS {
            let named = patterns.iter().any(|pattern| title.contains(pattern))
                || techniques.iter().any(|known| alert.techniques.iter().any(|one| is_within(one, known)))
                || (*threat == Threat::Ransomware && alert.category.eq_ignore_ascii_case("ransomware"))
                || (*threat == Threat::TrackedActor && names_actor(&title));
            if named && let Err(place) = self.threats.binary_search(threat) {
                self.threats.insert(place, *threat);
            }
        }
    }

    /// Takes an asset in.
    pub fn note_asset(&mut self, importance: Importance, name: &str) {
        match importance {
            Importance::Normal => {}
            Importance::Low => self.low += 1,
            level if self.important.as_ref().is_none_or(|known| known.level < level) => {
                self.important = Some(Important { level, name: name.to_owned() });
            }
            _ => {}
        }
    }
}

/// Whether a technique is another one or a part of it: T1003.001 is within T1003.
fn is_within(technique: &str, known: &str) -> bool {
    let rest = technique.get(known.len()..);
    technique.starts_with(known) && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// "APT29" and "Storm-0555": groups that somebody follows by number.
fn names_actor(title: &str) -> bool {
    title.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| {
        let number = word.strip_prefix("storm-").or_else(|| word.strip_prefix("apt"));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn threats(title: &str, category: &str, techniques: &[&str]) -> Vec<Threat> {
        let techniques: Vec<String> = techniques.iter().map(|&one| one.to_owned()).collect();
        let mut signals = Signals::default();
        signals.note_alert(&AlertSignals {
            title,
            severity: Severity::Low,
            category,
            techniques: &techniques,
            detection: "00ff",
            elsewhere: 0,
        });
        signals.threats
    }

    #[test]
    fn threats_are_known_by_title_category_and_technique() {
        for (title, category, techniques, expected) in [
            ("Files were encrypted", "Impact", &["T1486"][..], &[Threat::Ransomware][..]),
            ("Ransomware behavior", "", &[], &[Threat::Ransomware]),
            ("Odd files", "Ransomware", &[], &[Threat::Ransomware]),
            ("Storm-0555 activity group", "", &[], &[Threat::TrackedActor]),
            ("APT29 tool seen", "", &[], &[Threat::TrackedActor]),
            ("Apt package manager used", "", &[], &[]),
            ("Storm of events", "", &[], &[]),
            ("Suspicious access to LSASS", "CredentialAccess", &["T1003.001"], &[Threat::CredentialTheft]),
            ("Unusual sign-in", "CredentialAccess", &["T10030"], &[]),
            ("Web server extension", "", &["T1505.003"], &[Threat::WebShell]),
            ("Server component", "", &["T1505"], &[]),
            ("Human-operated ransomware", "", &[], &[Threat::Ransomware, Threat::HandsOnKeyboard]),
        ] {
            assert_eq!(threats(title, category, techniques), expected, "{title}");
        }
    }

    #[test]
    fn repeats_of_a_detection_change_neither_what_is_told_apart_nor_how_rare_it_is() {
        let mut signals = Signals::default();
        let alert = |detection: &'static str, elsewhere| AlertSignals {
            title: "A",
            severity: Severity::High,
            category: "",
            techniques: &[],
            detection,
            elsewhere,
        };
        signals.note_alert(&alert("one", 40));
        signals.note_alert(&alert("one", 0));
        assert_eq!((signals.detections.len(), signals.rarest, signals.strong), (1, Some(40), 2));
        signals.note_alert(&alert("two", 3));
        assert_eq!((signals.detections.len(), signals.rarest), (2, Some(3)));
    }

    #[test]
    fn the_most_important_asset_is_remembered() {
        let mut signals = Signals::default();
        for (level, name) in [
            (Importance::Low, "kiosk"),
            (Importance::High, "mail"),
            (Importance::VeryHigh, "dc"),
            (Importance::High, "web"),
        ] {
            signals.note_asset(level, name);
        }
        assert_eq!(signals.low, 1);
        assert_eq!(signals.important.map(|one| one.name).as_deref(), Some("dc"));
    }
}
